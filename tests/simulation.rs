//! Drawn spectra against measured ones: the multiplets found in a FID, drawn again, must look
//! like it.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use larmor::fid;
use larmor::spectrum::simulation::{
    Conditions, Coupling, LineShape, ProtonSignal, Window, render_proton, resample_processed,
    to_maximum,
};
use larmor::spectrum::{self, PeakClass, ProcessedSpectrum, ProcessingParameters};

const SAMPLES: [&str; 4] = [
    "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4/10",
    "nmredata/menthol_1D_1H_assigned_J/AN-menthol/10",
    "bruker/strychnine-1h/strychnine/10",
    "bruker/aspirin-1h/1",
];

fn measured(path: &str) -> ProcessedSpectrum {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("third_party/test-data");
    let fid = fid::read(&data.join(path)).unwrap();
    spectrum::process(&fid, &ProcessingParameters::default()).unwrap()
}

/// Signals of the compound's multiplets, lines one by one where no pattern was found.
fn signals(spectrum: &ProcessedSpectrum) -> Vec<ProtonSignal> {
    let compound = spectrum.multiplets.iter().filter(|m| m.class == PeakClass::Compound);
    compound
        .flat_map(|multiplet| {
            let lines: Vec<&spectrum::Peak> =
                multiplet.peaks.iter().map(|&k| &spectrum.peaks[k]).collect();
            let whole: f64 = lines.iter().map(|line| line.area).sum();
            let signal = |ppm, protons, couplings: &[f64]| ProtonSignal {
                ppm,
                protons,
                couplings: couplings
                    .iter()
                    .map(|&hertz| Coupling { hertz, neighbours: 1 })
                    .collect(),
                width_hz: None,
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

#[test]
fn drawn_and_measured_proton_spectra_look_alike() {
    let window = Window::proton(4_096);
    for sample in SAMPLES {
        let spectrum = measured(sample);
        let mut real = resample_processed(&spectrum, &window, true);
        let mut widths: Vec<f64> = spectrum
            .peaks
            .iter()
            .filter(|peak| peak.class == PeakClass::Compound)
            .map(|peak| peak.width_hz)
            .collect();
        widths.sort_by(f64::total_cmp);
        let shape = LineShape { width_hz: widths[widths.len() / 2], gaussian_share: 0.3 };
        let conditions = Conditions { shape, ..Conditions::clean(spectrum.frequency_mhz, 1.0) };
        let mut drawn = render_proton(&signals(&spectrum), &window, &conditions);
        to_maximum(&mut real);
        to_maximum(&mut drawn);
        let dot =
            |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        let cosine = dot(&real, &drawn) / (dot(&real, &real) * dot(&drawn, &drawn)).sqrt();
        assert!(cosine > 0.75, "{sample}: cosine {cosine:.3}");
        for share in [0.01, 0.03, 0.1, 0.3] {
            let (seen, made) = (filled(&real, share), filled(&drawn, share));
            println!(
                "{sample} cosine {cosine:.3} above {share}: {seen:.4} measured, {made:.4} drawn"
            );
        }
    }
}
