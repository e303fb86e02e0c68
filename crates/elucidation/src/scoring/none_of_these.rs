//! From what is known of the first candidate to the probability that none of them is right.

use serde::{Deserialize, Serialize};

/// A lead beyond this says no more, nats.
const MOST_LEAD: f64 = 20.0;

/// What is known of a ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Share of "none of these" among the candidates, 0 to 1.
    pub share: f64,
    /// Log-odds of the first candidate by its discrepancies.
    pub odds: f64,
    /// How far it is ahead of the next of another constitution, nats.
    pub lead: f64,
}

impl Ranked {
    /// What enters the regression: the logarithm of the odds of the share, the log-odds of the first
    /// candidate, and its lead.
    #[must_use]
    pub fn columns(&self) -> [f64; 3] {
        let share = self.share.clamp(1e-12, 1.0 - 1e-12);
        let lead = if self.lead.is_finite() { self.lead.clamp(0.0, MOST_LEAD) } else { 0.0 };
        [(share / (1.0 - share)).ln(), self.odds, lead]
    }
}

/// A logistic regression: constant, and weights of the columns of [`Ranked`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoneRegression {
    /// Log-odds where all columns are 0.
    pub constant: f64,
    /// Weight of each column.
    pub weights: [f64; 3],
}

impl NoneRegression {
    /// Probability that none of the candidates is right.
    #[must_use]
    pub fn probability(&self, ranked: &Ranked) -> f64 {
        let terms = self.weights.iter().zip(ranked.columns()).map(|(w, column)| w * column);
        1.0 / (1.0 + (-(self.constant + terms.sum::<f64>())).exp())
    }
}

/// Regressions for every choice of spectra, made by `larmor-lab train none`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoneOfThese {
    /// By 13C.
    pub carbon: NoneRegression,
    /// By 1H.
    pub proton: NoneRegression,
    /// By both.
    pub both: NoneRegression,
}

const fn regression(constant: f64, weights: [f64; 3]) -> NoneRegression {
    NoneRegression { constant, weights }
}

impl Default for NoneOfThese {
    fn default() -> Self {
        Self {
            carbon: regression(1.931, [0.232, -0.502, -0.226]),
            proton: regression(3.429, [0.171, -0.925, -0.808]),
            both: regression(2.715, [0.121, -0.349, -0.257]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_that_fits_and_leads_leaves_little_for_none() {
        let sure = Ranked { share: 0.01, odds: 4.0, lead: 15.0 };
        let poor = Ranked { share: 0.01, odds: -6.0, lead: 0.2 };
        let all = NoneOfThese::default();
        for regression in [all.carbon, all.proton, all.both] {
            assert!(regression.probability(&sure) < 0.1);
            assert!(regression.probability(&poor) > 0.5);
        }
        let nothing = Ranked { share: 0.0, odds: f64::MIN, lead: f64::NAN };
        assert!(nothing.columns()[2].abs() < 1e-12);
        assert!(all.both.probability(&nothing).is_finite());
    }
}
