//! An axis that is not sure: all lines of a spectrum may be off by one common offset.

use std::borrow::Cow;

use super::assignment::{AssignedNucleus, Costs};
use super::density::ResidualModel;
use super::lines::Line;
use super::parameters::NucleusParameters;
use crate::library::Profile;

/// No offset is tried where the axis is as good as its lines, in least spreads of predictions.
const AS_GOOD: f64 = 1.0;
/// An offset is found from the lines that it moves: twice settles which are whose.
const ROUNDS: usize = 2;
/// Fewer matched lines say nothing of an offset.
const FEWEST_LINES: usize = 3;

/// The lines as they lie on the axis on which a candidate explains them best, and what that offset
/// costs, nats. The offset is a nuisance parameter with a normal prior about 0 whose standard
/// deviation is the axis's standard error, `error_ppm`; it is set to its most probable value.
pub(crate) fn aligned<'a>(
    profile: &Profile,
    lines: &'a [Line],
    side: AssignedNucleus,
    residuals: ResidualModel,
    parameters: &NucleusParameters,
    error_ppm: f64,
) -> (Cow<'a, [Line]>, f64) {
    if error_ppm <= AS_GOOD * parameters.least_spread_ppm || lines.len() < FEWEST_LINES {
        return (Cow::Borrowed(lines), 0.0);
    }
    let solved = |lines: &[Line]| {
        let costs = Costs::new(profile, lines, side, residuals, parameters);
        let best = costs.solve();
        let off: Vec<f64> = best
            .line_of
            .iter()
            .zip(&costs.expected)
            .filter_map(|(line, expected)| Some(expected.ppm - lines[(*line)?].ppm))
            .collect();
        (best.score, off)
    };
    let (unmoved, mut off) = solved(lines);
    let mut best = (Cow::Borrowed(lines), 0.0, unmoved);
    let mut shift = 0.0;
    for _ in 0..ROUNDS {
        if off.len() < FEWEST_LINES {
            break;
        }
        shift = shrunk(shift, &mut off, parameters.least_spread_ppm, error_ppm);
        let moved: Vec<Line> = lines.iter().map(|line| line.moved(shift)).collect();
        let (score, next) = solved(&moved);
        let cost = 0.5 * (shift / error_ppm).powi(2);
        if score - cost > best.2 - best.1 {
            best = (Cow::Owned(moved), cost, score);
        }
        off = next;
    }
    (best.0, best.1)
}

/// The most probable offset: `shift` with the middle of what is still off, drawn towards 0 as the
/// prior has it.
fn shrunk(shift: f64, off: &mut [f64], least_spread: f64, error_ppm: f64) -> f64 {
    let middle = median(off);
    let mut apart: Vec<f64> = off.iter().map(|one| (one - middle).abs()).collect();
    let spread = (1.4826 * median(&mut apart)).max(least_spread);
    let of_middle = spread * spread / off.len() as f64;
    let prior = error_ppm * error_ppm;
    (shift + middle) * prior / (prior + of_middle)
}

fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::library::Site;
    use crate::query::{ObservedPeak, Query};
    use crate::scoring::Parameters;
    use crate::scoring::lines::Lines;
    use crate::scoring::score::score;
    use larmor_networks::AtomShift;

    const PREDICTED: [f32; 6] = [14.2, 27.9, 55.3, 114.0, 129.4, 170.6];

    fn profile(shifts: &[f32]) -> Profile {
        let site = |&ppm: &f32| Site {
            carbon: Some(AtomShift { ppm, spread: 0.8 }),
            proton: None,
            apart: None,
            hydrogens: 1,
            members: 1,
            tetrahedral: false,
        };
        Profile {
            sites: shifts.iter().map(site).collect(),
            atoms: (0..shifts.len() as u16).collect(),
        }
    }

    /// Lines where they are predicted, all of them off by `off`.
    fn lines(off: f64, error: f64) -> Lines {
        let c13 = PREDICTED.iter().map(|&ppm| ObservedPeak::carbon(f64::from(ppm) + off, None));
        let query = Query { c13: c13.collect(), c13_axis_error_ppm: error, ..Query::default() };
        Lines::of(&query).unwrap()
    }

    #[test]
    fn lines_that_are_off_together_are_moved_where_the_axis_is_not_sure() {
        let (right, parameters) = (profile(&PREDICTED), Parameters::default());
        let on_place = score(&right, &lines(0.0, 0.0), &parameters);
        let trusted = score(&right, &lines(2.6, 0.05), &parameters);
        let doubted = score(&right, &lines(2.6, 2.0), &parameters);
        assert!(trusted < on_place - 10.0, "{trusted} {on_place}");
        // What is left is the price of the offset: about (2.6 / 2.0)^2 / 2 nats.
        assert!((on_place - doubted - 0.8).abs() < 0.5, "{doubted} {on_place}");
    }

    #[test]
    fn an_offset_does_not_make_another_molecule_of_one() {
        let mut others = PREDICTED;
        (others[1], others[4]) = (44.0, 151.0);
        let parameters = Parameters::default();
        let score = |shifts: &[f32], lines: &Lines| score(&profile(shifts), lines, &parameters);
        let doubted = lines(0.0, 1.0);
        assert!(score(&PREDICTED, &doubted) > score(&others, &doubted) + 8.0);
        let unmoved = score(&PREDICTED, &lines(0.0, 0.0));
        assert!((score(&PREDICTED, &doubted) - unmoved).abs() < 1e-9, "nothing to move");
    }
}
