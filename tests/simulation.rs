//! Drawn spectra against measured ones: the multiplets found in a FID, drawn again with the widths of
//! their lines, must look like it.
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
                couplings: couplings
                    .iter()
                    .map(|&hertz| Coupling { hertz, neighbours: 1 })
                    .collect(),
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

#[test]
fn drawn_and_measured_proton_spectra_look_alike() {
    // Two hundredths of a ppm: what is compared is where the signal is, not how well it is shimmed.
    let window = Window::proton(601);
    for sample in SAMPLES {
        let spectrum = measured(sample);
        let mut real = resample_processed(&spectrum, &window, false);
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
fn the_solvent_is_cut_out_of_a_measured_spectrum_and_the_compound_is_not() {
    let window = Window::proton(4_096);
    for sample in SAMPLES {
        let spectrum = measured(sample);
        let area = |cut| -> f64 {
            resample_processed(&spectrum, &window, cut).iter().map(|&value| f64::from(value)).sum()
        };
        // Areas are relative to the compound's.
        let (compound, foreign) = spectrum.multiplets.iter().fold((0.0, 0.0), |(own, other), m| {
            if m.class == PeakClass::Compound {
                (own + m.area, other)
            } else {
                (own, other + m.area)
            }
        });
        let (left, expected) = (area(true) / area(false), compound / (compound + foreign));
        assert!((left - expected).abs() < 0.15, "{sample}: {left:.3} left, {expected:.3} expected");
    }
}
