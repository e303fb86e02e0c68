//! From discrepancies to a probability: a logistic regression in which each counts against.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evidence::{Evidence, JudgedNuclei};
use super::feature::{FEATURES, SHAPES, shapes};

/// Weights of one choice of spectra.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regression {
    /// For each of [`FEATURES`] by name the weights of its shapes (itself, its root, whether it is
    /// there), none above 0; those left out are 0.
    pub against: BTreeMap<String, [f64; SHAPES]>,
    /// Weights of the sizes.
    pub sizes: [f64; 2],
    /// Log-odds where nothing speaks against.
    pub constant: f64,
    /// How the log-odds of the structure itself enter the final ones: constant, slope,
    pub own: [f64; 2],
    /// and how its lead over the best of its alternatives does, and its lag behind it, nats.
    pub lead: [f64; 2],
}

/// A lead or a lag beyond this says no more, nats.
const MOST_LEAD: f64 = 6.0;
/// Being better than its alternatives raises a structure's own log-odds by no more than this: what is
/// far from right is also far ahead of what is one change farther, and nothing like it was fitted on.
const MOST_GAIN: f64 = 5.0;

impl Regression {
    /// From the weights of all shapes of all features, in their order.
    #[must_use]
    pub fn new(against: &[f64], sizes: &[f64], constant: f64) -> Self {
        let (by_feature, _) = against.as_chunks::<SHAPES>();
        let named = FEATURES.iter().zip(by_feature);
        let named = named.filter(|(_, weights)| weights.iter().any(|weight| *weight != 0.0));
        Self {
            against: named.map(|(f, weights)| (f.name.to_owned(), *weights)).collect(),
            sizes: [0, 1].map(|at| sizes.get(at).copied().unwrap_or(0.0)),
            constant,
            own: [0.0, 1.0],
            lead: [0.0; 2],
        }
    }

    /// What enters the second regression: the log-odds of a structure, and its lead over the best of
    /// its alternatives or its lag behind it.
    #[must_use]
    pub fn compared(own: f64, alternative: Option<f64>) -> [f64; 3] {
        let lead = alternative.map_or(MOST_LEAD, |other| own - other);
        let lead = lead.clamp(-MOST_LEAD, MOST_LEAD);
        [own, lead.max(0.0), lead.min(0.0)]
    }

    /// Log-odds of a structure by its own discrepancies.
    #[must_use]
    pub fn log_odds(&self, evidence: &Evidence) -> f64 {
        let sizes: f64 = self.sizes.iter().zip(&evidence.sizes).map(|(w, size)| w * size).sum();
        let against: f64 = (0..FEATURES.len()).map(|place| self.weight(evidence, place)).sum();
        self.constant + sizes + against
    }

    /// What one discrepancy takes from the log-odds.
    #[must_use]
    pub fn weight(&self, evidence: &Evidence, place: usize) -> f64 {
        let feature = &FEATURES[place];
        let Some(weights) = self.against.get(feature.name) else { return 0.0 };
        let shapes = shapes(evidence.values[place], feature);
        weights.iter().zip(shapes).map(|(weight, shape)| weight * shape).sum()
    }

    /// Probability of a structure, given the log-odds of the best of its alternatives, if it has
    /// any.
    #[must_use]
    pub fn probability(&self, own: f64, alternative: Option<f64>) -> f64 {
        let own_odds = own;
        let [own, lead, lag] = Self::compared(own, alternative);
        let odds = self.own[0] + self.own[1] * own + self.lead[0] * lead + self.lead[1] * lag;
        // The first among poor explanations is a poor one.
        let odds = odds.min(own_odds + MOST_GAIN);
        1.0 / (1.0 + (-odds).exp())
    }
}

/// Weights of all choices of spectra.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weights {
    /// By what was judged.
    pub by_nuclei: BTreeMap<JudgedNuclei, Regression>,
}

impl Weights {
    /// The weights that Larmor comes with, made by `larmor-lab train verdict`.
    #[must_use]
    pub fn shipped() -> Self {
        // A test reads them; without any, nothing is judged this way.
        serde_json::from_str(include_str!("weights.json")).unwrap_or_default()
    }
}
