//! Peaks, and ranges with their signals.

use serde_json::{Value, json};

use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::{Multiplet, Peak, PeakClass};

use super::rounding::Rounding;
use crate::ReportedSpectrum;
use crate::labels::{Label, Place};

/// Half of the range around a single line, in widths of the line.
const RANGE: f64 = 4.0;
/// From the width at half height to that between the inflections of a Lorentzian line.
const INFLECTIONS: f64 = 0.577_350_269_189_625_8;
/// What patterns are made of, as Larmor and as NMRium names it, those that begin another name last.
const SPLITTINGS: [(&str, &str); 9] = [
    ("quint", "i"),
    ("sext", "h"),
    ("sept", "p"),
    ("oct", "o"),
    ("non", "n"),
    ("s", "s"),
    ("d", "d"),
    ("t", "t"),
    ("q", "q"),
];

pub(super) fn peaks(spectrum: &ReportedSpectrum, id: &str) -> Vec<Value> {
    let numbered = spectrum.peaks.iter().enumerate();
    let value = |(place, peak): (usize, &Peak)| {
        json!({
            "id": format!("{id}-peak-{}", place + 1),
            "x": five(peak.ppm),
            "y": six(peak.intensity),
            // Hz, as the shape's.
            "width": five(peak.width_hz * INFLECTIONS),
            "shape": {"kind": "lorentzian", "fwhm": five(peak.width_hz)},
            "kind": kind(peak.class, &spectrum.nucleus),
        })
    };
    numbered.map(value).collect()
}

/// Of the multiplets, else one for each line.
pub(super) fn ranges(spectrum: &ReportedSpectrum, id: &str, labels: &[Label]) -> Value {
    let mut ranges = if spectrum.multiplets.is_empty() {
        spectrum.peaks.iter().map(|peak| Range::of_peak(peak, spectrum.frequency_mhz)).collect()
    } else {
        spectrum.multiplets.iter().map(Range::of_multiplet).collect::<Vec<_>>()
    };
    let compound: Vec<usize> =
        (0..ranges.len()).filter(|&number| ranges[number].class == PeakClass::Compound).collect();
    for label in labels.iter().filter(|label| label.nucleus == spectrum.nucleus) {
        let places = compound.iter().map(|&number| ranges[number].place);
        if let Some(shown) = label.signal(places) {
            let range = &mut ranges[compound[shown]];
            range.labels.push(label.name.clone());
            range.atoms += label.atoms.len();
        }
    }
    let own = || compound.iter().map(|&number| &ranges[number]);
    let area: f64 = own().map(|range| range.area).sum();
    let counted: Option<f64> = own().map(|range| range.hydrogens).sum();
    // Where nothing was counted, all together are as many as there are.
    let whole = counted.unwrap_or(compound.len() as f64);
    let scale = if area.abs() > 0.0 { whole / area } else { 1.0 };
    let integration = |range: &Range| match range.hydrogens {
        Some(hydrogens) if counted.is_some() => hydrogens,
        // Areas of 13C do not tell how many carbons there are.
        _ if spectrum.nucleus == Nucleus::Carbon => range.atoms.max(1) as f64,
        _ => scale * range.area,
    };
    let sum: f64 = own().map(integration).sum();
    let values: Vec<Value> = ranges
        .iter()
        .enumerate()
        .map(|(place, range)| {
            let id = format!("{id}-range-{}", place + 1);
            range.value(&id, integration(range), kind(range.class, &spectrum.nucleus))
        })
        .collect();
    json!({
        "values": values,
        "options": {"sum": six(sum), "isSumConstant": true, "sumAuto": false},
    })
}

struct Range {
    place: Place,
    /// Named as NMRium does.
    pattern: String,
    /// Of the parts of the pattern, in its order.
    couplings_hz: Vec<f64>,
    hydrogens: Option<f64>,
    area: f64,
    class: PeakClass,
    labels: Vec<String>,
    /// Behind the labels.
    atoms: usize,
}

impl Range {
    fn of_multiplet(one: &Multiplet) -> Self {
        let (pattern, couplings_hz) = pattern(&one.pattern, &one.couplings_hz);
        Self {
            place: Place { ppm: one.ppm, from_ppm: one.from_ppm, to_ppm: one.to_ppm },
            pattern,
            couplings_hz,
            hydrogens: one.hydrogens,
            area: one.area,
            class: one.class,
            labels: Vec::new(),
            atoms: 0,
        }
    }

    fn of_peak(peak: &Peak, mhz: f64) -> Self {
        let lines = peak.splitting.as_ref().map_or(1, |one| one.lines.max(1));
        let hz = peak.splitting.as_ref().map(|one| one.coupling_hz);
        let name = ["s", "d", "t", "q"].get(usize::from(lines) - 1).unwrap_or(&"m");
        let (pattern, couplings_hz) = pattern(name, hz.as_slice());
        let spread_hz = 0.5 * hz.unwrap_or_default() * f64::from(lines - 1);
        let half = ((RANGE * peak.width_hz + spread_hz) / mhz).abs();
        Self {
            place: Place { ppm: peak.ppm, from_ppm: peak.ppm - half, to_ppm: peak.ppm + half },
            pattern,
            couplings_hz,
            hydrogens: None,
            area: peak.area,
            class: peak.class,
            labels: Vec::new(),
            atoms: 0,
        }
    }

    fn value(&self, id: &str, integration: f64, kind: &str) -> Value {
        let parts = self.pattern.chars().zip(&self.couplings_hz);
        let js: Vec<Value> =
            parts.map(|(part, &hz)| json!({"coupling": five(hz), "multiplicity": part})).collect();
        let mut signal = json!({
            "id": format!("{id}-signal"),
            "delta": five(self.place.ppm),
            "multiplicity": self.pattern,
            "js": js,
            "kind": kind,
        });
        if !self.labels.is_empty() {
            signal["assignment"] = json!(self.labels.join(", "));
        }
        json!({
            "id": id,
            "from": five(self.place.from_ppm),
            "to": five(self.place.to_ppm),
            "absolute": six(self.area),
            "integration": six(integration),
            "signals": [signal],
        })
    }
}

/// A pattern in NMRium's letters, one for each coupling; `m` where it has other parts, or other
/// couplings than parts, which NMRium cannot show.
fn pattern(name: &str, couplings_hz: &[f64]) -> (String, Vec<f64>) {
    let (mut letters, mut rest) = (String::new(), name);
    while let Some((part, letter)) = SPLITTINGS.iter().find(|(part, _)| rest.starts_with(part)) {
        letters.push_str(letter);
        rest = &rest[part.len()..];
    }
    let couplings = if letters == "s" { 0 } else { letters.len() };
    if rest.is_empty() && !letters.is_empty() && couplings == couplings_hz.len() {
        (letters, couplings_hz.to_vec())
    } else {
        ("m".to_owned(), Vec::new())
    }
}

/// NMRium's word for a class.
fn kind(class: PeakClass, nucleus: &Nucleus) -> &'static str {
    match class {
        PeakClass::Compound => "signal",
        PeakClass::Solvent if *nucleus == Nucleus::Carbon => "nmrSolvent",
        PeakClass::Solvent => "residualSolvent",
        PeakClass::Impurity => "impurity",
        PeakClass::Satellite | PeakClass::Sideband | PeakClass::Artifact => "artifact",
    }
}

fn five(value: f64) -> f64 {
    Rounding::to(1e-5).rounded(value)
}

fn six(value: f64) -> f64 {
    Rounding::to(1e-6).rounded(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_a_letter_for_each_coupling() {
        assert_eq!(pattern("septd", &[7.0, 2.0]), ("pd".to_owned(), vec![7.0, 2.0]));
        assert_eq!(pattern("dquint", &[9.0, 7.0]).0, "di");
        assert_eq!(pattern("s", &[]).0, "s");
        for (name, couplings) in
            [("m", &[][..]), ("", &[]), ("br s", &[]), ("dd", &[7.0]), ("d", &[])]
        {
            assert_eq!(pattern(name, couplings), ("m".to_owned(), Vec::new()), "{name}");
        }
    }
}
