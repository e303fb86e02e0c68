//! Means with bootstrap intervals (Efron, 1979): items drawn again with replacement, percentiles.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

const DRAWS: usize = 1_000;
const SEED: u64 = 42;

/// A mean over items, with the interval that holds 95 % of the redrawn means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// 2.5th percentile.
    pub low: f64,
    /// 97.5th percentile.
    pub high: f64,
    /// Items.
    pub n: usize,
}

impl Estimate {
    /// Mean of the values of items; `None` without any.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let pairs: Vec<(f64, f64)> = values.iter().map(|&value| (value, 1.0)).collect();
        Self::of_ratio(&pairs)
    }

    /// Sum over sum of items that hold several values each (a molecule its carbons), drawn as
    /// wholes because their values go together.
    #[must_use]
    pub fn of_ratio(items: &[(f64, f64)]) -> Option<Self> {
        let add = |a: (f64, f64), b: &&(f64, f64)| (a.0 + b.0, a.1 + b.1);
        Self::of_statistic(items, |drawn| {
            let sums = drawn.iter().fold((0.0, 0.0), add);
            if sums.1 > 0.0 { sums.0 / sums.1 } else { f64::NAN }
        })
    }

    /// Any figure of a set of items, NaN where it has none; `None` where all items together have none.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn of_statistic<T>(items: &[T], statistic: impl Fn(&[&T]) -> f64) -> Option<Self> {
        let mean = statistic(&items.iter().collect::<Vec<_>>());
        if mean.is_nan() {
            return None;
        }
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        let mut drawn = Vec::with_capacity(items.len());
        let mut means: Vec<f64> = (0..DRAWS)
            .map(|_| {
                drawn.clear();
                drawn.extend((0..items.len()).map(|_| &items[random.random_range(0..items.len())]));
                statistic(&drawn)
            })
            .filter(|mean| !mean.is_nan())
            .collect();
        means.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (share * (means.len().saturating_sub(1)) as f64).round();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            means.get(place as usize).copied().unwrap_or(mean)
        };
        Some(Self { mean, low: at(0.025), high: at(0.975), n: items.len() })
    }

    /// As percent: `95.3 [94.1-96.4]`.
    #[must_use]
    pub fn percent(&self) -> String {
        format!("{:.1} [{:.1}-{:.1}]", 100.0 * self.mean, 100.0 * self.low, 100.0 * self.high)
    }

    /// With three decimals: `1.033 [1.010-1.060]`.
    #[must_use]
    pub fn number(&self) -> String {
        format!("{:.3} [{:.3}-{:.3}]", self.mean, self.low, self.high)
    }
}

/// Share of true values in percent, with its interval; a dash without any.
pub(crate) fn share_of(values: impl Iterator<Item = bool>) -> String {
    let values: Vec<f64> = values.map(f64::from).collect();
    Estimate::of(&values).map_or_else(|| "-".to_owned(), |estimate| estimate.percent())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_as_wide_as_theory_says_and_the_same_every_time() {
        let values: Vec<f64> = (0..400).map(|i| f64::from(i % 2)).collect();
        let found = Estimate::of(&values).unwrap();
        assert_eq!(found, Estimate::of(&values).unwrap());
        // Standard error 0.5 / sqrt(400) = 0.025, so about 0.451 to 0.549.
        assert!((found.mean - 0.5).abs() < 1e-12);
        assert!((found.low - 0.451).abs() < 0.01 && (found.high - 0.549).abs() < 0.01, "{found:?}");
        assert!(Estimate::of(&[]).is_none());
    }

    #[test]
    fn a_ratio_weighs_items_by_what_they_hold() {
        let found = Estimate::of_ratio(&[(1.0, 1.0), (0.0, 3.0)]).unwrap();
        assert!((found.mean - 0.25).abs() < 1e-12);
    }
}
