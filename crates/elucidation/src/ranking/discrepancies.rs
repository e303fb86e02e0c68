//! The first candidates once more, by what speaks against each: patterns, integrals and lines one by
//! one tell what a likelihood of shifts averages away.

use super::elucidator::Elucidator;
use super::scored_candidate::ScoredCandidate;
use crate::score_part::ScorePart;
use crate::verification::{JudgedNuclei, Observed};

/// Candidates, by shifts the first, that are looked at this way.
const COMPARED: usize = 200;
/// Those farther behind than this, nats, no discrepancy brings to the front.
const MOST_BEHIND: f64 = 30.0;

impl Elucidator {
    /// Weighs the discrepancies of the candidates that come first. The best of them keeps its score
    /// and the others lose by how much they are behind; candidates further down lose as much as the
    /// last of these. False where nothing changed.
    pub(super) fn weigh_discrepancies(
        &self,
        observed: &Observed,
        scored: &mut [ScoredCandidate],
    ) -> bool {
        let Some(best) = scored.first().map(|first| first.score) else { return false };
        let within = scored.partition_point(|candidate| candidate.score > best - MOST_BEHIND);
        let compared = within.min(COMPARED);
        if compared < 2 {
            return false;
        }
        let odds: Vec<Option<(JudgedNuclei, f64)>> =
            scored[..compared].iter().map(|c| self.odds_of(&self.other(c), observed)).collect();
        let Some((nuclei, _)) = odds.iter().flatten().next().copied() else { return false };
        let weights = &self.parameters;
        let weight = nuclei.pick(
            weights.carbon_discrepancies,
            weights.proton_discrepancies,
            weights.discrepancies,
        );
        // Those of other nuclei are no measure.
        let of = |odds: &Option<(JudgedNuclei, f64)>| {
            odds.filter(|(by, _)| *by == nuclei).map(|(_, odds)| odds)
        };
        let best = odds.iter().filter_map(of).fold(f64::NEG_INFINITY, f64::max);
        let last = odds.iter().filter_map(of).fold(f64::INFINITY, f64::min);
        if weight <= 0.0 || !(best - last).is_finite() {
            return false;
        }
        for (place, candidate) in scored.iter_mut().enumerate() {
            let own = odds.get(place).and_then(of);
            if let Some(own) = own {
                candidate.parts.insert(ScorePart::Discrepancies, own);
            }
            candidate.score -= weight * (best - own.unwrap_or(last));
        }
        true
    }
}
