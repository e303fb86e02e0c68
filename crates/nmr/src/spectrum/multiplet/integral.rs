//! Integrals, and the hydrogens they count.

use super::first_order::Component;
use crate::spectrum::axis::Axis;

/// A region goes so many widths beyond its outermost lines.
const MARGIN: f64 = 6.0;
/// Most hydrogens of one multiplet.
const MOST_HYDROGENS: f64 = 18.0;

/// Ends of the region of lines, ppm, stopping halfway to the neighbours.
pub(super) fn region(
    lines: &[Component],
    before: Option<f64>,
    after: Option<f64>,
    axis: &Axis,
) -> (f64, f64) {
    let widest = lines.iter().map(|line| line.width_hz).fold(0.0, f64::max);
    let (first, last) = (lines[0].hz, lines[lines.len() - 1].hz);
    let halfway = |other: f64, own: f64| f64::midpoint(other, own);
    let from = before.map_or(f64::NEG_INFINITY, |hz| halfway(hz.min(first), first));
    let to = after.map_or(f64::INFINITY, |hz| halfway(hz.max(last), last));
    let ends = [(first - MARGIN * widest).max(from), (last + MARGIN * widest).min(to)];
    (ends[0] / axis.reference_mhz, ends[1] / axis.reference_mhz)
}

/// Sum over the region's points, with what other lines reach into it taken off and what its own
/// lines have beyond it added, in heights times Hz.
pub(super) fn integral(
    real: &[f64],
    axis: &Axis,
    (from, to): (f64, f64),
    own: &[Component],
    all: &[Component],
) -> f64 {
    let place = |ppm: f64| ((ppm - axis.first_ppm) / axis.step_ppm).max(0.0).round() as usize;
    let points = place(from).min(real.len())..(place(to) + 1).min(real.len());
    let sum: f64 = real.get(points).map_or(0.0, |part| part.iter().sum::<f64>()) * axis.step_hz();
    let (from, to) = (from * axis.reference_mhz, to * axis.reference_mhz);
    let inside = |line: &Component| {
        let turn = |hz: f64| (2.0 * (hz - line.hz) / line.width_hz).atan();
        line.area * (turn(to) - turn(from)) / std::f64::consts::PI
    };
    let is_own = |line: &Component| own.iter().any(|other| other.place == line.place);
    let others: f64 = all.iter().filter(|line| !is_own(line)).map(inside).sum();
    let beyond: f64 = own.iter().map(|line| line.area - inside(line)).sum();
    sum - others + beyond
}

/// Hydrogens behind integrals: the largest unit of which all are nearly whole multiples. `None`
/// where there is no such unit.
pub(super) fn hydrogens(areas: &[f64]) -> Option<Vec<f64>> {
    let whole: f64 = areas.iter().sum();
    let counted: Vec<f64> = areas.iter().copied().filter(|area| *area > 0.01 * whole).collect();
    let mut sorted = counted.clone();
    sorted.sort_by(f64::total_cmp);
    // The smallest one but for traces and torn pieces, which together are little.
    let mut below = 0.0;
    let smallest = sorted.into_iter().find(|area| {
        below += area;
        below > 0.05 * whole
    })?;
    // Integrals are good to some per cent: beyond that any number is near a whole one. One
    // multiplet in ten may hide something.
    let fits = |unit: f64| {
        let off: f64 = counted
            .iter()
            .filter(|&&area| {
                let ratio = area / unit;
                let nearest = ratio.round().max(1.0);
                (ratio - nearest).abs() > 0.12 + 0.04 * nearest || nearest > MOST_HYDROGENS
            })
            .sum();
        off < 0.1 * whole
    };
    let best = |unit: f64| {
        let (mut up, mut down) = (0.0, 0.0);
        for area in &counted {
            let nearest = (area / unit).round().max(1.0);
            up += area * nearest;
            down += nearest * nearest;
        }
        up / down
    };
    let mut units: Vec<f64> = counted
        .iter()
        .flat_map(|area| (1..=3).map(move |count| area / f64::from(count)))
        .filter(|unit| *unit < 1.3 * smallest)
        .collect();
    units.sort_by(|a, b| b.total_cmp(a));
    units.into_iter().find(|&unit| fits(unit)).map(|unit| {
        let unit = best(unit);
        areas.iter().map(|area| area / unit).collect()
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn hydrogens_are_counted_where_integrals_are_good_enough() {
        let counts = hydrogens(&[1.02, 3.05, 0.97, 6.1, 1.98]).unwrap();
        let rounded: Vec<f64> = counts.iter().map(|count| count.round()).collect();
        assert_eq!(rounded, [1.0, 3.0, 1.0, 6.0, 2.0]);
        let halves = hydrogens(&[2.0, 3.0, 3.03]).unwrap();
        assert!((halves[0] - 2.0).abs() < 0.1);
        assert_eq!(hydrogens(&[]), None);
        assert_eq!(hydrogens(&[0.0]), None);
    }
}
