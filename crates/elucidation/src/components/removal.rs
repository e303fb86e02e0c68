//! A query without the lines of one of the substances in the tube.

use super::impurity::{FoundSubstance, integral};
use crate::query::{Extent, ObservedPeak, Query};

/// What is left of a signal is a signal where it is this share of it, and this part of a hydrogen
/// of the substance that was taken out.
const LEFT_SHARE: f64 = 0.2;
const LEFT_HYDROGENS: f64 = 0.35;

impl FoundSubstance {
    /// The query without it. A 1H signal that holds more than its hydrogens stays with the rest.
    pub fn taken_from(&self, query: &Query) -> Query {
        let keep = |place: &usize| !self.carbons.contains(place);
        let c13 = (0..query.c13.len()).filter(keep).map(|place| query.c13[place]);
        let mut without = Query { c13: c13.collect(), h1: Vec::new(), ..query.clone() };
        let area = self.area_of_hydrogen.unwrap_or(0.0);
        for (place, peak) in query.h1.iter().enumerate() {
            match self.protons.iter().find(|own| own.0 == place) {
                None => without.h1.push(*peak),
                Some((_, hydrogens)) => without.h1.extend(rest(peak, *hydrogens, area)),
            }
        }
        without
    }
}

/// What is left of a signal.
fn rest(peak: &ObservedPeak, hydrogens: f64, area: f64) -> Option<ObservedPeak> {
    let Extent::Multiplet(multiplet) = peak.extent else { return None };
    let whole = integral(peak)?;
    let left = whole - hydrogens * area;
    if left < (LEFT_SHARE * whole).max(LEFT_HYDROGENS * area) {
        return None;
    }
    let share = left / whole;
    // The rest is of another pattern than the sum.
    let left = crate::ObservedMultiplet {
        hydrogens: multiplet.hydrogens.map(|n| n * share),
        area: multiplet.area.map(|area| area * share),
        ..crate::ObservedMultiplet::default()
    };
    Some(ObservedPeak::of_multiplet(peak.ppm, left))
}
