//! DEPT, APT and DEPTQ: how many hydrogens a carbon carries.
//!
//! CH and CH3 point up, CH2 down; in APT and DEPTQ carbons without hydrogen point down too, in
//! DEPT they are absent.

use std::borrow::Borrow;

use super::{Multiplicity, Peak, PeakClass};
use crate::fid::Experiment;

/// Peaks of two spectra of one sample agree within this, ppm, once their axes are aligned.
const TOLERANCE: f64 = 0.08;
/// Axes of two spectra may differ by this, ppm.
const MOST_OFFSET: f64 = 3.0;
/// A carbon counts as absent only where a line would stand this far above the noise.
const LEAST_EXPECTED: f64 = 12.0;

/// Lines that are tried in aligning two axes.
const MOST_ALIGNED: usize = 64;

/// Logarithm of the odds from which on the signs of an edited spectrum are believed: 4.5 to 1.
const LEAST_UPRIGHT: f64 = 1.5;

/// Hydrogen counts a carbon may have, one bit each.
type Counts = u8;
const ANY: Counts = 0b1111;
const NONE: Counts = 0b0001;
const ONE: Counts = 0b0010;
const TWO: Counts = 0b0100;
const THREE: Counts = 0b1000;
const ODD: Counts = ONE | THREE;

/// Multiplicities for a plain 13C list from edited spectra of the same sample. What the spectra
/// leave open stays `None`; CH and CH3, which DEPT135 alone does not tell apart, become
/// [`Multiplicity::DQ`] except where only one of them has such a shift.
pub fn edit_multiplicities(carbon: &mut [Peak], edited: &[(Experiment, Vec<Peak>)]) {
    let mut counts = vec![ANY; carbon.len()];
    for (experiment, peaks) in edited {
        let rows = allowed(carbon, *experiment, peaks);
        for (count, row) in counts.iter_mut().zip(rows) {
            *count &= row;
        }
    }
    for (peak, count) in carbon.iter_mut().zip(counts) {
        if peak.class != PeakClass::Compound || count == ANY {
            continue;
        }
        let count = count & possible_at(peak.ppm);
        peak.multiplicity = match count {
            NONE => Some(Multiplicity::S),
            ONE => Some(Multiplicity::D),
            TWO => Some(Multiplicity::T),
            THREE => Some(Multiplicity::Q),
            ODD => Some(Multiplicity::DQ),
            _ => None,
        };
    }
}

/// What one edited spectrum allows for each carbon.
fn allowed(carbon: &[Peak], experiment: Experiment, edited: &[Peak]) -> Vec<Counts> {
    let (up, down, absent) = match experiment {
        Experiment::Dept(90) => (ONE, ONE, NONE | TWO | THREE),
        Experiment::Dept(45) => (ONE | TWO | THREE, ONE | TWO | THREE, NONE),
        Experiment::Dept(_) => (ODD, TWO, NONE),
        Experiment::Apt | Experiment::Deptq => (ODD, NONE | TWO, ANY),
        _ => return vec![ANY; carbon.len()],
    };
    // Where nothing tells which way is up, a sign tells nothing; absence still does.
    let is_signed = !matches!(experiment, Experiment::Dept(90 | 45));
    let unsure = is_signed && odds_upright(experiment, edited) < LEAST_UPRIGHT;
    let (up, down) = if unsure { (up | down, up | down) } else { (up, down) };
    let lines: Vec<&Peak> =
        edited.iter().filter(|peak| peak.class == PeakClass::Compound).collect();
    let offset = offset(carbon, &lines);
    let pairs: Vec<Option<&Peak>> =
        carbon.iter().map(|peak| partner(peak.ppm + offset, &lines)).collect();
    let gain = typical_gain(carbon, &pairs);
    carbon
        .iter()
        .zip(&pairs)
        .map(|(peak, pair)| match (pair, gain) {
            (_, None) => ANY,
            // What is left of a suppressed carbon is far below its share.
            (Some(line), Some(gain))
                if line.signal_to_noise > 0.1 * gain * peak.signal_to_noise =>
            {
                if line.intensity > 0.0 { up } else { down }
            }
            (_, Some(gain)) if gain * peak.signal_to_noise > LEAST_EXPECTED => absent,
            _ => ANY,
        })
        .collect()
}

/// The shift between the two axes that brings most peaks together.
fn offset(carbon: &[Peak], lines: &[&Peak]) -> f64 {
    let mut best = (0usize, 0.0f64);
    let differences = lines
        .iter()
        .take(MOST_ALIGNED)
        .flat_map(|line| carbon.iter().take(MOST_ALIGNED).map(move |peak| line.ppm - peak.ppm))
        .filter(|difference| difference.abs() <= MOST_OFFSET);
    for candidate in std::iter::once(0.0).chain(differences) {
        let matches = lines.iter().filter(|line| partner_of(carbon, line.ppm - candidate)).count();
        if matches > best.0 || (matches == best.0 && candidate.abs() < best.1.abs()) {
            best = (matches, candidate);
        }
    }
    best.1
}

fn partner_of(carbon: &[Peak], ppm: f64) -> bool {
    carbon.iter().any(|peak| (peak.ppm - ppm).abs() < TOLERANCE)
}

fn partner<'a>(ppm: f64, lines: &[&'a Peak]) -> Option<&'a Peak> {
    lines
        .iter()
        .copied()
        .filter(|line| (line.ppm - ppm).abs() < TOLERANCE)
        .min_by(|a, b| (a.ppm - ppm).abs().total_cmp(&(b.ppm - ppm).abs()))
}

/// Signal-to-noise of the edited spectrum over the plain one's, in the middle of all pairs.
fn typical_gain(carbon: &[Peak], pairs: &[Option<&Peak>]) -> Option<f64> {
    let mut gains: Vec<f64> = carbon
        .iter()
        .zip(pairs)
        .filter(|(peak, _)| peak.class == PeakClass::Compound && peak.signal_to_noise > 0.0)
        .filter_map(|(peak, pair)| pair.map(|line| line.signal_to_noise / peak.signal_to_noise))
        .collect();
    if gains.is_empty() {
        return None;
    }
    let middle = gains.len() / 2;
    Some(*gains.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// Hydrogen counts seen at a shift: no methyl beyond 66 ppm, no CH2 beyond 135 ppm, no CH beyond
/// 205 ppm, no bare carbon below 18 ppm.
fn possible_at(ppm: f64) -> Counts {
    let mut counts = ANY;
    if ppm > 66.0 {
        counts &= !THREE;
    }
    if ppm > 135.0 {
        counts &= !TWO;
    }
    if ppm > 205.0 {
        counts &= !ONE;
    }
    if ppm < 18.0 {
        counts &= !NONE;
    }
    counts
}

/// True when a spectrum with lines of both signs should be turned over. An edited one, so that CH
/// and CH3 point up, judged by where each kind of carbon usually lies; the solvent, which has no
/// hydrogen, decides for APT. Overhauser effects, so that the line they come from, the tallest,
/// points down as is the custom: those of small molecules point up. Others, so that most points up.
pub fn is_upside_down(experiment: Experiment, peaks: &[Peak]) -> bool {
    let tallest = || peaks.iter().max_by(|a, b| a.intensity.abs().total_cmp(&b.intensity.abs()));
    match experiment {
        Experiment::SelectiveNoe | Experiment::SelectiveRoe => {
            return tallest().is_some_and(|peak| peak.intensity > 0.0);
        }
        Experiment::Dept(90 | 45) => return points_down(peaks),
        _ if !experiment.is_edited() => return points_down(peaks),
        _ => {}
    }
    odds_upright(experiment, peaks) < 0.0
}

/// Logarithm of the odds that an edited spectrum stands as it should, by where each kind of carbon
/// usually lies.
fn odds_upright<P: Borrow<Peak>>(experiment: Experiment, peaks: &[P]) -> f64 {
    let bare_points_down = matches!(experiment, Experiment::Apt | Experiment::Deptq);
    let odds = peaks.iter().map(Borrow::borrow).filter_map(|peak| {
        let odds = match peak.class {
            PeakClass::Solvent if bare_points_down => -4.0,
            PeakClass::Compound if bare_points_down => odds_with_bare(peak.ppm),
            PeakClass::Compound => odds_without_bare(peak.ppm),
            _ => return None,
        };
        Some(odds * peak.intensity.signum() * peak.intensity.abs().min(1.0).sqrt())
    });
    odds.sum()
}

fn points_down(peaks: &[Peak]) -> bool {
    peaks.iter().map(|peak| peak.intensity).sum::<f64>() < 0.0
}

/// Logarithm of the odds of CH or CH3 against CH2 (DEPT135).
fn odds_without_bare(ppm: f64) -> f64 {
    match ppm {
        p if p < 18.0 => 2.0,
        p if p < 22.5 => 0.8,
        p if p < 26.0 => -0.5,
        p if p < 41.0 => -1.0,
        p if p < 52.0 => 0.3,
        p if p < 58.0 => 1.5,
        p if p < 72.0 => 0.2,
        p if p < 100.0 => 1.5,
        p if p < 118.0 => 1.0,
        _ => 3.0,
    }
}

/// Logarithm of the odds of CH or CH3 against CH2 or C (APT, DEPTQ).
fn odds_with_bare(ppm: f64) -> f64 {
    match ppm {
        p if p < 100.0 => odds_without_bare(ppm),
        p if p < 130.0 => 1.2,
        p if p < 140.0 => -0.3,
        p if p < 185.0 => -2.0,
        _ => -0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peak(ppm: f64, intensity: f64) -> Peak {
        Peak {
            ppm,
            intensity,
            width_hz: 2.0,
            area: intensity,
            signal_to_noise: 200.0 * intensity.abs(),
            class: PeakClass::Compound,
            multiplicity: None,
            errors: None,
            splitting: None,
            substance: None,
        }
    }

    fn plain() -> Vec<Peak> {
        [150.0, 128.0, 60.0, 40.0, 20.0].map(|ppm| peak(ppm, 0.8)).to_vec()
    }

    #[test]
    fn dept135_does_not_tell_ch_from_ch3() {
        let mut carbon = plain();
        // The edited axis is off by 0.5 ppm.
        let dept = vec![peak(128.5, 0.9), peak(60.5, -1.0), peak(40.5, 0.7), peak(20.5, 1.0)];
        edit_multiplicities(&mut carbon, &[(Experiment::Dept(135), dept)]);
        let found: Vec<_> = carbon.iter().map(|peak| peak.multiplicity).collect();
        use Multiplicity::{D, DQ, S, T};
        assert_eq!(found, [Some(S), Some(D), Some(T), Some(DQ), Some(DQ)]);
    }

    #[test]
    fn dept90_tells_the_rest_apart() {
        let mut carbon = plain();
        let both = vec![peak(128.0, 0.9), peak(60.0, -1.0), peak(40.0, 0.7), peak(20.0, 1.0)];
        let ch = vec![peak(128.0, 1.0), peak(40.0, 0.7)];
        edit_multiplicities(
            &mut carbon,
            &[(Experiment::Dept(135), both), (Experiment::Dept(90), ch)],
        );
        use Multiplicity::{D, Q, S, T};
        let found: Vec<_> = carbon.iter().map(|peak| peak.multiplicity).collect();
        assert_eq!(found, [Some(S), Some(D), Some(T), Some(D), Some(Q)]);
    }

    #[test]
    fn weak_carbons_and_empty_spectra_prove_nothing() {
        let mut carbon = plain();
        carbon[0].signal_to_noise = 8.0;
        let dept = vec![peak(128.0, 0.9), peak(60.0, -1.0)];
        edit_multiplicities(&mut carbon, &[(Experiment::Dept(135), dept)]);
        assert_eq!(carbon[0].multiplicity, None);
        let mut carbon = plain();
        edit_multiplicities(&mut carbon, &[(Experiment::Dept(135), vec![])]);
        assert!(carbon.iter().all(|peak| peak.multiplicity.is_none()));
    }

    #[test]
    fn signs_are_not_believed_where_nothing_tells_which_way_is_up() {
        // Both could be CH or CH2 as well as the other.
        let mut carbon = [70.0, 46.0].map(|ppm| peak(ppm, 0.8)).to_vec();
        let dept = vec![peak(70.0, 0.9), peak(46.0, -0.9)];
        edit_multiplicities(&mut carbon, &[(Experiment::Dept(135), dept.clone())]);
        assert!(carbon.iter().all(|peak| peak.multiplicity.is_none()), "{carbon:?}");
        // An aromatic CH tells it of all.
        let mut carbon = [128.0, 70.0, 46.0].map(|ppm| peak(ppm, 0.8)).to_vec();
        let dept: Vec<Peak> = dept.into_iter().chain([peak(128.0, 0.9)]).collect();
        edit_multiplicities(&mut carbon, &[(Experiment::Dept(135), dept)]);
        let found: Vec<_> = carbon.iter().map(|peak| peak.multiplicity).collect();
        use Multiplicity::{D, T};
        assert_eq!(found, [Some(D), Some(D), Some(T)]);
    }

    #[test]
    fn spectra_are_turned_the_right_way_up() {
        let upright = [peak(128.0, 1.0), peak(30.0, -0.8), peak(14.0, 0.9)];
        let over = upright.clone().map(|p| Peak { intensity: -p.intensity, ..p });
        assert!(!is_upside_down(Experiment::Dept(135), &upright));
        assert!(is_upside_down(Experiment::Dept(135), &over));
    }
}
