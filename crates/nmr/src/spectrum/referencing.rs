//! Referencing: the solvent's own lines, else TMS, else the spectrometer's frequencies, put the
//! axis right.

use serde::{Deserialize, Serialize};

use super::picking::RawPeak;
use super::solvent_lines;
use super::solvent_pattern::{self, Match};
use crate::fid::{Experiment, Nucleus, Solvent};
use crate::name::names;

/// A solvent's residual proton, and grease beside it, stay this near to their places, ppm.
const REACH_OF_SOLVENT: f64 = 0.02;

/// What the axis was tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceMethod {
    /// A line of the solvent.
    Solvent,
    /// Tetramethylsilane (or DSS in water) at 0 ppm.
    Tms,
    /// The spectrometer's own frequencies.
    Carrier,
}

names!(ReferenceMethod, "reference", {
    Solvent => "solvent",
    Tms => "tms",
    Carrier => "carrier",
});

/// How the axis was put right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Referencing {
    /// What it was tied to.
    pub method: ReferenceMethod,
    /// Added to every shift, ppm.
    pub shift_ppm: f64,
    /// Where the reference line now stands, ppm.
    pub line_ppm: Option<f64>,
    /// From 0 (a guess) to 1 (beyond doubt).
    pub confidence: f64,
}

impl Referencing {
    /// Nothing but the spectrometer's frequencies.
    #[must_use]
    pub fn carrier() -> Self {
        Self { method: ReferenceMethod::Carrier, shift_ppm: 0.0, line_ppm: None, confidence: 0.3 }
    }
}

/// Finds the reference in a peak list; also tells the solvent it saw.
pub fn find(
    peaks: &[RawPeak],
    nucleus: &Nucleus,
    experiment: Experiment,
    header: Option<Solvent>,
    reference_mhz: f64,
) -> (Referencing, Option<Solvent>) {
    let carbon = *nucleus == Nucleus::Carbon;
    let found = match experiment {
        _ if !carbon => solvent_pattern::in_proton(peaks, header, reference_mhz),
        Experiment::Dept(_) => solvent_pattern::in_dept(peaks, header, reference_mhz)
            .map(|found| Match { score: 0.7 * found.score, ..found }),
        _ => solvent_pattern::in_carbon(peaks, header, reference_mhz),
    };
    let seen = found.map(|found| found.solvent).or(header);
    let tms = tms(peaks, if carbon { 2.5 } else { 0.12 });
    let tms = tms.filter(|tms| carbon || !found.is_some_and(|found| is_grease(peaks, found, *tms)));
    let referencing = match (found.map(by_solvent), tms) {
        (Some(solvent), Some(tms)) => of_two(solvent, tms, carbon),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Referencing::carrier(),
    };
    (referencing, seen)
}

/// In 13C the solvent's multiplet is beyond doubt; in 1H TMS is the better of the two.
fn of_two(solvent: Referencing, tms: Referencing, carbon: bool) -> Referencing {
    let agree = (solvent.shift_ppm - tms.shift_ppm).abs() < if carbon { 0.3 } else { 0.03 };
    match (carbon, agree) {
        (true, true) => Referencing { confidence: 0.99, ..solvent },
        (true, false) => solvent,
        (false, true) => Referencing { confidence: 0.98, ..tms },
        (false, false) => tms,
    }
}

/// Whether the line taken for TMS is silicone grease: it lies where grease does beside the
/// solvent's line, and were it TMS, nothing would be left where that solvent belongs.
fn is_grease(peaks: &[RawPeak], solvent: Match, tms: Referencing) -> bool {
    let Some(grease) = solvent_lines::grease(solvent.solvent) else { return false };
    let apart = solvent.place - solvent.ppm - tms.shift_ppm;
    let missing = peaks.iter().all(|peak| {
        (peak.ppm + tms.shift_ppm - solvent.place).abs() > REACH_OF_SOLVENT
            || peak.height < 0.1 * height_at(peaks, solvent.ppm)
    });
    (apart - grease).abs() < REACH_OF_SOLVENT && missing
}

fn height_at(peaks: &[RawPeak], ppm: f64) -> f64 {
    let nearest = peaks.iter().min_by(|a, b| (a.ppm - ppm).abs().total_cmp(&(b.ppm - ppm).abs()));
    nearest.map_or(0.0, |peak| peak.height)
}

fn by_solvent(found: Match) -> Referencing {
    Referencing {
        method: ReferenceMethod::Solvent,
        shift_ppm: found.place - found.ppm,
        line_ppm: Some(found.place),
        confidence: found.score.clamp(0.0, 0.99),
    }
}

/// A sharp line about 0 ppm with nothing of note below it.
fn tms(peaks: &[RawPeak], window: f64) -> Option<Referencing> {
    let tallest = peaks.iter().map(|peak| peak.height.abs()).fold(0.0, f64::max);
    let mut widths: Vec<f64> = peaks.iter().map(|peak| peak.width_hz).collect();
    let middle = widths.len() / 2;
    if widths.is_empty() {
        return None;
    }
    let usual = *widths.select_nth_unstable_by(middle, f64::total_cmp).1;
    let line = peaks
        .iter()
        .filter(|peak| peak.ppm.abs() < window && peak.height > 0.005 * tallest)
        .filter(|peak| peak.width_hz < 2.0 * usual)
        .max_by(|a, b| a.height.total_cmp(&b.height))?;
    let lowest = peaks
        .iter()
        .filter(|peak| peak.height > 0.3 * line.height)
        .all(|peak| peak.ppm > line.ppm - 0.02);
    // Silicone grease and cyclopropanes lie within reach too: the farther, the less likely TMS.
    let confidence = 0.85 - 0.4 * line.ppm.abs() / window;
    lowest.then_some(Referencing {
        method: ReferenceMethod::Tms,
        shift_ppm: -line.ppm,
        line_ppm: Some(0.0),
        confidence,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peak(ppm: f64, height: f64) -> RawPeak {
        RawPeak { ppm, height, width_hz: 1.0, area: height }
    }

    fn found(peaks: &[RawPeak]) -> Referencing {
        find(peaks, &Nucleus::Proton, Experiment::Plain, Some(Solvent::Chloroform), 600.13).0
    }

    #[test]
    fn silicone_grease_is_not_taken_for_tms() {
        // An operator set grease to zero: chloroform stands at 7.19.
        let greased = [peak(0.0, 10.0), peak(4.02, 80.0), peak(7.191, 12.0)];
        let referencing = found(&greased);
        assert_eq!(referencing.method, ReferenceMethod::Solvent);
        assert!((referencing.shift_ppm - 0.069).abs() < 1e-9, "{referencing:?}");
    }

    #[test]
    fn tms_stays_the_reference_beside_an_aromatic_line_near_the_solvents_place() {
        let with_tms = [peak(0.0, 10.0), peak(4.02, 80.0), peak(7.191, 60.0), peak(7.26, 12.0)];
        let referencing = found(&with_tms);
        assert_eq!(referencing.method, ReferenceMethod::Tms);
        assert!(referencing.shift_ppm.abs() < 1e-9);
    }
}
