//! Recognising a multiplet by the pattern of its lines: the coupling to deuterium gives a carbon
//! or a residual proton a multiplet that hardly any compound has.

use super::lines::Lines;
use crate::spectrum::picking::RawPeak;
use crate::spectrum::solvent_lines::SolventLine;

/// Lines that make up a multiplet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PatternMatch {
    /// Centre, ppm.
    pub ppm: f64,
    /// How well heights and number of lines fit, 0 to 1.
    pub fit: f64,
    /// How probable it is that chance puts the other lines beside the middle one.
    pub by_chance: f64,
}

/// How well the lines about `centre` make up the multiplet; `None` when one that must be seen is
/// missing or has a height that no deuterium gives. `tolerance` in ppm, density counted within
/// `reach` ppm.
pub(super) fn about(
    lines: &Lines<'_>,
    centre: &RawPeak,
    multiplet: &SolventLine,
    reference_mhz: f64,
    tolerance: f64,
    reach: f64,
) -> Option<PatternMatch> {
    let pattern = multiplet.pattern();
    let tallest = pattern.iter().map(|p| p.1).fold(0.0, f64::max);
    let (mut weight, mut found, mut matched, mut shift) = (0.0, 0.0, 0.0, 0.0);
    let mut partners = 0;
    for &(offset, height) in pattern {
        weight += height;
        let apart = offset * multiplet.coupling_hz / reference_mhz;
        let place = centre.ppm + apart;
        let nearest = lines
            .about(place, tolerance)
            .iter()
            .filter(|peak| peak.height * centre.height > 0.0)
            .min_by(|a, b| (a.ppm - place).abs().total_cmp(&(b.ppm - place).abs()));
        let Some(peak) = nearest else {
            // Only the outermost lines of a septet may drown in noise.
            if height / tallest < 0.2 {
                continue;
            }
            return None;
        };
        let off = (peak.height / (height / tallest * centre.height)).abs().ln().abs();
        if off > 1.0 {
            return None;
        }
        partners += i32::from(offset != 0.0);
        matched += height * (1.0 - off / 1.2);
        found += height;
        shift += height * (peak.ppm - apart);
    }
    // A line of the right height falls into a window by chance as often as lines are dense.
    let density = lines.density(centre, reach);
    let one = (0.6 * 2.0 * tolerance * density).min(1.0);
    (found > 0.0).then(|| PatternMatch {
        ppm: shift / found,
        fit: matched / weight,
        by_chance: one.powi(partners),
    })
}
