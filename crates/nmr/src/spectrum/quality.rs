//! How far a spectrum can be trusted, by the spectrum alone.

use serde::{Deserialize, Serialize};

use super::referencing::{ReferenceMethod, Referencing};
use super::{Peak, PeakClass};
use crate::fid::{Fid, Nucleus, Origin};

/// A score with what speaks against the spectrum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// From 0 (worthless) to 1 (nothing to complain of).
    pub score: f64,
    /// What lowered the score, the gravest first, in words for the chemist.
    pub reasons: Vec<String>,
}

/// What processing found out on its way.
#[derive(Debug, Clone, Copy)]
pub struct Findings<'a> {
    /// Classed peaks.
    pub peaks: &'a [Peak],
    /// How the axis was put right.
    pub referencing: &'a Referencing,
    /// Median deviation of the lines from the common phase, degrees.
    pub phase_spread_deg: f64,
    /// Lines the phase was found from; `None` when it was given.
    pub phase_lines: Option<usize>,
    /// Root mean square of the baseline that was taken off, over the noise.
    pub baseline_over_noise: f64,
    /// Signal left when the acquisition ended, over that at its start, as the spectrum sees it.
    pub left_at_end: f64,
    /// Typical height on one side of strong lines over that on the other, a fifth up; 1 is even.
    pub asymmetry: f64,
}

impl Quality {
    /// Assesses a spectrum.
    #[must_use]
    pub fn assess(fid: &Fid, findings: &Findings<'_>) -> Self {
        let mut flaws: Vec<(f64, String)> = Vec::new();
        let mut flaw = |weight: f64, reason: String| flaws.push((weight.clamp(0.0, 1.0), reason));
        let compound: Vec<&Peak> =
            findings.peaks.iter().filter(|peak| peak.class == PeakClass::Compound).collect();
        let best = compound.iter().map(|peak| peak.signal_to_noise).fold(0.0, f64::max);
        if compound.is_empty() {
            flaw(0.8, "no lines of a compound: nothing but solvent or noise".to_owned());
        } else {
            if best < 30.0 {
                let weight = 0.6 * (1.0 - best / 40.0);
                flaw(weight, format!("low signal-to-noise: the best line has {best:.0}"));
            }
            // DEPT may rightly show a single carbon, a selective experiment a single line.
            if compound.len() < 3 && !fid.experiment.leaves_lines_out() {
                let (count, line) = match compound.len() {
                    1 => ("one", "line"),
                    _ => ("two", "lines"),
                };
                flaw(0.15, format!("only {count} {line} of the compound"));
            }
        }
        // Editing sequences turn single lines: more is normal there.
        let usual = if fid.experiment.has_both_signs() { 8.0 } else { 4.0 };
        match findings.phase_lines {
            Some(0) => flaw(0.4, "no line was strong enough to find the phase from".to_owned()),
            Some(_) if findings.phase_spread_deg > usual => {
                let spread = findings.phase_spread_deg;
                let reason = format!("lines differ in phase by {spread:.0} degrees");
                flaw(0.03 * (spread - usual) + 0.1, reason);
            }
            _ => {}
        }
        if let Some(width) = middle(compound.iter().map(|peak| peak.width_hz).collect()) {
            let usual = if fid.nucleus == Nucleus::Proton { 4.0 } else { 8.0 };
            if width > usual {
                let reason = format!("broad lines, {width:.1} Hz: shim, exchange or viscosity");
                flaw(0.15 + 0.02 * (width - usual), reason);
            }
        }
        let uneven = findings.asymmetry.max(1.0 / findings.asymmetry.max(1e-3));
        if uneven > 1.5 {
            flaw(0.1 + 0.1 * (uneven - 1.5), "lines lean to one side: poor shim".to_owned());
        }
        if findings.baseline_over_noise > 20.0 {
            let reason = format!(
                "the baseline rolled by {:.0} times the noise before correction",
                findings.baseline_over_noise
            );
            flaw(0.05 * findings.baseline_over_noise.log10() + 0.05, reason);
        }
        if findings.left_at_end > 0.05 {
            let share = 100.0 * findings.left_at_end;
            let reason =
                format!("acquisition ended with {share:.0} % of the signal left: lines ring");
            flaw(0.1 + findings.left_at_end, reason);
        }
        if fid.origin == Origin::Acquired && is_clipped(fid) {
            flaw(0.5, "the receiver overflowed: lower the gain".to_owned());
        }
        if let Some((weight, reason)) = axis_flaw(findings.referencing, &fid.nucleus) {
            flaw(weight, reason);
        }
        flaws.sort_by(|a, b| b.0.total_cmp(&a.0));
        let score = flaws.iter().map(|(weight, _)| 1.0 - weight).product();
        Self { score, reasons: flaws.into_iter().map(|(_, reason)| reason).collect() }
    }

    /// Lowers the score of a spectrum whose acquisition the operator stopped early.
    pub fn halted(&mut self) {
        self.score *= 0.9;
        self.reasons.push("acquisition was stopped early".to_owned());
    }
}

/// What speaks against the axis. A spectrum whose axis may be wrong is never a good one.
fn axis_flaw(referencing: &Referencing, nucleus: &Nucleus) -> Option<(f64, String)> {
    const WEIGHT: f64 = 0.25;
    if referencing.is_sure(nucleus) {
        return None;
    }
    let error = referencing.standard_error_ppm;
    if let Some(rival) = referencing.rivals.first().filter(|_| referencing.confidence < 0.9) {
        let reason = format!(
            "the axis is not sure ({:.0} %): by {} shifts would be {:+.2} ppm from here",
            100.0 * referencing.confidence,
            rival.method.witness(),
            rival.shift_ppm - referencing.shift_ppm,
        );
        return Some((WEIGHT + 0.5 * (0.9 - referencing.confidence), reason));
    }
    let reason = match referencing.method {
        ReferenceMethod::Carrier => {
            format!("no reference line: shifts are as the spectrometer has them, to {error:.2} ppm")
        }
        method if referencing.confidence < 0.9 => format!(
            "the axis is not sure ({:.0} %): nothing but {} tells it",
            100.0 * referencing.confidence,
            method.witness(),
        ),
        method => format!("the axis is known to {error:.2} ppm only, by {}", method.witness()),
    };
    Some((WEIGHT, reason))
}

/// A converter that ran out of range gives its largest value again and again.
fn is_clipped(fid: &Fid) -> bool {
    const LEAST_POINTS: usize = 6;
    let parts = || fid.points.iter().flat_map(|point| [point.re.abs(), point.im.abs()]);
    let largest = parts().fold(0.0, f64::max);
    largest > 0.0
        && parts().filter(|&value| value >= largest * (1.0 - 1e-9)).count() >= LEAST_POINTS
}

/// Height on the right of strong lines over that on the left, in the middle of all, measured by
/// how far a line reaches on either side a fifth up. `tops` are places of strong, single lines.
pub fn asymmetry(real: &[f64], tops: &[usize]) -> f64 {
    let reach = |top: usize, step: isize| {
        let limit = 0.2 * real[top].abs();
        (1..400isize).find(|distance| {
            top.checked_add_signed(step * distance)
                .and_then(|index| real.get(index))
                .is_none_or(|value| value * real[top].signum() < limit)
        })
    };
    let ratios = tops
        .iter()
        .filter_map(|&top| Some(reach(top, 1)? as f64 / reach(top, -1)? as f64))
        .collect();
    middle(ratios).unwrap_or(1.0)
}

fn middle(mut values: Vec<f64>) -> Option<f64> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use num_complex::Complex64;

    use super::*;
    use crate::spectrum::referencing::Rival;

    fn fid() -> Fid {
        let points = (0..1000).map(|t| Complex64::from_polar(1e4 - f64::from(t), 0.3));
        Fid::bare(points.collect(), 20_000.0, 100.0)
    }

    fn peaks(count: usize) -> Vec<Peak> {
        (0..count)
            .map(|i| Peak {
                ppm: 10.0 * i as f64,
                intensity: 1.0,
                width_hz: 1.5,
                area: 1.0,
                signal_to_noise: 100.0,
                class: PeakClass::Compound,
                multiplicity: None,
                errors: None,
                splitting: None,
                substance: None,
            })
            .collect()
    }

    /// Quality after one change to flawless findings.
    fn assessed(
        change_fid: impl Fn(&mut Fid),
        change_peaks: impl Fn(&mut Vec<Peak>),
        change: impl Fn(&mut Findings<'_>, &mut Referencing),
    ) -> Quality {
        let mut fid = fid();
        change_fid(&mut fid);
        let mut peaks = peaks(8);
        change_peaks(&mut peaks);
        let mut referencing = Referencing {
            method: ReferenceMethod::Solvent,
            shift_ppm: 0.0,
            line_ppm: None,
            confidence: 0.99,
            standard_error_ppm: 0.03,
            zero_mhz: 100.0,
            rivals: Vec::new(),
        };
        let flawless = referencing.clone();
        let mut findings = Findings {
            peaks: &peaks,
            referencing: &flawless,
            phase_spread_deg: 1.0,
            phase_lines: Some(8),
            baseline_over_noise: 1.0,
            left_at_end: 0.01,
            asymmetry: 1.0,
        };
        change(&mut findings, &mut referencing);
        Quality::assess(&fid, &Findings { referencing: &referencing, ..findings })
    }

    fn carrier(reference_mhz: f64) -> Referencing {
        Referencing::carrier(&Nucleus::Carbon, reference_mhz)
    }

    fn doubtful(sure: &Referencing) -> Referencing {
        let rival = Rival { method: ReferenceMethod::Tms, shift_ppm: 1.3, probability: 0.4 };
        Referencing { confidence: 0.6, rivals: vec![rival], ..sure.clone() }
    }

    #[test]
    fn an_axis_that_may_be_wrong_makes_no_good_spectrum() {
        for axis in [|r: &Referencing| carrier(r.zero_mhz), doubtful] {
            let quality = assessed(|_| (), |_| (), |_, r| *r = axis(r));
            assert!(quality.score < 0.8, "{quality:?}");
        }
    }

    #[test]
    fn a_good_spectrum_has_no_flaw() {
        let quality = assessed(|_| (), |_| (), |_, _| ());
        assert_eq!((quality.score, quality.reasons.len()), (1.0, 0), "{quality:?}");
    }

    #[test]
    fn each_flaw_lowers_the_score_and_is_named() {
        let same = |_: &mut Fid| ();
        let all = |_: &mut Vec<Peak>| ();
        let none = |_: &mut Findings<'_>, _: &mut Referencing| ();
        let weak = |p: &mut Vec<Peak>| p.iter_mut().for_each(|p| p.signal_to_noise = 8.0);
        let broad = |p: &mut Vec<Peak>| p.iter_mut().for_each(|p| p.width_hz = 20.0);
        let clip = |fid: &mut Fid| fid.points[..9].fill(Complex64::new(3e4, -3e4));
        for (quality, word) in [
            (assessed(same, weak, none), "signal-to-noise"),
            (assessed(same, |p| p.clear(), none), "no lines"),
            (assessed(same, |p| p.truncate(2), none), "only two lines"),
            (assessed(same, all, |f, _| f.phase_spread_deg = 15.0), "phase"),
            (assessed(same, all, |f, _| f.phase_lines = Some(0)), "find the phase"),
            (assessed(same, broad, none), "broad"),
            (assessed(same, all, |f, _| f.asymmetry = 0.5), "lean"),
            (assessed(same, all, |f, _| f.baseline_over_noise = 90.0), "baseline"),
            (assessed(same, all, |f, _| f.left_at_end = 0.2), "ring"),
            (assessed(clip, all, none), "overflowed"),
            (assessed(same, all, |_, r| *r = carrier(r.zero_mhz)), "reference"),
            (assessed(same, all, |_, r| *r = doubtful(r)), "not sure"),
            (assessed(same, all, |_, r| r.standard_error_ppm = 0.3), "known to"),
        ] {
            assert!(quality.score < 1.0 && quality.reasons.len() == 1, "{word}: {quality:?}");
            assert!(quality.reasons[0].contains(word), "{word}: {quality:?}");
        }
        let mut halted = assessed(same, all, none);
        halted.halted();
        assert!(halted.score < 1.0 && halted.reasons[0].contains("stopped"));
    }

    #[test]
    fn a_leaning_line_is_seen() {
        let even: Vec<f64> =
            (0..200).map(|i| 1.0 / (1.0 + ((f64::from(i) - 100.0) / 3.0).powi(2))).collect();
        assert_eq!(asymmetry(&even, &[100]), 1.0);
        let leaning: Vec<f64> = (0..200)
            .map(|i| {
                let x = f64::from(i) - 100.0;
                1.0 / (1.0 + (x / if x > 0.0 { 9.0 } else { 3.0 }).powi(2))
            })
            .collect();
        assert!(asymmetry(&leaning, &[100]) > 2.0);
    }
}
