//! Impurities in 1H spectra.

use super::known::{Known, Signal};
use super::{Candidate, Claim, signals};
use crate::spectrum::picking::RawPeak;

/// How far off its place a signal lies at most, ppm.
const REACH: f64 = 0.03;
/// The same for an impurity of a single line.
const REACH_SINGLE: f64 = 0.015;
/// Lines of a multiplet stand at their distances within this, Hz...
const SAME_PLACE: f64 = 0.8;
/// ...and have their heights within this factor.
const SAME_HEIGHT: f64 = 1.7;
/// Areas of an impurity's signals agree with its hydrogens within this factor, those of what is no
/// first-order multiplet within the other.
const SAME_AREA: f64 = 1.8;
const SAME_AREA_BROAD: f64 = 2.5;
/// Lines farther apart belong to different signals, Hz.
const GAP: f64 = 18.0;
/// Signals of the compound that tell what a hydrogen's area is.
const LEAST_SIGNALS: usize = 3;
/// Signals below this share of the largest tell nothing of the compound.
const TRACE: f64 = 0.02;
/// In a mixture of so many lines no compound sets a scale.
const MOST_LINES: usize = 250;

/// An impurity's signal where it was found.
struct Found {
    members: Vec<usize>,
    /// Area of one hydrogen.
    per_hydrogen: f64,
    area: f64,
    off_ppm: f64,
}

/// The impurity, where its lines are.
pub(super) fn candidate(
    known: &Known,
    column: usize,
    peaks: &[RawPeak],
    free: &[bool],
    reference_mhz: f64,
) -> Option<Candidate> {
    let shown = Lines { peaks, free, reference_mhz };
    let (mut resolved, mut broad) = (Vec::new(), Vec::new());
    for (signal, ppm) in known.protons(column)? {
        if signal.lines == 0 {
            broad.push(shown.hump(signal, ppm)?);
        } else {
            resolved.push(shown.multiplet(signal, ppm)?);
        }
    }
    let range = |all: &[Found]| {
        let low = all.iter().map(|one| one.per_hydrogen).fold(f64::INFINITY, f64::min);
        let high = all.iter().map(|one| one.per_hydrogen).fold(0.0, f64::max);
        (low, high)
    };
    let (low, high) = range(&resolved);
    let (low_broad, high_broad) = range(&broad);
    let alike =
        high <= SAME_AREA * low && high_broad.max(high) <= SAME_AREA_BROAD * low_broad.min(low);
    if !alike {
        return None;
    }
    let all = || resolved.iter().chain(&broad);
    let members: Vec<usize> = all().flat_map(|found| found.members.iter().copied()).collect();
    // No line stands for two kinds of protons.
    if members.iter().enumerate().any(|(k, member)| members[..k].contains(member)) {
        return None;
    }
    let per_hydrogen = all().map(|found| found.per_hydrogen).sum::<f64>() / all().count() as f64;
    let largest = all().map(|found| found.area).fold(0.0, f64::max);
    let off = all().map(|found| found.off_ppm).sum::<f64>() / all().count() as f64;
    let unit = shown.hydrogen(&members);
    let confidence = match (resolved.as_slice(), unit) {
        // Where nothing is resolved, much else looks the same.
        ([], Some(unit)) if per_hydrogen < 0.2 * unit => 0.4,
        ([], _) => return None,
        ([one], unit) if broad.is_empty() && one.members.len() <= 2 => {
            let unit = unit?;
            // Less than half a hydrogen cannot be the compound's.
            match per_hydrogen / unit {
                share if share < 0.2 && largest < 0.5 * unit && off < REACH_SINGLE => {
                    0.7 - 8.0 * off
                }
                share if share < 0.4 => 0.3,
                _ => return None,
            }
        }
        (_, Some(unit)) if per_hydrogen < 0.35 * unit => 0.95 - 6.0 * off,
        _ => 0.4,
    };
    Some(Candidate { claim: Claim { name: known.name, confidence }, members })
}

struct Lines<'a> {
    peaks: &'a [RawPeak],
    free: &'a [bool],
    reference_mhz: f64,
}

impl Lines<'_> {
    fn near(&self, ppm: f64, reach_ppm: f64) -> impl Iterator<Item = usize> {
        let first = self.peaks.partition_point(|peak| peak.ppm < ppm - reach_ppm);
        let last = self.peaks.partition_point(|peak| peak.ppm <= ppm + reach_ppm);
        (first..last.max(first)).filter(|&k| self.free[k] && self.peaks[k].height > 0.0)
    }

    /// The multiplet nearest to its place.
    fn multiplet(&self, signal: &Signal, place: f64) -> Option<Found> {
        let pattern = signal.pattern();
        let tallest = pattern.iter().map(|line| line.1).fold(0.0, f64::max);
        let anchor = *pattern.iter().find(|line| line.1 >= tallest)?;
        let offset = anchor.0 * signal.hz / self.reference_mhz;
        self.near(place + offset, REACH)
            .filter_map(|k| {
                let centre = self.peaks[k].ppm - offset;
                let members = self.lines(signal, centre, self.peaks[k].height / anchor.1)?;
                self.is_apart(signal, centre, &members).then_some(())?;
                let width = members.iter().map(|&k| self.peaks[k].width_hz).sum::<f64>()
                    / members.len() as f64;
                let heights: f64 = members.iter().map(|&k| self.peaks[k].height).sum();
                let area = heights * width * std::f64::consts::FRAC_PI_2;
                Some(Found {
                    members,
                    per_hydrogen: area / f64::from(signal.hydrogens),
                    area,
                    off_ppm: (centre - place).abs(),
                })
            })
            .min_by(|a, b| a.off_ppm.total_cmp(&b.off_ppm))
    }

    /// The lines of a multiplet about `centre`, one of relative height 1 being so tall.
    fn lines(&self, signal: &Signal, centre: f64, height: f64) -> Option<Vec<usize>> {
        let mut members = Vec::new();
        for &(offset, share) in signal.pattern() {
            let place = centre + offset * signal.hz / self.reference_mhz;
            let fits = |k: &usize| {
                let ratio = self.peaks[*k].height / (share * height);
                (1.0 / SAME_HEIGHT..=SAME_HEIGHT).contains(&ratio) && !members.contains(k)
            };
            let nearest =
                self.near(place, SAME_PLACE / self.reference_mhz).filter(fits).min_by(|&a, &b| {
                    let off = |k: usize| (self.peaks[k].ppm - place).abs();
                    off(a).total_cmp(&off(b))
                });
            match nearest {
                Some(line) => members.push(line),
                // The outermost lines of a septet drown.
                None if signal.lines == 7 && share <= 1.0 => {}
                None => return None,
            }
        }
        Some(members)
    }

    /// Whether nothing of the multiplet's size stands among its lines or a coupling beside them.
    fn is_apart(&self, signal: &Signal, centre: f64, members: &[usize]) -> bool {
        let half_span = f64::from(signal.lines - 1) / 2.0 * signal.hz;
        let tallest = members.iter().map(|&k| self.peaks[k].height).fold(0.0, f64::max);
        let reach = (half_span + if signal.lines == 1 { 16.0 } else { 5.0 }) / self.reference_mhz;
        self.near(centre, reach).all(|k| {
            let share = self.peaks[k].height / tallest;
            members.contains(&k) || share < if signal.lines == 1 { 0.15 } else { 0.4 }
        })
    }

    /// All lines about the place of what is no first-order multiplet.
    fn hump(&self, signal: &Signal, place: f64) -> Option<Found> {
        let reach = signal.hz / 2.0 / self.reference_mhz + REACH;
        let members: Vec<usize> = self.near(place, reach).collect();
        let area: f64 = members.iter().map(|&k| self.peaks[k].area).sum();
        let weighted: f64 = members.iter().map(|&k| self.peaks[k].area * self.peaks[k].ppm).sum();
        let off_ppm = (weighted / area - place).abs();
        (!members.is_empty() && off_ppm < REACH).then(|| Found {
            per_hydrogen: area / f64::from(signal.hydrogens),
            area,
            off_ppm,
            members,
        })
    }

    /// Area of one hydrogen of the compound: that of its smaller signals.
    fn hydrogen(&self, members: &[usize]) -> Option<f64> {
        let others: Vec<RawPeak> = (0..self.peaks.len())
            .filter(|k| self.free[*k] && !members.contains(k))
            .map(|k| self.peaks[k])
            .collect();
        if others.len() > MOST_LINES {
            return None;
        }
        let mut areas: Vec<f64> = signals(&others, GAP, self.reference_mhz)
            .into_iter()
            .map(|signal| others[signal].iter().map(|peak| peak.area.max(0.0)).sum())
            .collect();
        let largest = areas.iter().copied().fold(0.0, f64::max);
        areas.retain(|&area| area > TRACE * largest);
        areas.sort_by(f64::total_cmp);
        (areas.len() >= LEAST_SIGNALS).then(|| areas[areas.len() / 4])
    }
}
