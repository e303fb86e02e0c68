//! Lines that tower above a whole spectrum: a solvent with its hydrogens.
//!
//! Such a line sets no scale for those of the sample.

use super::{Claim, Classed, ClassificationContext, impurities};
use crate::fid::{Nucleus, Solvent};
use crate::spectrum::peak::PeakClass;
use crate::spectrum::picking::RawPeak;
use crate::spectrum::solvent_lines;

/// How far above the largest of all others the least of them stands.
const GAP: f64 = 20.0;
/// The same for what has no name in the table.
const GAP_WITHOUT_NAME: f64 = 50.0;
/// A solvent has so many signals at most.
const MOST_SIGNALS: usize = 4;
/// Signals besides, each well above the noise, that are the sample's.
const LEAST_OTHERS: usize = 4;
const WELL_ABOVE_NOISE: f64 = 10.0;
/// Lines closer than this are of one signal, Hz.
const SIGNAL_GAP: f64 = 25.0;
/// Satellites, sidebands and feet stand within this distance, Hz, and have this share at most.
const COMPANION_HZ: f64 = 130.0;
const COMPANION_SHARE: f64 = 0.015;
/// How far off its place a named solvent's line is at most; undiluted it moves, ppm.
const REACH_CARBON: f64 = 1.0;
const REACH_PROTON: f64 = 0.1;
/// Where water is, ppm.
const WATER: std::ops::Range<f64> = 4.4..5.2;

/// How far much of a compound moves the deuterated solvent's line, ppm.
const MOVED_CARBON: f64 = 0.6;
const MOVED_PROTON: f64 = 0.1;

/// Lines that tower above all others.
pub(super) struct Giants {
    /// Their places.
    pub lines: Vec<usize>,
    /// Where their signals are, ppm.
    centres: Vec<f64>,
    /// By how much the least of them is larger than the largest other signal.
    gap: f64,
}

/// Classes the giants among the compound's lines as solvent.
pub(super) fn mark(
    peaks: &[RawPeak],
    classed: &mut [Classed],
    context: &ClassificationContext<'_>,
) {
    let free: Vec<bool> = classed.iter().map(|one| one.class == PeakClass::Compound).collect();
    let Some(giants) = find(peaks, &free, context) else { return };
    // Beside a deuterated solvent that shows itself they are a compound of which there is much.
    let seen = classed.iter().any(|one| one.class == PeakClass::Solvent);
    if seen || shows_solvent(peaks, context) {
        return;
    }
    let carbon = *context.nucleus == Nucleus::Carbon;
    let is_water = |ppm: f64| !carbon && WATER.contains(&ppm);
    let others: Vec<f64> = giants.centres.iter().copied().filter(|&ppm| !is_water(ppm)).collect();
    let reach = if carbon { REACH_CARBON } else { REACH_PROTON };
    let name = impurities::named_solvent(&others, carbon, reach);
    // Where the tube holds a deuterated solvent, what has no name is a compound of which there is
    // much.
    let unnamed = name.is_none() && !others.is_empty();
    if unnamed && (giants.gap < GAP_WITHOUT_NAME || context.solvent.is_some()) {
        return;
    }
    for line in giants.lines {
        let name = if is_water(peaks[line].ppm) { Some("water") } else { name };
        let claim = name.map(|name| Claim { name, confidence: 0.7 });
        classed[line] = Classed { class: PeakClass::Solvent, claim };
    }
}

/// The giants among the peaks that are `free`, if there are such.
pub(super) fn find(
    peaks: &[RawPeak],
    free: &[bool],
    context: &ClassificationContext<'_>,
) -> Option<Giants> {
    let carbon = *context.nucleus == Nucleus::Carbon;
    let places: Vec<usize> = (0..peaks.len()).filter(|&k| free[k]).collect();
    let lines: Vec<RawPeak> = places.iter().map(|&k| peaks[k]).collect();
    let gap_hz = if carbon { 0.0 } else { SIGNAL_GAP };
    let runs = impurities::signals(&lines, gap_hz, context.reference_mhz);
    // Areas count hydrogens; carbons are not counted by theirs, so that heights do as well.
    let size = |run: &std::ops::Range<usize>| -> f64 {
        let of = lines[run.clone()].iter();
        if carbon {
            of.map(|line| line.height.abs()).fold(0.0, f64::max)
        } else {
            of.map(|line| line.area.abs()).sum()
        }
    };
    let mut signals: Vec<_> = runs.into_iter().map(|run| (size(&run), run)).collect();
    signals.sort_by(|a, b| b.0.total_cmp(&a.0));
    (1..=MOST_SIGNALS.min(signals.len())).find_map(|count| {
        let (giants, rest) = signals.split_at(count);
        let towering: Vec<RawPeak> =
            giants.iter().flat_map(|(_, run)| lines[run.clone()].iter().copied()).collect();
        let is_companion = |line: &RawPeak| {
            towering.iter().any(|giant| {
                (line.ppm - giant.ppm).abs() * context.reference_mhz < COMPANION_HZ
                    && line.height.abs() < COMPANION_SHARE * giant.height.abs()
            })
        };
        let others: Vec<f64> = rest
            .iter()
            .filter(|(_, run)| {
                lines[run.clone()].iter().any(|line| {
                    line.height.abs() > WELL_ABOVE_NOISE * context.noise && !is_companion(line)
                })
            })
            .map(|(size, _)| *size)
            .collect();
        let gap = giants.last()?.0 / others.first()?;
        (gap >= GAP && others.len() >= LEAST_OTHERS).then(|| Giants {
            lines: giants.iter().flat_map(|(_, run)| places[run.clone()].iter().copied()).collect(),
            centres: giants.iter().map(|(_, run)| centre(&lines[run.clone()])).collect(),
            gap,
        })
    })
}

/// Whether a line stands where the deuterated solvent's does, or near it.
fn shows_solvent(peaks: &[RawPeak], context: &ClassificationContext<'_>) -> bool {
    let Some(solvent) = context.solvent.filter(|&solvent| solvent != Solvent::Water) else {
        return false;
    };
    let carbon = *context.nucleus == Nucleus::Carbon;
    let reach = if carbon { MOVED_CARBON } else { MOVED_PROTON };
    let least = WELL_ABOVE_NOISE * context.noise;
    let first = solvent_lines::lines(solvent, context.nucleus).first();
    first.is_some_and(|line| {
        peaks.iter().any(|peak| (peak.ppm - line.ppm).abs() < reach && peak.height > least)
    })
}

/// Where a signal is, its lines weighted by their heights.
fn centre(lines: &[RawPeak]) -> f64 {
    let whole: f64 = lines.iter().map(|line| line.height.abs()).sum();
    lines.iter().map(|line| line.ppm * line.height.abs()).sum::<f64>() / whole
}
