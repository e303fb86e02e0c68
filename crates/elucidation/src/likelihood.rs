//! Scores without a judgement: one list of peaks against many molecules, or the carbons of one
//! molecule against its peaks. What evaluation measures is what judgements are made of.

use super::lines::{Line, Lines};
use super::marginals::marginals;
use super::matching::{Core, Costs, Side};
use super::parameters::Parameters;
use super::prescore::Prescorer;
use super::score::{explain, score};
use super::solver::assign;
use super::verdict::{self, Standing};
use super::{ElucidationError, ObservedPeak, Query, Verdict};
use crate::library::{Library, Profile, Site};

/// Price that no sum of pairs reaches, so that everything is paired.
const NEVER: f64 = 1e9;

/// Peaks of a sample, ready to be held against molecules.
pub struct Observed {
    lines: Lines,
    prescorer: Prescorer,
    parameters: Parameters,
}

impl Observed {
    /// Checks and sorts the peaks.
    ///
    /// # Errors
    /// [`ElucidationError`] when they cannot be judged.
    pub fn new(query: &Query, parameters: &Parameters) -> Result<Self, ElucidationError> {
        let lines = Lines::of(query)?;
        let prescorer = Prescorer::of(&lines, parameters);
        Ok(Self { lines, prescorer, parameters: *parameters })
    }

    /// Log-likelihood of the peaks given a molecule.
    #[must_use]
    pub fn score(&self, profile: &Profile) -> f64 {
        score(profile, &self.lines, &self.parameters)
    }

    /// Distinct 13C lines, and 1H ones.
    #[must_use]
    pub fn line_counts(&self) -> (usize, usize) {
        (self.lines.carbon.len(), self.lines.proton.len())
    }

    /// Verdict on a molecule that somebody proposed, with the score of the best other candidate.
    #[must_use]
    pub fn verdict(&self, profile: &Profile, rival: Option<f64>) -> Verdict {
        let own = self.score(profile);
        let behind = rival.map(|rival| rival - own);
        let odds = |behind: f64| (behind / self.parameters.temperature).exp();
        let standing = Standing {
            proposed: true,
            rank: if behind.is_some_and(|behind| behind > 0.0) { 2 } else { 1 },
            probability: behind.map_or(1.0, |behind| 1.0 / (1.0 + odds(behind))),
            pooled: false,
            behind,
            formula_differs: false,
        };
        verdict::judge(&explain(profile, &self.lines, &self.parameters).0, standing).0
    }

    /// The fast estimate that decides which molecules of a library are scored.
    pub fn estimate(&self, profile: &Profile) -> f64 {
        self.prescorer.estimate(profile).into()
    }

    /// The molecules of a library with the highest estimates, best first.
    ///
    /// # Errors
    /// [`ElucidationError::Worker`] when a thread ends early.
    pub fn shortlist(
        &self,
        library: &Library,
        among: &[u32],
    ) -> Result<Vec<(f64, u32)>, ElucidationError> {
        let best = self.prescorer.shortlist(library, among, self.parameters.shortlist, 1)?;
        Ok(best.into_iter().map(|(estimate, number)| (estimate.into(), number)).collect())
    }
}

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
    let costs = Costs::new(&profile, &lines, Side::Carbon, Core::Normal, &parameters.carbon);
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
