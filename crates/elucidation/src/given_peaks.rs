//! Peaks that somebody gives by hand, as a query.

use crate::drawn_spectrum::DrawnSpectrum;
use crate::multiplet::ObservedMultiplet;
use crate::query::{ObservedPeak, Query};
use larmor_nmr::spectrum::simulation::{Coupling, ProtonSignal, Stick, split};

/// Width of a given 1H line, Hz.
const WIDTH_HZ: f64 = 1.0;
/// Letters of a pattern and the neighbours they stand for; of those that begin alike the longest
/// first.
const LETTERS: [(&str, u8); 10] = [
    ("quint", 4),
    ("sext", 5),
    ("sept", 6),
    ("hept", 6),
    ("pent", 4),
    ("p", 4),
    ("q", 3),
    ("t", 2),
    ("d", 1),
    ("s", 0),
];

/// A 1H signal as chemists report it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GivenSignal {
    /// Centre, ppm.
    pub ppm: f64,
    /// Hydrogens it stands for.
    pub hydrogens: f64,
    /// Pattern: `s`, `d`, `t`, `dd` ...; anything else is drawn as one line.
    pub pattern: String,
    /// Coupling constants, Hz, in the order of the pattern's letters.
    pub couplings_hz: Vec<f64>,
}

impl Query {
    /// From shifts of 13C lines and 1H signals on a spectrometer of so many MHz (of 1H).
    #[must_use]
    pub fn of_given_peaks(carbon_ppm: &[f64], proton: &[GivenSignal], proton_mhz: f64) -> Self {
        let sticks: Vec<Stick> = proton.iter().flat_map(|one| one.sticks(proton_mhz)).collect();
        Self {
            c13: carbon_ppm.iter().map(|&ppm| ObservedPeak::carbon(ppm, None)).collect(),
            h1: proton.iter().map(GivenSignal::observed).collect(),
            h1_drawn: DrawnSpectrum::of_sticks(sticks, proton_mhz),
            ..Self::default()
        }
    }
}

impl GivenSignal {
    fn observed(&self) -> ObservedPeak {
        let multiplet =
            ObservedMultiplet::new(Some(self.hydrogens)).split(&self.pattern, &self.couplings_hz);
        ObservedPeak::of_multiplet(self.ppm, multiplet)
    }

    fn sticks(&self, mhz: f64) -> Vec<Stick> {
        let couplings = self.neighbours().into_iter().zip(&self.couplings_hz);
        let signal = ProtonSignal {
            ppm: self.ppm,
            protons: self.hydrogens,
            couplings: couplings.map(|(n, &hertz)| Coupling::first_order(hertz, n)).collect(),
            width_hz: Some(WIDTH_HZ),
        };
        split(&signal, mhz)
    }

    /// Neighbours of each kind by the pattern; none where it cannot be read.
    fn neighbours(&self) -> Vec<u8> {
        let pattern = self.pattern.to_ascii_lowercase();
        let (mut rest, mut found) = (pattern.trim_start_matches("br").trim(), Vec::new());
        while let Some((letters, neighbours)) =
            LETTERS.into_iter().find(|(letters, _)| rest.starts_with(letters))
        {
            found.push(neighbours);
            rest = &rest[letters.len()..];
        }
        if rest.is_empty() { found } else { Vec::new() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn lines(pattern: &str, couplings_hz: &[f64]) -> usize {
        let signal = GivenSignal {
            ppm: 3.7,
            hydrogens: 2.0,
            pattern: pattern.to_owned(),
            couplings_hz: couplings_hz.to_vec(),
        };
        let sticks = signal.sticks(400.0);
        let area: f64 = sticks.iter().map(|stick| stick.area).sum();
        assert!((area - 2.0).abs() < 1e-9, "{pattern}: {area}");
        sticks.len()
    }

    #[test]
    fn signals_are_split_as_they_are_said_to_be() {
        assert_eq!([lines("s", &[]), lines("q", &[7.1]), lines("sept", &[6.9])], [1, 4, 7]);
        assert_eq!([lines("dd", &[16.0, 7.0]), lines("br t", &[5.0])], [4, 3]);
        assert_eq!([lines("m", &[7.0]), lines("", &[]), lines("t", &[])], [1, 1, 1]);
    }

    #[test]
    fn what_is_given_of_a_nucleus_is_in_the_query() {
        let signal = GivenSignal { ppm: 1.2, hydrogens: 3.0, ..GivenSignal::default() };
        let query = Query::of_given_peaks(&[18.2, 58.0], &[], 400.0);
        assert!(query.c13.len() == 2 && query.h1.is_empty() && query.h1_drawn.is_none());
        let query = Query::of_given_peaks(&[], &[signal], 400.0);
        assert!(query.c13.is_empty() && query.h1_drawn.is_some());
        assert_eq!(query.h1[0].as_multiplet().unwrap().hydrogens, Some(3.0));
    }
}
