//! What a molecule is expected to show: one site for each symmetry class.

use std::collections::BTreeMap;

use larmor_chemistry::{Hybridisation, Molecule};
use larmor_networks::{AtomShift, PredictedShifts};

/// One symmetry class of carbons, or of hydrogen-bearing hetero-atoms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Site {
    /// Expected 13C shift; `None` for hetero-atoms.
    pub carbon: Option<AtomShift>,
    /// Expected 1H shift; `None` without hydrogens.
    pub proton: Option<AtomShift>,
    /// How far apart the two hydrogens of a CH2 are expected, ppm; `None` where nothing is said.
    pub apart: Option<f32>,
    /// Hydrogens on each atom.
    pub hydrogens: u8,
    /// Atoms of the class.
    pub members: u16,
    /// Tetrahedral: equivalent atoms may still be diastereotopic.
    pub tetrahedral: bool,
}

/// Sites of a molecule: carbons by rising shift, then hetero-atoms.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// The sites.
    pub sites: Vec<Site>,
    /// Atoms of every site, one site after the other, as 0-based places in the input.
    pub atoms: Vec<u16>,
}

impl Profile {
    /// Sums a prediction up by symmetry class. Values are rounded to what a library keeps, so
    /// that a candidate scores the same from a library and from its SMILES.
    #[must_use]
    pub fn new(molecule: &Molecule, shifts: &PredictedShifts) -> Self {
        let graph = &molecule.graph;
        let mut classes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for atom in 0..graph.len() {
            if graph.element[atom] == 6 || graph.hydrogens[atom] > 0 {
                classes.entry(molecule.symmetry[atom]).or_default().push(atom);
            }
        }
        let mut sites: Vec<(Site, Vec<u16>)> = classes
            .into_values()
            .map(|atoms| {
                let first = atoms[0];
                let is_carbon = graph.element[first] == 6;
                let site = Site {
                    carbon: mean(&shifts.c13, &atoms).filter(|_| is_carbon).map(round_carbon),
                    proton: mean(&shifts.h1, &atoms)
                        .filter(|_| graph.hydrogens[first] > 0)
                        .map(round_proton),
                    apart: mean(&shifts.geminal, &atoms)
                        .filter(|_| is_carbon && graph.hydrogens[first] == 2)
                        .and_then(|shift| Apart::of(Some(shift.ppm)).ppm()),
                    hydrogens: graph.hydrogens[first],
                    members: u16::try_from(atoms.len()).unwrap_or(u16::MAX),
                    tetrahedral: graph.hybridisation[first] == Hybridisation::Sp3,
                };
                let mut source: Vec<u16> = atoms
                    .iter()
                    .map(|&a| u16::try_from(molecule.source[a]).unwrap_or(u16::MAX))
                    .collect();
                source.sort_unstable();
                (site, source)
            })
            .collect();
        let key = |site: &Site| site.carbon.map_or(f32::INFINITY, |shift| shift.ppm);
        sites.sort_by(|a, b| key(&a.0).total_cmp(&key(&b.0)).then_with(|| a.1.cmp(&b.1)));
        Self {
            atoms: sites.iter().flat_map(|(_, atoms)| atoms.iter().copied()).collect(),
            sites: sites.into_iter().map(|(site, _)| site).collect(),
        }
    }

    /// Each site with its atoms.
    pub fn iter(&self) -> impl Iterator<Item = (&Site, &[u16])> {
        let mut rest = self.atoms.as_slice();
        self.sites.iter().map(move |site| {
            let (own, tail) = rest.split_at(usize::from(site.members).min(rest.len()));
            rest = tail;
            (site, own)
        })
    }
}

/// Mean shift and mean spread over the atoms of a class.
fn mean(column: &[Option<AtomShift>], atoms: &[usize]) -> Option<AtomShift> {
    let known: Vec<AtomShift> =
        atoms.iter().filter_map(|&a| column.get(a).copied().flatten()).collect();
    let fine = |s: &AtomShift| s.ppm.is_finite() && s.spread.is_finite();
    if known.is_empty() || !known.iter().all(fine) {
        return None;
    }
    let n = known.len() as f32;
    Some(AtomShift {
        ppm: known.iter().map(|s| s.ppm).sum::<f32>() / n,
        spread: known.iter().map(|s| s.spread).sum::<f32>() / n,
    })
}

fn round_carbon(shift: AtomShift) -> AtomShift {
    Packed::carbon(shift).into_carbon()
}

fn round_proton(shift: AtomShift) -> AtomShift {
    Packed::proton(shift).into_proton()
}

/// A shift as it is kept: 13C in hundredths of a ppm, 1H in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packed {
    pub(super) ppm: i16,
    pub(super) spread: u16,
}

impl Packed {
    /// Stands for "no shift".
    pub(super) const NONE: Self = Self { ppm: i16::MIN, spread: 0 };

    pub(super) fn carbon(shift: AtomShift) -> Self {
        Self::scaled(shift, 100.0)
    }

    pub(super) fn proton(shift: AtomShift) -> Self {
        Self::scaled(shift, 1000.0)
    }

    pub(super) fn into_carbon(self) -> AtomShift {
        self.unscaled(100.0)
    }

    pub(super) fn into_proton(self) -> AtomShift {
        self.unscaled(1000.0)
    }

    // `as` saturates, so an absurd prediction stays in range.
    fn scaled(shift: AtomShift, scale: f32) -> Self {
        Self {
            ppm: ((shift.ppm * scale).round() as i16).max(i16::MIN + 1),
            spread: ((shift.spread * scale).round() as u16).max(1),
        }
    }

    fn unscaled(self, scale: f32) -> AtomShift {
        AtomShift { ppm: f32::from(self.ppm) / scale, spread: f32::from(self.spread) / scale }
    }
}

/// The distance of two hydrogens as it is kept: none, or in steps from 1 to [`Self::MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Apart(pub(super) u8);

impl Apart {
    const MOST: u8 = 127;
    /// A step, ppm.
    const STEP: f32 = 0.02;

    pub(super) fn of(ppm: Option<f32>) -> Self {
        // `as` saturates.
        let step = |ppm: f32| ((ppm.abs() / Self::STEP).round() as u8).min(Self::MOST - 1) + 1;
        Self(ppm.map_or(0, step))
    }

    pub(super) fn ppm(self) -> Option<f32> {
        (self.0 > 0).then(|| f32::from(self.0 - 1) * Self::STEP)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn flat(molecule: &Molecule) -> PredictedShifts {
        let shift = |z: u8| AtomShift { ppm: f32::from(z) * 10.0, spread: 1.0 };
        let element = &molecule.graph.element;
        PredictedShifts {
            c13: element.iter().map(|&z| (z == 6).then(|| shift(z))).collect(),
            h1: molecule.graph.hydrogens.iter().map(|&h| (h > 0).then(|| shift(1))).collect(),
            ..PredictedShifts::default()
        }
    }

    #[test]
    fn equivalent_carbons_share_a_site_and_keep_their_atoms() {
        let molecule = Molecule::from_smiles("Oc1ccccc1").unwrap();
        let profile = Profile::new(&molecule, &flat(&molecule));
        assert_eq!(profile.sites.len(), 5);
        let atoms: Vec<Vec<u16>> = profile.iter().map(|(_, atoms)| atoms.to_vec()).collect();
        assert!(atoms.contains(&vec![2, 6]));
        assert!(atoms.contains(&vec![3, 5]));
        let hydroxyl = profile.sites.last().unwrap();
        assert!(hydroxyl.carbon.is_none() && hydroxyl.proton.is_some());
    }

    #[test]
    fn what_is_said_of_the_hydrogens_of_a_ch2_stays_with_it() {
        let molecule = Molecule::from_smiles("CCC(C)O").unwrap();
        let far = |ppm| Some(AtomShift { ppm, spread: 0.1 });
        let geminal = [far(0.5), far(0.1234), None, None, None].to_vec();
        let profile = Profile::new(&molecule, &PredictedShifts { geminal, ..flat(&molecule) });
        let apart: Vec<f32> = profile.sites.iter().filter_map(|site| site.apart).collect();
        assert_eq!(apart, [0.12], "of the CH2 and of no CH3");
        assert_eq!(Apart::of(Some(1e9)).ppm(), Some(126.0 * 0.02));
    }

    #[test]
    fn absurd_predictions_stay_in_range() {
        let molecule = Molecule::from_smiles("C").unwrap();
        let shifts = PredictedShifts {
            c13: vec![Some(AtomShift { ppm: 1e30, spread: 1e30 })],
            h1: vec![Some(AtomShift { ppm: f32::NAN, spread: 1.0 })],
            ..PredictedShifts::default()
        };
        let profile = Profile::new(&molecule, &shifts);
        assert!(profile.sites[0].carbon.unwrap().ppm <= 328.0);
        assert!(profile.sites[0].proton.is_none());
    }
}
