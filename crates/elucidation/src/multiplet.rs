//! What is known of a 1H multiplet beside its centre.

use crate::splitting::SplittingPattern;

/// No coupling is larger, Hz.
const MOST_COUPLING_HZ: f64 = 1_000.0;

/// What is known of a 1H multiplet beside its centre.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ObservedMultiplet {
    /// Hydrogens it stands for, by its integral, where known.
    pub hydrogens: Option<f64>,
    /// Integral relative to the sum over the compound's multiplets, where measured.
    pub area: Option<f64>,
    /// What it is split into.
    pub splitting: SplittingPattern,
    /// True where it is said to be broad.
    pub broad: bool,
    /// Its largest coupling, Hz, where known.
    pub largest_coupling_hz: Option<f64>,
}

impl ObservedMultiplet {
    /// With so many hydrogens, where known.
    #[must_use]
    pub fn new(hydrogens: Option<f64>) -> Self {
        Self { hydrogens, ..Self::default() }
    }

    /// With a pattern as chemists write it (see [`SplittingPattern::read`]; what is not understood
    /// is unread) and couplings in Hz, in whatever order.
    ///
    /// ```
    /// use larmor_elucidation::{ObservedMultiplet, SplittingPattern};
    ///
    /// let found = ObservedMultiplet::new(Some(1.0)).split("dd", &[2.1, 8.4]);
    /// assert_eq!(found.splitting, SplittingPattern::Compound);
    /// assert_eq!(found.largest_coupling_hz, Some(8.4));
    /// ```
    #[must_use]
    pub fn split(self, pattern: &str, couplings_hz: &[f64]) -> Self {
        let (splitting, broad) = SplittingPattern::read(pattern).unwrap_or_default();
        let couplings = couplings_hz.iter().map(|hz| hz.abs());
        let largest_coupling_hz =
            couplings.filter(|hz| *hz > 0.0 && *hz <= MOST_COUPLING_HZ).max_by(f64::total_cmp);
        Self { splitting, broad, largest_coupling_hz, ..self }
    }

    /// With its integral relative to the sum over the compound's multiplets.
    #[must_use]
    pub fn of_area(self, area: f64) -> Self {
        Self { area: Some(area).filter(|area| area.is_finite()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_and_couplings_are_kept_and_nonsense_is_not() {
        let plain = ObservedMultiplet::new(Some(2.0));
        let quartet = plain.split("q", &[7.1]).of_area(0.4);
        assert_eq!(quartet.splitting, SplittingPattern::Quartet);
        assert_eq!((quartet.hydrogens, quartet.area), (Some(2.0), Some(0.4)));
        assert_eq!(quartet.largest_coupling_hz, Some(7.1));
        let broad = plain.split("br s", &[]);
        assert!(broad.broad && broad.largest_coupling_hz.is_none());
        assert_eq!(plain.split("?", &[f64::NAN, 0.0, 1e9]).of_area(f64::NAN), plain);
        assert_eq!(plain.split("d", &[-12.0, 4.0]).largest_coupling_hz, Some(12.0));
    }
}
