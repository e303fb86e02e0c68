//! Time from files to peaks: reading, each step, the whole, and beside them what no processing can
//! do without (a transformation, a baseline solve), so that ratios hold on any machine.
//!
//! `cargo bench --bench processing -- --processor-time PATH...` measures datasets the way
//! `deploy/bench/nmrglue.sh` measures nmrglue.
#![allow(clippy::unwrap_used, missing_docs)]

mod processor_time;

use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion};
use larmor_nmr::spectrum::{
    Axis, ProcessingParameters, apodization, baseline, noise, phase, picking, positivity,
    transform, whittaker,
};
use larmor_nmr::{fid, spectrum};
use num_complex::Complex64;

/// One dataset of each kind: 32,768 complex points, and the crowded ones of all test data.
const DATASETS: [(&str, &str); 5] = [
    ("1H", "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4/10"),
    ("13C", "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4/11"),
    ("DEPT135", "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4/12"),
    ("1H strychnine", "bruker/strychnine-1h/strychnine/10"),
    ("1H cyclosporin", "bruker/cyclosporin_1h/cyclosporin_1h/1"),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--processor-time") {
        return processor_time::measure(&arguments[at + 1..]);
    }
    let mut criterion = Criterion::default().configure_from_args();
    floors(&mut criterion);
    for (name, path) in DATASETS {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../third_party/test-data");
        whole(&mut criterion, name, &root.join(path));
    }
    for (name, path) in &DATASETS[..2] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../third_party/test-data");
        steps(&mut criterion, name, &root.join(path));
    }
    criterion.final_summary();
}

/// What any processing needs at least.
fn floors(criterion: &mut Criterion) {
    const LENGTH: usize = 1 << 17;
    let mut group = criterion.benchmark_group("floor");
    let points: Vec<Complex64> =
        (0..LENGTH).map(|i| Complex64::from_polar(1.0, (i * i % 8191) as f64)).collect();
    let plan = rustfft::FftPlanner::new().plan_fft_forward(LENGTH);
    let mut scratch = vec![Complex64::ZERO; plan.get_inplace_scratch_len()];
    let mut buffer = points.clone();
    group.bench_function("transform 128k, double precision", |bencher| {
        bencher.iter(|| plan.process_with_scratch(black_box(&mut buffer), &mut scratch));
    });
    let plan = rustfft::FftPlanner::new().plan_fft_forward(LENGTH);
    let mut scratch = vec![num_complex::Complex32::ZERO; plan.get_inplace_scratch_len()];
    let mut buffer: Vec<num_complex::Complex32> =
        points.iter().map(|p| num_complex::Complex32::new(p.re as f32, p.im as f32)).collect();
    group.bench_function("transform 128k, single precision", |bencher| {
        bencher.iter(|| plan.process_with_scratch(black_box(&mut buffer), &mut scratch));
    });
    for (name, length) in [("128k", LENGTH), ("2k", 2048)] {
        let values: Vec<f64> = points[..length].iter().map(|point| point.re).collect();
        let weights = vec![1.0; length];
        group.bench_function(format!("Whittaker solve {name}"), |bencher| {
            bencher.iter(|| whittaker::smooth(black_box(&values), &weights, 1e5));
        });
    }
}

/// Looking at a dataset, reading it, and all of processing.
fn whole(criterion: &mut Criterion, name: &str, path: &Path) {
    let mut group = criterion.benchmark_group(name);
    group.bench_function("inspect", |bencher| bencher.iter(|| fid::inspect(path).unwrap()));
    group.bench_function("read and decode", |bencher| bencher.iter(|| fid::read(path).unwrap()));
    let fid = fid::read(path).unwrap();
    let parameters = ProcessingParameters::default();
    group.bench_function("process", |bencher| {
        bencher.iter(|| spectrum::process(black_box(&fid), &parameters).unwrap());
    });
}

/// Each step on what the step before it made.
fn steps(criterion: &mut Criterion, name: &str, path: &Path) {
    let mut group = criterion.benchmark_group(format!("{name} steps"));
    let fid = fid::read(path).unwrap();
    let apodized = || {
        let shape = apodization::Apodization::Exponential;
        apodization::apply(&fid.points, shape, fid.sweep_width_hz, fid.group_delay, 0.3)
    };
    group.bench_function("apodization", |bencher| bencher.iter(apodized));
    let length = 2 * fid.points.len().next_power_of_two();
    group.bench_function("transform", |bencher| {
        bencher.iter_batched(
            apodized,
            |points| transform::spectrum(points, length),
            BatchSize::LargeInput,
        );
    });
    let mut points = transform::spectrum(apodized(), length);
    group.bench_function("group delay", |bencher| {
        let mut points = points.clone();
        bencher.iter(|| transform::remove_group_delay(black_box(&mut points), fid.group_delay));
    });
    transform::remove_group_delay(&mut points, fid.group_delay);
    let real = |points: &[Complex64]| points.iter().map(|point| point.re).collect::<Vec<f64>>();
    let unphased = real(&points);
    group.bench_function("noise", |bencher| {
        bencher.iter(|| noise::standard_deviation(black_box(&unphased)));
    });
    let level = noise::standard_deviation(&unphased);
    group.bench_function("phase", |bencher| {
        bencher.iter(|| phase::automatic(black_box(&points), level, false));
    });
    let found = phase::automatic(&points, level, false);
    transform::rotate(&mut points, found.zero, found.first);
    if fid.nucleus == fid::Nucleus::Proton {
        group.bench_function("positivity", |bencher| {
            bencher.iter(|| positivity::refine(black_box(&points), level));
        });
    }
    let mut phased = real(&points);
    group.bench_function("baseline", |bencher| {
        bencher.iter_batched(
            || phased.clone(),
            |mut real| baseline::correct(&mut real, 1e5, false),
            BatchSize::LargeInput,
        );
    });
    baseline::correct(&mut phased, 1e5, false);
    let axis = Axis::new(fid.carrier_mhz, fid.reference_mhz, fid.sweep_width_hz, length);
    group.bench_function("picking", |bencher| {
        bencher.iter(|| picking::pick(black_box(&phased), &axis, 6.0 * level, false));
    });
}
