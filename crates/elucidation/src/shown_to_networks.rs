//! The spectra of a sample in the forms that networks take.

use crate::query::Query;
use larmor_networks::{Signal, SignalPattern, SpectrumPair, shifts_of};

impl Query {
    /// The set of its 1H signals, each with its share of the hydrogens; bare lines count as signals.
    #[must_use]
    pub fn signals(&self) -> Vec<Signal> {
        Signal::shares(self.h1.iter().map(|peak| {
            let multiplet = peak.as_multiplet();
            let hydrogens = multiplet.and_then(|m| m.hydrogens.or(m.area));
            (peak.ppm, hydrogens, multiplet.map_or(SignalPattern::Unread, |m| m.splitting.into()))
        }))
    }

    /// Signals and shifts of both nuclei; `None` without any of either.
    #[must_use]
    pub fn peak_pair(&self) -> Option<SpectrumPair> {
        let shifts = shifts_of(self.c13.iter().map(|peak| peak.ppm));
        SpectrumPair::of_peaks(self.signals(), shifts)
    }

    /// Both spectra drawn; `None` where one is not there as it looks.
    #[must_use]
    pub fn drawn_pair(&self) -> Option<SpectrumPair> {
        self.h1_drawn.as_ref()?.pair_with(self.c13_drawn.as_ref()?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::multiplet::ObservedMultiplet;
    use crate::query::ObservedPeak;

    #[test]
    fn a_quartet_of_two_hydrogens_is_told_as_such_and_a_pair_needs_both_nuclei() {
        let multiplet =
            |hydrogens, pattern| ObservedMultiplet::new(Some(hydrogens)).split(pattern, &[7.1]);
        let h1 = vec![
            ObservedPeak::of_multiplet(1.2, multiplet(3.0, "t")),
            ObservedPeak::of_multiplet(3.7, multiplet(2.0, "q")),
        ];
        let mut query = Query { h1, ..Query::default() };
        let signals = query.signals();
        assert_eq!((signals[0].share, signals[1].share), (0.6, 0.4));
        assert_eq!(signals[1].pattern, SignalPattern::Quartet);
        assert_eq!(query.peak_pair(), None);
        query.c13 = vec![ObservedPeak::carbon(18.0, None), ObservedPeak::carbon(58.0, None)];
        let pair = query.peak_pair().unwrap();
        assert_eq!(pair.peaks().unwrap().1, [18.0, 58.0]);
        assert_eq!(query.drawn_pair(), None);
    }
}
