//! Candidates while they are scored and ranked.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ScorePart;
use super::prepared::Prepared;

/// Where a candidate comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Origin {
    Given(Arc<Prepared>, Option<String>),
    Library(usize, u32),
}

/// A candidate on its way to a rank.
pub(super) struct Contender {
    pub(super) origin: Origin,
    pub(super) source: String,
    pub(super) proposed: bool,
    pub(super) formula_differs: bool,
    pub(super) score: f64,
    /// What the score is made of.
    pub(super) parts: BTreeMap<ScorePart, f64>,
    pub(super) probability: f64,
    /// Settles ties, so that the order of candidates does not.
    pub(super) text: String,
}

/// Softmax over all that were scored and "none of these", whose share is returned.
pub(super) fn share_probability(contenders: &mut [Contender], none: f64, temperature: f64) -> f64 {
    let best = contenders.first().map_or(none, |c| c.score.max(none));
    let weight = |score: f64| ((score - best) / temperature).exp();
    let total: f64 = contenders.iter().map(|c| weight(c.score)).sum::<f64>() + weight(none);
    contenders.iter_mut().for_each(|c| c.probability = weight(c.score) / total);
    weight(none) / total
}

/// Best first; the order does not depend on where candidates came from.
pub(super) fn rank(contenders: &mut [Contender]) {
    contenders.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.text.cmp(&b.text)));
}
