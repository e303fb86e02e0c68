//! Molecules of a library by formula and mass.

use super::layout::decode_span;
use super::open::Library;
use super::records::span;
use larmor_chemistry::Formula;

impl Library {
    /// Molecules of a formula.
    #[must_use]
    pub fn with_formula(&self, formula: &Formula) -> Vec<u32> {
        let Some(&wanted) = self.formulas.get(&formula.to_string()) else { return Vec::new() };
        let mass = formula.monoisotopic_mass().unwrap_or(-1.0);
        self.ordered(mass - 1e-6, mass + 1e-6)
            .filter(|&number| {
                self.index_bytes(number).and_then(decode_span).is_some_and(|s| s.1 == wanted)
            })
            .collect()
    }

    /// Molecules whose monoisotopic mass lies between two masses, in Da.
    #[must_use]
    pub fn within_mass(&self, low: f64, high: f64) -> Vec<u32> {
        self.ordered(low.max(0.0), high).collect()
    }

    fn ordered(&self, low: f64, high: f64) -> impl Iterator<Item = u32> + '_ {
        let mass = |place: u32| {
            let record = self.at_place(place).and_then(|n| self.index_bytes(n));
            record.and_then(decode_span).map_or(f64::INFINITY, |span| span.0)
        };
        let (mut start, mut end) = (0, self.len());
        while start < end {
            let middle = start + (end - start) / 2;
            if mass(middle) < low { start = middle + 1 } else { end = middle }
        }
        (start..self.len())
            .take_while(move |&place| mass(place) <= high)
            .filter_map(|place| self.at_place(place))
    }

    fn at_place(&self, place: u32) -> Option<u32> {
        let bytes = span(&self.order, place.into(), 1, 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }
}
