//! The signals of each spectrum.

use larmor_nmr::fid::{Experiment, Nucleus};
use larmor_nmr::spectrum::{Multiplet, Multiplicity, Peak, PeakClass, Splitting, multiplet};

use crate::ReportedSpectrum;
use crate::labels::{Label, Place};

/// An integral further than this from a whole number is no number of hydrogens.
const WHOLE: f64 = 0.35;

/// Tags, without their common beginning, and lines of spectra; those of one name are numbered.
pub(super) fn tags(spectra: &[ReportedSpectrum], labels: &[Label]) -> Vec<(String, Vec<String>)> {
    let mut names: Vec<String> = Vec::new();
    let mut tags = Vec::new();
    for spectrum in spectra {
        let Some(name) = tag(spectrum) else { continue };
        names.push(name.clone());
        let number = names.iter().filter(|other| **other == name).count();
        let tag = if number == 1 { name } else { format!("{name}#{number}") };
        tags.push((tag, lines(spectrum, labels)));
    }
    tags
}

/// `1D_1H` and the like; `None` of what is no spectrum of one dimension.
fn tag(spectrum: &ReportedSpectrum) -> Option<String> {
    let nucleus = spectrum.nucleus.to_string();
    if nucleus.is_empty() || !nucleus.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    match spectrum.experiment {
        Experiment::MultiDimensional | Experiment::Relaxation => None,
        Experiment::SelectiveNoe | Experiment::SelectiveRoe => {
            Some(format!("1D_{nucleus}_D_{nucleus}"))
        }
        Experiment::SelectiveTocsy => Some(format!("1D_{nucleus}_TJ_{nucleus}")),
        _ => Some(format!("1D_{nucleus}")),
    }
}

fn lines(spectrum: &ReportedSpectrum, labels: &[Label]) -> Vec<String> {
    let mut lines = vec![
        format!("Larmor={}", spectrum.frequency_mhz),
        // The line may not be left out; the files of the spectrometer are not part of a record.
        "Spectrum_Location=none".to_owned(),
    ];
    let is_carbon = spectrum.nucleus == Nucleus::Carbon;
    let decoupled = match spectrum.experiment {
        Experiment::PureShift => true,
        experiment => is_carbon && experiment != Experiment::Coupled,
    };
    if decoupled {
        lines.push("Decoupled=1H".to_owned());
    }
    match spectrum.experiment {
        Experiment::Plain => {}
        Experiment::SelectiveNoe => lines.push("CorType=NOESY".to_owned()),
        Experiment::SelectiveRoe => lines.push("CorType=ROESY".to_owned()),
        Experiment::SelectiveTocsy => lines.push("CorType=TOCSY".to_owned()),
        other => lines.push(format!("Sequence={other}")),
    }
    let mut signals = if spectrum.multiplets.is_empty() {
        peaks(spectrum)
    } else {
        multiplets(&spectrum.multiplets)
    };
    signals.sort_by(|a, b| b.place.ppm.total_cmp(&a.place.ppm));
    for label in labels.iter().filter(|label| label.nucleus == spectrum.nucleus) {
        if let Some(number) = label.signal(signals.iter().map(|signal| signal.place)) {
            signals[number].labels.push(&label.name);
        }
    }
    lines.extend(signals.iter().map(Signal::line));
    lines
}

/// A signal with its attributes, which are written in the order that the format wants.
struct Signal<'a> {
    place: Place,
    shape: Option<String>,
    couplings_hz: Vec<f64>,
    hydrogens: Option<u32>,
    labels: Vec<&'a str>,
    integral: Option<f64>,
    intensity: Option<f64>,
    width_hz: Option<f64>,
}

impl Signal<'_> {
    fn line(&self) -> String {
        // A range with a sign in it could be read in two ways.
        let Place { ppm, from_ppm, to_ppm } = self.place;
        let is_range = self.shape.as_deref() == Some("m") && from_ppm >= 0.0 && to_ppm > from_ppm;
        let mut line =
            if is_range { format!("{to_ppm:.4}-{from_ppm:.4}") } else { format!("{ppm:.4}") };
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                line.push_str(&format!(", {name}={value}"));
            }
        };
        put("S", self.shape.clone());
        let couplings: Vec<String> =
            self.couplings_hz.iter().map(|hz| format!("{hz:.2}")).collect();
        put("J", Some(couplings.join(",")).filter(|all| !all.is_empty()));
        put("N", self.hydrogens.map(|number| number.to_string()));
        put("L", Some(self.labels.join(", ")).filter(|all| !all.is_empty()));
        put("E", self.integral.map(|value| format!("{value:.4}")));
        put("I", self.intensity.map(|value| format!("{value:.4}")));
        put("W", self.width_hz.map(|value| format!("{value:.2}")));
        line
    }
}

/// Of the compound. Integrals are hydrogens where they were counted, else shares of the whole.
fn multiplets<'a>(multiplets: &[Multiplet]) -> Vec<Signal<'a>> {
    let compound = multiplet::of_compound(multiplets);
    let are_counted = compound.iter().all(|one| one.hydrogens.is_some());
    let signal = |one: &Multiplet| Signal {
        place: Place { ppm: one.ppm, from_ppm: one.from_ppm, to_ppm: one.to_ppm },
        shape: Some(shape(&one.pattern)),
        couplings_hz: one.couplings_hz.clone(),
        hydrogens: one.hydrogens.and_then(whole),
        labels: Vec::new(),
        integral: if are_counted { one.hydrogens } else { Some(one.area) },
        intensity: None,
        width_hz: None,
    };
    compound.into_iter().map(signal).collect()
}

/// A pattern in the words of the format.
fn shape(pattern: &str) -> String {
    if pattern.is_empty() { "m".to_owned() } else { pattern.replace("sept", "hept") }
}

fn peaks<'a>(spectrum: &ReportedSpectrum) -> Vec<Signal<'a>> {
    let compound = spectrum.peaks.iter().filter(|peak| peak.class == PeakClass::Compound);
    let signal = |peak: &Peak| Signal {
        place: Place { ppm: peak.ppm, from_ppm: peak.ppm, to_ppm: peak.ppm },
        shape: peak.splitting.as_ref().map(|one| pattern(one).to_owned()),
        couplings_hz: peak.splitting.iter().map(|one| one.coupling_hz).collect(),
        hydrogens: peak.multiplicity.and_then(hydrogens),
        labels: Vec::new(),
        integral: None,
        intensity: Some(peak.intensity),
        width_hz: Some(peak.width_hz),
    };
    compound.map(signal).collect()
}

fn pattern(splitting: &Splitting) -> &'static str {
    match splitting.lines {
        2 => "d",
        3 => "t",
        4 => "q",
        5 => "quint",
        7 => "hept",
        _ => "m",
    }
}

fn hydrogens(multiplicity: Multiplicity) -> Option<u32> {
    (0..4).find(|&count| Multiplicity::from_hydrogens(count) == Some(multiplicity)).map(u32::from)
}

fn whole(measured: f64) -> Option<u32> {
    let whole = measured.round();
    let is_whole = (1.0..1e4).contains(&whole) && (measured - whole).abs() <= WHOLE;
    // Within the range that was asked for nothing is cut off.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    is_whole.then_some(whole as u32)
}
