//! How probable it is that none of the candidates is right.

use super::elucidator::Elucidator;
use super::scored_candidate::ScoredCandidate;
use crate::score_part::ScorePart;
use crate::scoring::none_of_these::Ranked;
use crate::verification::Observed;

/// Among fewer candidates the lead of the first says nothing, and it was not chosen from many.
const FEWEST: usize = 50;

impl Elucidator {
    /// Sets the probability of "none of these" by what is known of the first candidate and scales
    /// those of the candidates to what is left; `share` is its share by scores, which is returned
    /// where nothing more is known. Log-odds of the first that take in what else is in the tube are
    /// `assessed`.
    pub(super) fn none_of_these(
        &self,
        observed: &Observed,
        scored: &mut [ScoredCandidate],
        share: f64,
        assessed: Option<f64>,
    ) -> f64 {
        let Some(first) = scored.first() else { return share };
        let Some((nuclei, own)) = self.odds_of(&self.other(first), observed) else {
            return share;
        };
        let odds = assessed.unwrap_or(own).max(own);
        let lead = if scored.len() >= FEWEST { self.lead(scored) } else { None };
        let none = match lead {
            Some(lead) => {
                let by_nuclei = &self.parameters.none_of_these;
                let regression = nuclei.pick(by_nuclei.carbon, by_nuclei.proton, by_nuclei.both);
                regression.probability(&Ranked { share, odds, lead })
            }
            // The log-odds are those of structures of which every second one is right.
            None => 1.0 / (1.0 + odds.exp()),
        };
        let left = (1.0 - none) / (1.0 - share).max(f64::MIN_POSITIVE);
        if !left.is_finite() {
            return share;
        }
        scored.iter_mut().for_each(|candidate| candidate.probability *= left);
        if let Some(first) = scored.first_mut() {
            first.parts.entry(ScorePart::Discrepancies).or_insert(own);
        }
        none
    }

    /// How far the first candidate is ahead of the next of another constitution.
    fn lead(&self, scored: &[ScoredCandidate]) -> Option<f64> {
        let first = scored.first()?;
        let own = self.constitution(&first.origin);
        let other = scored[1..]
            .iter()
            .find(|other| own.is_none() || self.constitution(&other.origin) != own)?;
        Some(first.score - other.score)
    }
}
