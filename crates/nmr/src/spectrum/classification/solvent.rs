//! The solvent's own lines: no more of them, and no larger ones, than the solvent can have.

use super::{Claim, ClassificationContext};
use crate::fid::{Experiment, Nucleus, Solvent};
use crate::spectrum::picking::RawPeak;
use crate::spectrum::solvent_lines::{self, SolventLine};

/// How far beside a multiplet its lines may still be, ppm.
const MARGIN_CARBON: f64 = 0.06;
const MARGIN_PROTON: f64 = 0.012;
/// Residual protons at different places have areas within this factor of the first's.
const MOST_AREA: f64 = 8.0;
/// How far water moves in water, ppm, with temperature and what is dissolved.
const REACH_OF_WATER: f64 = 0.25;

/// What each peak is taken for, where it is the solvent's.
pub(super) fn find(peaks: &[RawPeak], context: &ClassificationContext<'_>) -> Vec<Option<Claim>> {
    let mut claims = vec![None; peaks.len()];
    let Some(solvent) = context.solvent else { return claims };
    let places = match (context.nucleus, solvent) {
        (Nucleus::Carbon, _) => carbon(peaks, solvent, context),
        (_, Solvent::Water) => water(peaks, context.reference_mhz),
        _ => proton(peaks, solvent, context.reference_mhz),
    };
    let name = if solvent == Solvent::Water { "HDO" } else { solvent.name() };
    let claim = Claim { name, confidence: 0.5 + 0.45 * context.axis };
    places.into_iter().for_each(|place| claims[place] = Some(claim));
    claims
}

fn proton(peaks: &[RawPeak], solvent: Solvent, reference_mhz: f64) -> Vec<usize> {
    let mut places = Vec::new();
    let mut first = None;
    for line in solvent_lines::lines(solvent, &Nucleus::Proton) {
        let reach = line.half_span_ppm(reference_mhz) + MARGIN_PROTON;
        let region = within(peaks, line.ppm, reach);
        let own = if line.lines > 1 && region.len() > usize::from(line.lines) {
            without_others(peaks, region, line, reference_mhz)
        } else {
            region
        };
        let area: f64 = own.iter().map(|&k| peaks[k].area.max(0.0)).sum();
        // Without the first of its lines the others are not the solvent's.
        if area <= MOST_AREA * *first.get_or_insert(area) {
            places.extend(own);
        }
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// Of more lines than the multiplet has those that tower above it are another's, and where there
/// are more than twice as many all that do not make it up.
fn without_others(
    peaks: &[RawPeak],
    region: Vec<usize>,
    line: &SolventLine,
    reference_mhz: f64,
) -> Vec<usize> {
    const TOWERING: f64 = 2.5;
    let Some(own) = of_pattern(peaks, &region, line, reference_mhz, 0.3) else { return region };
    if region.len() > 2 * usize::from(line.lines) {
        return own;
    }
    let tallest = own.iter().map(|&k| peaks[k].height).fold(0.0, f64::max);
    region.into_iter().filter(|&k| peaks[k].height < TOWERING * tallest).collect()
}

/// Water as the solvent is one line, wherever it has moved to: the largest about its place, unless
/// another there comes near it.
fn water(peaks: &[RawPeak], reference_mhz: f64) -> Vec<usize> {
    const AT_PLACE: f64 = 0.03;
    const OUTSTANDING: f64 = 3.0;
    let Some(line) = solvent_lines::lines(Solvent::Water, &Nucleus::Proton).first() else {
        return Vec::new();
    };
    let mut region = within(peaks, line.ppm, REACH_OF_WATER);
    region.sort_by(|&a, &b| peaks[b].area.total_cmp(&peaks[a].area));
    let Some(&largest) = region.first() else { return region };
    let beside = |k: usize| (peaks[k].ppm - peaks[largest].ppm).abs() * reference_mhz;
    // What stands within its width is part of a stump that suppression left.
    let (own, others): (Vec<usize>, Vec<usize>) =
        region.iter().partition(|&&k| beside(k) <= 1.5 * peaks[largest].width_hz);
    let next = others.iter().map(|&k| peaks[k].area).fold(0.0, f64::max);
    if peaks[largest].area > OUTSTANDING * next {
        return own;
    }
    within(peaks, line.ppm, AT_PLACE)
}

/// The solvent's multiplets with what stands beside them: its molecules with a hydrogen in place
/// of a deuterium, up to half a ppm downfield and far weaker. A single line of the solvent (the
/// carbonyl of acetone) moves with the sample, so that the tallest peak about it is taken for it.
fn carbon(peaks: &[RawPeak], solvent: Solvent, context: &ClassificationContext<'_>) -> Vec<usize> {
    const RESIDUAL_REACH: f64 = 0.5;
    const RESIDUAL_SHARE: f64 = 0.08;
    // Of a solvent with one deuterium the residue is a single line, taller by as much.
    const RESIDUAL_SHARE_SINGLE: f64 = 0.35;
    const RESIDUAL_PLACE: std::ops::Range<f64> = 0.1..0.4;
    const SINGLE_REACH: f64 = 0.35;
    let reference_mhz = context.reference_mhz;
    let height = |k: usize| peaks[k].height.abs();
    let mut places = Vec::new();
    let only_with_hydrogen = matches!(context.experiment, Experiment::Dept(_));
    for line in solvent_lines::lines(solvent, &Nucleus::Carbon) {
        if line.lines == 1 {
            if !only_with_hydrogen {
                let near = within(peaks, line.ppm, SINGLE_REACH);
                places.extend(near.into_iter().max_by(|&a, &b| height(a).total_cmp(&height(b))));
            }
            continue;
        }
        let reach = line.half_span_ppm(reference_mhz) + MARGIN_CARBON;
        let region = within(peaks, line.ppm, reach);
        let tallest_of = |region: &[usize]| region.iter().map(|&k| height(k)).fold(0.0, f64::max);
        let tallest = if only_with_hydrogen {
            // A sequence that shows carbons with hydrogen leaves the solvent's residue alone.
            peaks.iter().map(|peak| peak.height.abs()).fold(0.0, f64::max)
        } else {
            tallest_of(&region)
        };
        let off = |k: usize| peaks[k].ppm - line.ppm;
        let residual = (0..peaks.len()).filter(|&k| {
            let single = line.lines == 3 && RESIDUAL_PLACE.contains(&off(k));
            let share = if single { RESIDUAL_SHARE_SINGLE } else { RESIDUAL_SHARE };
            (0.0..reach + RESIDUAL_REACH).contains(&off(k)) && height(k) < share * tallest
        });
        if only_with_hydrogen {
            places.extend(residual);
            let fewer = SolventLine { lines: line.lines - 2, ppm: line.ppm + 0.25, ..*line };
            if fewer.lines > 1 {
                let region = within(peaks, fewer.ppm, reach + RESIDUAL_REACH);
                places.extend(
                    of_pattern(peaks, &region, &fewer, reference_mhz, 1.6).unwrap_or_default(),
                );
            }
            continue;
        }
        let small = region.iter().copied().filter(|&k| height(k) < RESIDUAL_SHARE * tallest);
        let own = of_pattern(peaks, &region, line, reference_mhz, 1.6);
        places.extend(small.chain(residual).chain(own.unwrap_or_default()));
    }
    places.sort_unstable();
    places.dedup();
    places
}

fn within(peaks: &[RawPeak], ppm: f64, reach: f64) -> Vec<usize> {
    (0..peaks.len()).filter(|&k| (peaks[k].ppm - ppm).abs() <= reach).collect()
}

/// Those of the region's lines that make up the multiplet, about whichever centre takes most of
/// them; none where less than about half of it is there.
fn of_pattern(
    peaks: &[RawPeak],
    region: &[usize],
    line: &SolventLine,
    reference_mhz: f64,
    tolerance_hz: f64,
) -> Option<Vec<usize>> {
    let pattern = line.pattern();
    let most = pattern.iter().map(|one| one.1).fold(0.0, f64::max);
    let about = |centre: f64| -> Vec<usize> {
        let tolerance = |k: usize| tolerance_hz.max(0.6 * peaks[k].width_hz) / reference_mhz;
        let at = |place: f64| {
            region
                .iter()
                .copied()
                .filter(|&k| (peaks[k].ppm - place).abs() <= tolerance(k))
                .max_by(|&a, &b| peaks[a].height.abs().total_cmp(&peaks[b].height.abs()))
        };
        let mut found: Vec<(usize, f64)> = pattern
            .iter()
            .filter_map(|&(offset, share)| {
                let place = centre + offset * line.coupling_hz / reference_mhz;
                at(place).map(|k| (k, peaks[k].height.abs() / (share / most)))
            })
            .collect();
        // Heights follow the pattern: what towers above it is another's line in its place.
        let mut scales: Vec<f64> = found.iter().map(|one| one.1).collect();
        scales.sort_by(f64::total_cmp);
        let usual = scales.get(scales.len() / 2).copied().unwrap_or(0.0);
        found.retain(|one| one.1 < 4.0 * usual);
        let mut found: Vec<usize> = found.into_iter().map(|one| one.0).collect();
        found.dedup();
        found
    };
    let candidates = region.iter().flat_map(|&k| {
        // The line may be any of the pattern's; off the solvent's place by no more than a margin.
        pattern.iter().map(move |one| peaks[k].ppm - one.0 * line.coupling_hz / reference_mhz)
    });
    let near = |centre: &f64| (centre - line.ppm).abs() < line.coupling_hz / reference_mhz;
    let best = candidates
        .filter(near)
        .map(|centre| (about(centre), (centre - line.ppm).abs()))
        .max_by(|a, b| a.0.len().cmp(&b.0.len()).then(b.1.total_cmp(&a.1)))?;
    (best.0.len() >= pattern.len().div_ceil(2)).then_some(best.0)
}
