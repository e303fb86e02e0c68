//! What a figure promises: well-formed, nothing lost of the compound, nothing that could run.
#![allow(clippy::unwrap_used)]

use larmor_figure::{Figure, PicturedAtom, SignalAtoms, StructurePicture, View};
use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::{Multiplet, Peak, PeakClass, Substance};
use larmor_nmr::trace::Trace;

fn peak(ppm: f64, class: PeakClass) -> Peak {
    Peak {
        ppm,
        intensity: 0.8,
        width_hz: 1.0,
        area: 0.1,
        signal_to_noise: 100.0,
        class,
        multiplicity: None,
        errors: None,
        splitting: None,
        substance: None,
    }
}

fn doublet(ppm: f64, hydrogens: f64, lines: [usize; 2]) -> Multiplet {
    Multiplet {
        ppm,
        from_ppm: ppm - 0.03,
        to_ppm: ppm + 0.03,
        area: 0.2,
        pattern: "d".to_owned(),
        couplings_hz: vec![8.04],
        class: PeakClass::Compound,
        peaks: lines.to_vec(),
        hydrogens: Some(hydrogens),
    }
}

/// A 1H spectrum of these lines, 500 MHz.
fn trace(peaks: &[Peak]) -> Trace {
    let heights: Vec<f32> = (0..32_768)
        .map(|k| {
            let ppm = -2.0 + f64::from(k) * 0.0005;
            let line = |peak: &Peak| peak.intensity / (1.0 + ((ppm - peak.ppm) / 0.001).powi(2));
            peaks.iter().map(line).sum::<f64>() as f32
        })
        .collect();
    Trace::new(-2.0, 0.0005, 0.001, &heights)
}

fn spectrum() -> (Vec<Peak>, Vec<Multiplet>) {
    let named = Substance { name: "CDCl3".to_owned(), confidence: 1.0 };
    let solvent = Peak { substance: Some(named), ..peak(7.26, PeakClass::Solvent) };
    let peaks = vec![
        peak(2.342, PeakClass::Compound),
        peak(2.358, PeakClass::Compound),
        peak(7.1, PeakClass::Satellite),
        solvent,
        peak(7.492, PeakClass::Compound),
        peak(7.508, PeakClass::Compound),
    ];
    (peaks, vec![doublet(2.35, 3.02, [0, 1]), doublet(7.5, 1.97, [4, 5])])
}

fn draw(view: View, title: &str, structure: Option<&StructurePicture>) -> String {
    let (peaks, multiplets) = spectrum();
    let atoms = [SignalAtoms { ppm: 7.5, names: "H2/H6".to_owned() }];
    Figure {
        title: title.to_owned(),
        subtitle: "sample <1> & more".to_owned(),
        nucleus: &Nucleus::Proton,
        trace: &trace(&peaks),
        peaks: &peaks,
        multiplets: &multiplets,
        atoms: &atoms,
        structure,
        view,
    }
    .svg()
}

fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text()).map(|text| text.trim().to_owned()).collect()
}

#[test]
fn signals_are_written_with_couplings_atoms_and_hydrogens() {
    let texts = texts(&draw(View::Paper, "1H NMR", None));
    for wanted in
        ["2.35 (d, J = 8.0)", "7.50 (d, J = 8.0) H2/H6", "7.26 CDCl3", "3.02", "1.97", "δ / ppm"]
    {
        assert!(texts.iter().any(|text| text == wanted), "{wanted} in {texts:?}");
    }
    // Both doublets are too narrow for the whole axis and are drawn wider.
    for line in ["2.342", "2.358", "7.492", "7.508"] {
        assert!(texts.iter().any(|text| text == line), "{line} in {texts:?}");
    }
}

#[test]
fn a_paper_shows_no_satellites_and_no_empty_axis() {
    let everything = texts(&draw(View::Everything, "", None));
    let paper = texts(&draw(View::Paper, "", None));
    assert!(everything.iter().any(|text| text.contains("satellite")));
    assert!(!paper.iter().any(|text| text.contains("satellite")));
    assert!(everything.iter().any(|text| text == "14") && !paper.iter().any(|text| text == "14"));
}

#[test]
fn names_from_outside_stay_words() {
    let hostile = "\u{1b}[2J\u{0}<script>alert('1')</script> \"&amp;";
    let picture = StructurePicture {
        svg: "<svg width='40' height='30'><path d='M 0 0 L 9 9'/></svg>".to_owned(),
        width: 40.0,
        height: 30.0,
        caption: hostile.to_owned(),
        atoms: vec![PicturedAtom { x: 3.0, y: 4.0, is_written: false }],
    };
    let svg = draw(View::Paper, hostile, Some(&picture));
    assert!(!svg.contains("<script"), "{svg}");
    assert!(texts(&svg).iter().any(|text| text.contains("<script>alert('1')</script> \"&amp;")));
    assert_eq!(svg.matches("<path d='M 0 0").count(), 1);
}

#[test]
fn a_spectrum_of_nothing_is_still_a_figure() {
    let empty = Trace::new(0.0, 0.01, 0.1, &[]);
    let flat = Trace::new(0.0, 0.01, 0.1, &[0.0; 500]);
    for trace in [empty, flat] {
        for nucleus in [Nucleus::Proton, Nucleus::Carbon, Nucleus::Other("19F".to_owned())] {
            let svg = Figure {
                title: String::new(),
                subtitle: String::new(),
                nucleus: &nucleus,
                trace: &trace,
                peaks: &[],
                multiplets: &[],
                atoms: &[],
                structure: None,
                view: View::Paper,
            }
            .svg();
            assert!(roxmltree::Document::parse(&svg).is_ok() && !svg.contains("NaN"), "{svg}");
        }
    }
}
