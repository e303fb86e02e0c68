//! A 1H signal as networks take it.

/// Rows of a table of patterns.
pub(super) const PATTERNS: i64 = 6;

/// How a signal is split, as far as networks tell patterns apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SignalPattern {
    /// Not read, or several signals in one.
    #[default]
    Unread,
    /// Not split.
    Singlet,
    /// By one hydrogen.
    Doublet,
    /// By two alike.
    Triplet,
    /// By three alike or more.
    Quartet,
    /// By hydrogens of several kinds.
    Compound,
}

impl SignalPattern {
    pub(super) fn row(self) -> i64 {
        match self {
            Self::Unread => 0,
            Self::Singlet => 1,
            Self::Doublet => 2,
            Self::Triplet => 3,
            Self::Quartet => 4,
            Self::Compound => 5,
        }
    }
}

/// A 1H signal: a multiplet or what passes for one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signal {
    /// Centre, ppm.
    pub ppm: f32,
    /// Its share of all hydrogens seen.
    pub share: f32,
    /// Its pattern.
    pub pattern: SignalPattern,
}

impl Signal {
    /// Signals by centre in ppm, hydrogens or area on any scale, and pattern. Where no area is known
    /// all count alike.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)]
    pub fn shares(
        signals: impl IntoIterator<Item = (f64, Option<f64>, SignalPattern)>,
    ) -> Vec<Self> {
        let signals: Vec<_> = signals.into_iter().filter(|signal| signal.0.is_finite()).collect();
        let area = |area: Option<f64>| area.filter(|area| area.is_finite() && *area > 0.0);
        let known: Vec<f64> = signals.iter().filter_map(|signal| area(signal.1)).collect();
        #[allow(clippy::cast_precision_loss)]
        let usual =
            if known.is_empty() { 1.0 } else { known.iter().sum::<f64>() / known.len() as f64 };
        let areas: Vec<f64> =
            signals.iter().map(|signal| area(signal.1).unwrap_or(usual)).collect();
        let all: f64 = areas.iter().sum();
        signals
            .iter()
            .zip(areas)
            .map(|(&(ppm, _, pattern), area)| Self {
                ppm: ppm as f32,
                share: (area / all) as f32,
                pattern,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_one_on_any_scale_and_unknown_areas_are_usual_ones() {
        let pattern = SignalPattern::Unread;
        let found = Signal::shares([(1.2, Some(30.0), pattern), (3.7, Some(20.0), pattern)]);
        assert_eq!(found.iter().map(|peak| peak.share).collect::<Vec<_>>(), [0.6, 0.4]);
        let some = Signal::shares([(1.2, Some(4.0), pattern), (3.7, None, pattern)]);
        assert_eq!(some[1].share, 0.5);
        let none = Signal::shares([(1.2, None, pattern), (f64::NAN, None, pattern)]);
        assert_eq!(none.len(), 1);
        assert_eq!(none[0].share, 1.0);
    }
}
