//! Candidates while they are scored and ranked.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::prediction_cache::PredictedStructure;
use crate::score_part::ScorePart;

/// Where a candidate comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Origin {
    Structure(Arc<PredictedStructure>, Option<String>),
    Library(usize, u32),
}

/// A candidate on its way to a rank.
pub(crate) struct ScoredCandidate {
    pub(crate) origin: Origin,
    pub(crate) source: String,
    pub(crate) proposed: bool,
    pub(crate) formula_differs: bool,
    pub(crate) score: f64,
    /// What the score is made of.
    pub(crate) parts: BTreeMap<ScorePart, f64>,
    pub(crate) probability: f64,
    /// Decides ties, so that the order of candidates does not.
    pub(crate) text: String,
}

/// Softmax over all that were scored and "none of these", whose share is returned.
pub(crate) fn share_probability(
    scored: &mut [ScoredCandidate],
    none: f64,
    temperature: f64,
) -> f64 {
    let best = scored.first().map_or(none, |c| c.score.max(none));
    let weight = |score: f64| ((score - best) / temperature).exp();
    let total: f64 = scored.iter().map(|c| weight(c.score)).sum::<f64>() + weight(none);
    scored.iter_mut().for_each(|c| c.probability = weight(c.score) / total);
    weight(none) / total
}

/// Best first; the order does not depend on where candidates came from.
pub(crate) fn sort_by_score(scored: &mut [ScoredCandidate]) {
    scored.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.text.cmp(&b.text)));
}

/// Scored candidates on their way to a ranking.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) scored: Vec<ScoredCandidate>,
    /// How many were scored, by an estimate or fully.
    pub(crate) considered: u64,
    /// Structures that were left out, in words.
    pub(crate) unread: Vec<String>,
}
