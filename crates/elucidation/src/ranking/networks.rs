//! What networks that read whole spectra say of candidates.

use super::elucidator::Elucidator;
use super::scored_candidate::ScoredCandidate;
use crate::error::ElucidationError;
use crate::query::Query;
use larmor_networks::inference::InferenceError;
use tracing::warn;

/// Candidates, by shifts the first, that networks hold against whole spectra.
pub(super) const COMPARED: usize = 50;
/// Candidates of a result that networks are asked about that weigh nothing.
const MOST_ASKED: usize = 50;

impl Elucidator {
    /// Lets the networks that read whole spectra weigh in on the candidates that come first. The
    /// best of them by a network keeps its score and the others lose by how much they are behind;
    /// candidates further down lose as much as the last of these. False where nothing changed.
    pub(super) fn weigh_whole_spectra(
        &self,
        query: &Query,
        scored: &mut [ScoredCandidate],
    ) -> Result<bool, ElucidationError> {
        let mut weighed = false;
        let compared = scored.len().min(COMPARED);
        if compared < 2 || self.comparers.is_empty() {
            return Ok(false);
        }
        // What cannot be read again is left where the shifts put it.
        let graphs: Option<Vec<_>> = scored[..compared]
            .iter()
            .map(|c| Some(self.molecules.graph_only(&c.text)?.graph.clone()))
            .collect();
        let Some(graphs) = graphs else { return Ok(false) };
        for comparer in &self.comparers {
            let part = comparer.part();
            let weight = self.parameters.similarity.weight(part);
            if weight <= 0.0 {
                continue;
            }
            let Some(found) = comparer.compare(query, &graphs)? else { continue };
            if found.len() != compared || found.iter().any(|value| !value.is_finite()) {
                continue;
            }
            let best = found.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let last = found.iter().copied().fold(f64::INFINITY, f64::min);
            for (at, scored_candidate) in scored.iter_mut().enumerate() {
                if let Some(value) = found.get(at) {
                    scored_candidate.parts.insert(part, *value);
                }
                scored_candidate.score -= weight * (best - found.get(at).copied().unwrap_or(last));
            }
            weighed = true;
        }
        Ok(weighed)
    }

    /// Asks the networks that were not asked before, since they weigh nothing or nothing was to be weighed,
    /// about the candidates that are reported: what each says is a named part of the result, and
    /// whoever reads it sees where they disagree.
    pub(super) fn ask_networks(
        &self,
        query: &Query,
        scored: &mut [ScoredCandidate],
        reported: &dyn Fn(usize, &ScoredCandidate) -> bool,
    ) -> Result<(), ElucidationError> {
        if self.comparers.is_empty() {
            return Ok(());
        }
        let (mut places, mut graphs) = (Vec::new(), Vec::new());
        let shown = scored.iter().enumerate().filter(|(at, candidate)| reported(*at, candidate));
        for (at, candidate) in shown.take(MOST_ASKED) {
            if let Some(molecule) = self.molecules.graph_only(&candidate.text) {
                places.push(at);
                graphs.push(molecule.graph.clone());
            }
        }
        for comparer in &self.comparers {
            let part = comparer.part();
            if places.iter().all(|&place| scored[place].parts.contains_key(&part)) {
                continue;
            }
            let found = match comparer.compare(query, &graphs) {
                Ok(Some(found)) => found,
                Ok(None) => continue,
                // What weighs nothing costs no result.
                Err(InferenceError::Network(reason)) => {
                    warn!(part = part.name(), reason, "a network says nothing of a sample");
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            for (&place, value) in places.iter().zip(found).filter(|(_, v)| v.is_finite()) {
                scored[place].parts.insert(part, value);
            }
        }
        Ok(())
    }
}
