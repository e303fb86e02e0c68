//! The carbons of one molecule against its peaks, pair by pair.

use crate::library::{Profile, Site};
use crate::query::ObservedPeak;
use crate::scoring::Parameters;
use crate::scoring::assignment::{AssignedNucleus, Costs};
use crate::scoring::density::ResidualModel;
use crate::scoring::lines::Line;
use crate::scoring::marginals::marginals;
use crate::scoring::solver::assign;

/// Penalty that no sum of pairs reaches, so that everything is paired.
const NEVER: f64 = 1e9;

/// Carbons (rows) against peaks (columns).
#[derive(Debug, Clone, PartialEq)]
pub struct CarbonPairs {
    /// Log-density of each peak for each carbon, row-major.
    pub score: Vec<f64>,
    /// Posterior probability of each pair, row-major.
    pub probability: Vec<f64>,
}

/// Holds carbons, each with its expected shift, against peaks, each on its own.
#[must_use]
pub fn carbon_pairs(
    carbons: &[Site],
    peaks: &[ObservedPeak],
    parameters: &Parameters,
) -> CarbonPairs {
    let single = carbons.iter().map(|site| Site { members: 1, ..*site }).collect();
    let profile = Profile { sites: single, atoms: Vec::new() };
    let lines: Vec<Line> = peaks.iter().map(Line::of).collect();
    let costs = Costs::new(
        &profile,
        &lines,
        AssignedNucleus::Carbon,
        ResidualModel::Normal,
        &parameters.carbon,
    );
    let score = costs.own.iter().map(|own| -(own + costs.extra)).collect();
    let probability = marginals(&costs, parameters.assignment_temperature);
    CarbonPairs { score, probability }
}

/// One column for each row of a square of scores, so that their sum is highest.
#[must_use]
pub fn one_to_one(score: &[f64], size: usize) -> Vec<usize> {
    let cost: Vec<f64> = score.iter().map(|score| -score).collect();
    let chosen = assign(&cost, size, &vec![NEVER; size]);
    chosen.into_iter().map(|column| column.unwrap_or(0)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_networks::AtomShift;

    fn carbon(ppm: f32) -> Site {
        Site {
            carbon: Some(AtomShift { ppm, spread: 1.0 }),
            proton: None,
            apart: None,
            hydrogens: 1,
            members: 6,
            tetrahedral: false,
        }
    }

    #[test]
    fn pairs_are_scored_by_distance_and_told_apart_with_certainty() {
        let peaks = [18.0, 58.0].map(|ppm| ObservedPeak::carbon(ppm, None));
        let pairs = carbon_pairs(&[carbon(57.0), carbon(18.5)], &peaks, &Parameters::default());
        assert_eq!(one_to_one(&pairs.score, 2), [1, 0]);
        assert!(pairs.score[1] > pairs.score[0] && pairs.score[2] > pairs.score[3]);
        assert!(pairs.probability[1] > 0.95 && pairs.probability[0] < 0.05);
    }

    #[test]
    fn one_to_one_gives_way_where_the_sum_gains() {
        assert_eq!(one_to_one(&[3.0, 2.0, 3.0, 0.0], 2), [1, 0]);
        assert!(one_to_one(&[], 0).is_empty());
    }
}
