//! One list of peaks against many molecules, one at a time: what evaluation measures is what
//! rankings are made of.

use crate::error::ElucidationError;
use crate::library::{Library, Profile};
use crate::query::Query;
use crate::ranking::verdict;
use crate::ranking::verdict::Standing;
use crate::scoring::Parameters;
use crate::scoring::explanation::explain;
use crate::scoring::lines::Lines;
use crate::scoring::prescore::Prescorer;
use crate::scoring::score::score;
use larmor_nmr::elucidation::Verdict;

/// Peaks of a sample, ready to be held against molecules.
pub struct ShiftScorer {
    lines: Lines,
    prescorer: Prescorer,
    parameters: Parameters,
}

impl ShiftScorer {
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
            none: 0.0,
            beside: false,
        };
        verdict::decide(&explain(profile, &self.lines, &self.parameters).0, None, standing).0
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
