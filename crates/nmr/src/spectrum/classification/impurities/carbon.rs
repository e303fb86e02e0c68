//! Impurities in 13C spectra.

use super::known::Known;
use super::{Candidate, Claim};
use crate::spectrum::picking::RawPeak;

/// How far off its place a line lies at most, ppm; carbons without hydrogen move more.
const REACH: f64 = 0.12;
const REACH_BARE: f64 = 0.25;
/// From here on lines of the table are of carbons that may be too weak to be seen, ppm.
const UNSATURATED: f64 = 130.0;
/// Lines of saturated carbons of one impurity have the same height within this factor.
const ALIKE: f64 = 4.0;
/// Lines besides the impurity's that tell how tall those of the compound are.
const LEAST_OTHERS: usize = 4;
/// Share of the middle height of the compound's lines that an impurity of several lines, and one
/// of one line, has at most.
const MOST_SHARE: f64 = 0.3;
const MOST_SHARE_SINGLE: f64 = 0.08;

/// The impurity, where its lines are.
pub(super) fn candidate(
    known: &Known,
    column: usize,
    peaks: &[RawPeak],
    free: &[bool],
) -> Option<Candidate> {
    let places = known.carbons(column)?;
    let mut members = Vec::new();
    let (mut off, mut low, mut high) = (0.0, f64::INFINITY, 0.0f64);
    for &place in &places {
        let bare = place > UNSATURATED;
        let reach = if bare { REACH_BARE } else { REACH };
        let nearest = (0..peaks.len())
            .filter(|&k| free[k] && (peaks[k].ppm - place).abs() < reach && peaks[k].height > 0.0)
            .min_by(|&a, &b| {
                let off = |k: usize| (peaks[k].ppm - place).abs();
                off(a).total_cmp(&off(b))
            });
        let Some(line) = nearest.filter(|line| !members.contains(line)) else {
            // Such a carbon may drown, but not where it is half of what there is.
            if bare && places.len() > 2 {
                continue;
            }
            return None;
        };
        members.push(line);
        if !bare {
            off += (peaks[line].ppm - place).abs();
            low = low.min(peaks[line].height);
            high = high.max(peaks[line].height);
        }
    }
    if high > ALIKE * low || high <= 0.0 {
        return None;
    }
    let tallest = members.iter().map(|&line| peaks[line].height).fold(0.0, f64::max);
    let share = tallest / middle_height(peaks, free, &members)?;
    let off = off / places.iter().filter(|&&place| place <= UNSATURATED).count().max(1) as f64;
    let confidence = match (members.len(), share) {
        (1, share) if share < MOST_SHARE_SINGLE => 0.65 - 1.5 * off,
        (1, share) if share < 2.0 * MOST_SHARE_SINGLE => 0.3,
        (1, _) => return None,
        (_, share) if share < MOST_SHARE => 0.9 - 1.5 * off,
        _ => 0.35,
    };
    Some(Candidate { claim: Claim { name: known.name, confidence }, members })
}

/// Middle height of the lines that are not the impurity's.
fn middle_height(peaks: &[RawPeak], free: &[bool], members: &[usize]) -> Option<f64> {
    let mut others: Vec<f64> = (0..peaks.len())
        .filter(|k| free[*k] && !members.contains(k) && peaks[*k].height > 0.0)
        .map(|k| peaks[k].height)
        .collect();
    if others.len() < LEAST_OTHERS {
        return None;
    }
    let middle = others.len() / 2;
    Some(*others.select_nth_unstable_by(middle, f64::total_cmp).1)
}
