//! From scored candidates to a ranking, a verdict and its reasons.

use std::collections::HashSet;

use super::elucidator::Elucidator;
use super::options::{CandidatePool, ElucidationOptions};
use super::scored_candidate::{
    Gathered, Origin, ScoredCandidate, share_probability, sort_by_score,
};
use crate::error::ElucidationError;
use crate::query::Query;
use crate::ranking::verdict;
use crate::scoring::lines::Lines;
use larmor_chemistry::Molecule;
use larmor_nmr::elucidation::{Elucidation, Verdict};

/// Probability of "none of these" from which it is reported.
const WORTH_REPORTING: f64 = 0.1;
/// Candidates, by shifts the first, that networks hold against whole spectra.
const COMPARED: usize = 50;

impl Elucidator {
    /// Ranks, explains and reports.
    pub(crate) fn rank_and_report(
        &self,
        query: &Query,
        pool: &CandidatePool<'_>,
        lines: &Lines,
        gathered: Gathered,
        options: &ElucidationOptions,
    ) -> Result<Elucidation, ElucidationError> {
        let Gathered { mut scored, considered, unread } = gathered;
        sort_by_score(&mut scored);
        // Keys are costly: further down they are found only where networks compare, too.
        let compared = if self.comparers.is_empty() { 0 } else { COMPARED };
        let dropped = self.drop_repeated(&mut scored, options.top.max(compared));
        if self.weigh_whole_spectra(query, &mut scored)? {
            sort_by_score(&mut scored);
        }
        let none = self.parameters.none_score(lines.carbon.len(), lines.proton.len());
        let none = share_probability(&mut scored, none, self.parameters.temperature);
        let target = scored.iter().position(|c| c.proposed).or(if scored.is_empty() {
            None
        } else {
            Some(0)
        });
        let mut candidates = Vec::new();
        let mut decisive = None;
        for (at, scored_candidate) in scored.iter().enumerate() {
            if at >= options.top && !scored_candidate.proposed {
                continue;
            }
            let (candidate, fit) = self.report(at, scored_candidate, lines);
            if target == Some(at) {
                let assessment = self.assess(query, lines, &candidate.smiles)?;
                decisive = Some((fit, assessment, self.standing(&scored, at, none)));
            }
            candidates.push(candidate);
        }
        let mut verdict_probability = None;
        let (verdict, mut reasons) = match decisive {
            Some((fit, assessment, standing)) => {
                verdict_probability = assessment.as_ref().map(|a| a.probability);
                verdict::decide(&fit, assessment.as_ref(), standing)
            }
            None => (Verdict::Inconclusive, vec![self.nothing_found(query, pool, options)]),
        };
        if none >= WORTH_REPORTING && !scored.is_empty() {
            reasons.push(format!("probability {none:.2} that it is none of the candidates"));
        }
        reasons.extend(unread);
        let considered = considered - dropped;
        Ok(Elucidation {
            candidates,
            considered,
            none_of_these: Some(none),
            verdict,
            verdict_probability,
            reasons,
            components: Vec::new(),
            unexplained: Vec::new(),
        })
    }

    /// Lets the networks that read whole spectra weigh in on the candidates that come first. The
    /// best of them by a network keeps its score and the others lose by how much they are behind;
    /// candidates further down lose as much as the last of these. False where nothing changed.
    fn weigh_whole_spectra(
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
            .map(|c| Molecule::graph_only(&c.text).ok().map(|molecule| molecule.graph))
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

    /// Drops candidates that are the same compound written differently: they score alike, so
    /// they lie side by side. Returns how many went.
    fn drop_repeated(&self, scored: &mut Vec<ScoredCandidate>, top: usize) -> u64 {
        let before = scored.len();
        let mut keys = HashSet::new();
        let mut at = 0;
        while at < scored.len().min(top) {
            let key = self.key(&scored[at].origin);
            if key.is_empty() || keys.insert(key) {
                at += 1;
            } else {
                scored.remove(at);
            }
        }
        (before - scored.len()) as u64
    }

    pub(crate) fn key(&self, origin: &Origin) -> String {
        match origin {
            Origin::Structure(predicted, _) => predicted.inchikey().to_owned(),
            Origin::Library(library, number) => {
                self.libraries[*library].entry(*number).map(|e| e.inchikey).unwrap_or_default()
            }
        }
    }
}
