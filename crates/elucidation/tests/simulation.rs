//! Drawn spectra against measured ones: the multiplets found in a FID, drawn again with the widths of
//! their lines, must look like it.
#![allow(clippy::unwrap_used)]

use larmor_elucidation::DrawnSpectrum;
use larmor_fixtures::test_data;
use larmor_nmr::fid;
use larmor_nmr::spectrum::simulation::{
    Conditions, Coupling, LineShape, ProtonSignal, Window, render_proton, resample, to_maximum,
};
use larmor_nmr::spectrum::{self, PeakClass, ProcessedSpectrum, ProcessingParameters};

const SAMPLES: [&str; 4] = [
    "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4/10",
    "nmredata/menthol_1D_1H_assigned_J/AN-menthol/10",
    "bruker/strychnine-1h/strychnine/10",
    "bruker/aspirin-1h/1",
];

fn measured(path: &str) -> ProcessedSpectrum {
    let fid = fid::read(&test_data(path)).unwrap();
    spectrum::process(&fid, &ProcessingParameters::default()).unwrap()
}

/// Signals of all multiplets, lines one by one where no pattern was found.
fn signals(spectrum: &ProcessedSpectrum) -> Vec<ProtonSignal> {
    let multiplets = spectrum.multiplets.iter();
    multiplets
        .flat_map(|multiplet| {
            let lines: Vec<&spectrum::Peak> =
                multiplet.peaks.iter().map(|&k| &spectrum.peaks[k]).collect();
            let whole: f64 = lines.iter().map(|line| line.area).sum();
            let mut widths: Vec<f64> = lines.iter().map(|line| line.width_hz).collect();
            widths.sort_by(f64::total_cmp);
            let width = widths[widths.len() / 2];
            let signal = |ppm, protons, couplings: &[f64]| ProtonSignal {
                ppm,
                protons,
                couplings: couplings.iter().map(|&hertz| Coupling::first_order(hertz, 1)).collect(),
                width_hz: Some(width),
            };
            if multiplet.pattern == "m" {
                let part = |line: &&spectrum::Peak| {
                    signal(line.ppm, multiplet.area * line.area / whole, &[])
                };
                lines.iter().map(part).collect()
            } else {
                vec![signal(multiplet.ppm, multiplet.area, &multiplet.couplings_hz)]
            }
        })
        .collect()
}

/// Share of points above a share of the largest.
fn filled(trace: &[f32], share: f32) -> f64 {
    trace.iter().filter(|&&value| value > share).count() as f64 / trace.len() as f64
}

/// All of a measured spectrum.
fn whole(spectrum: &ProcessedSpectrum, window: &Window) -> Vec<f32> {
    resample(&spectrum.real, spectrum.first_ppm, spectrum.step_ppm, window)
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn drawn_and_measured_proton_spectra_look_alike() {
    // Two hundredths of a ppm: what is compared is where the signal is, not how well it is shimmed.
    let window = Window::proton(601);
    for sample in SAMPLES {
        let spectrum = measured(sample);
        let mut real = whole(&spectrum, &window);
        let shape = LineShape { width_hz: 1.0, gaussian_share: 0.3 };
        let conditions = Conditions { shape, ..Conditions::clean(spectrum.frequency_mhz, 1.0) };
        let mut drawn = render_proton(&signals(&spectrum), &window, &conditions);
        to_maximum(&mut real);
        to_maximum(&mut drawn);
        let dot =
            |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        let cosine = dot(&real, &drawn) / (dot(&real, &real) * dot(&drawn, &drawn)).sqrt();
        assert!(cosine > 0.95, "{sample}: cosine {cosine:.3}");
        for share in [0.03, 0.1] {
            let (seen, made) = (filled(&real, share), filled(&drawn, share));
            assert!(made < 1.3 * seen && seen < 1.3 * made, "{sample} {share}: {seen} {made}");
        }
    }
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn networks_see_the_lines_of_the_compound_as_they_were_measured_and_no_others() {
    let window = Window::proton(4_096);
    for sample in SAMPLES {
        let spectrum = measured(sample);
        let peaks = &spectrum.peaks;
        let shown = DrawnSpectrum::of(peaks, spectrum.frequency_mhz).unwrap().trace(&window);
        let real = whole(&spectrum, &window);
        let near = |point: usize, compound: bool, reach: f64| {
            peaks.iter().any(|peak| {
                (peak.class == PeakClass::Compound) == compound
                    && (peak.ppm - window.ppm(point)).abs() < reach
            })
        };
        let sum = |trace: &[f32], wanted: &dyn Fn(usize) -> bool| -> f64 {
            (0..trace.len()).filter(|&p| wanted(p)).map(|p| f64::from(trace[p]).max(0.0)).sum()
        };
        // Where nothing but foreign lines stands, far from the feet of the compound's, nothing is.
        let foreign = |point: usize| near(point, false, 0.02) && !near(point, true, 0.1);
        let share = sum(&shown, &foreign) / sum(&shown, &|_| true);
        let there = sum(&real, &foreign) / sum(&real, &|_| true);
        assert!(share < 0.005 && share < 0.6 * there, "{sample}: {share:.4} of {there:.4}");
        // Where the compound stands, the two are alike.
        let own = |trace: &[f32]| -> Vec<f64> {
            (0..trace.len()).filter(|&p| near(p, true, 0.02)).map(|p| f64::from(trace[p])).collect()
        };
        let (a, b) = (own(&shown), own(&real));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let cosine = dot(&a, &b) / (dot(&a, &a) * dot(&b, &b)).sqrt();
        assert!(cosine > 0.9, "{sample}: {cosine:.3}");
    }
}
