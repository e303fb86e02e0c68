//! Time from FID to peaks, and of reading.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use larmor::{fid, spectrum};

fn processing(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("third_party/test-data/nmredata");
    let sample = root.join("arborinine_full_assignments/dj_ca_2017_ernestin_EN4");
    let parameters = spectrum::ProcessingParameters::default();
    for (name, number) in [("1H", "10"), ("13C", "11"), ("DEPT135", "12")] {
        let path = sample.join(number);
        let fid = fid::read(&path).unwrap();
        criterion.bench_function(&format!("process {name}"), |bencher| {
            bencher.iter(|| spectrum::process(black_box(&fid), &parameters).unwrap());
        });
    }
    let path = sample.join("11");
    criterion.bench_function("read 13C", |bencher| bencher.iter(|| fid::read(&path).unwrap()));
    criterion.bench_function("inspect 13C", |bencher| {
        bencher.iter(|| fid::inspect(&path).unwrap());
    });
}

criterion_group!(benches, processing);
criterion_main!(benches);
