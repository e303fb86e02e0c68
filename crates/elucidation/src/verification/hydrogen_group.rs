//! The hydrogens of a structure, atom by atom, with what they should look like.

use larmor_chemistry::{BondType, Hybridisation, MolecularGraph, Molecule, exchanges};

use super::exchanging::{self, ExchangingSignal};
use crate::library::{Profile, Site};

/// Configuration of a double bond between two carbons with one hydrogen each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DoubleBond {
    E,
    Z,
}

/// The hydrogens of one atom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct HydrogenGroup {
    /// Place of the atom in the structure as it was given.
    pub atom: u16,
    /// Hydrogens on it.
    pub hydrogens: u8,
    /// Expected shift and its spread, ppm.
    pub ppm: f64,
    pub spread: f64,
    /// Two hydrogens of one carbon lie this far from their mean, ppm; 0 of others.
    pub half_apart: f64,
    /// They exchange with water: their signal may be far off, broad, or missing.
    pub exchanges: Option<ExchangingSignal>,
    /// Hydrogens on the carbons bound to it.
    pub neighbours: u8,
    /// Trigonal or aromatic.
    pub flat: bool,
    /// Where it is one end of a double bond whose configuration a coupling tells.
    pub double_bond: Option<DoubleBond>,
}

impl HydrogenGroup {
    pub fn is_methyl(&self) -> bool {
        self.hydrogens == 3 && self.stays()
    }

    /// Whether its hydrogens stay on their atom.
    pub fn stays(&self) -> bool {
        self.exchanges.is_none()
    }
}

/// Half the distance of the hydrogens of a CH2 of which nothing is said, and the least, ppm.
const HALF_APART: f64 = 0.08;
const LEAST_HALF_APART: f64 = 0.03;
/// No spread is taken to be smaller, ppm.
const LEAST_SPREAD: f64 = 0.03;

/// One group for each atom with hydrogens and an expected shift.
pub(super) fn groups(molecule: &Molecule, profile: &Profile) -> Vec<HydrogenGroup> {
    let graph = &molecule.graph;
    let place = |source: u16| molecule.source.iter().position(|&s| s == u32::from(source));
    let mut found = Vec::new();
    for (site, atoms) in profile.iter() {
        let Some(shift) = site.proton.filter(|_| site.hydrogens > 0) else { continue };
        for &source in atoms {
            let Some(atom) = place(source) else { continue };
            found.push(HydrogenGroup {
                atom: source,
                hydrogens: site.hydrogens,
                ppm: f64::from(shift.ppm),
                spread: f64::from(shift.spread).max(LEAST_SPREAD),
                half_apart: half_apart(site),
                exchanges: exchanges(graph, atom).then(|| exchanging::signal(graph, atom)),
                neighbours: neighbours(graph, atom),
                flat: graph.aromatic[atom] || graph.hybridisation[atom] == Hybridisation::Sp2,
                double_bond: double_bond(graph, atom),
            });
        }
    }
    found
}

fn half_apart(site: &Site) -> f64 {
    match (site.hydrogens, site.apart) {
        (2, Some(apart)) => (f64::from(apart) / 2.0).max(LEAST_HALF_APART),
        (2, None) => HALF_APART,
        _ => 0.0,
    }
}

fn neighbours(graph: &MolecularGraph, atom: usize) -> u8 {
    let of = bound(graph, atom).map(|(other, _)| other);
    of.filter(|&other| graph.element[other] == 6).map(|other| graph.hydrogens[other]).sum()
}

fn double_bond(graph: &MolecularGraph, atom: usize) -> Option<DoubleBond> {
    let one_hydrogen = |a: usize| graph.element[a] == 6 && graph.hydrogens[a] == 1;
    bound(graph, atom).find_map(|(other, bond)| {
        let bond = &graph.bonds[bond];
        let told = bond.kind == BondType::Double && !bond.in_ring;
        if !(told && one_hydrogen(atom) && one_hydrogen(other)) {
            return None;
        }
        match bond.stereo {
            1 => Some(DoubleBond::Z),
            2 => Some(DoubleBond::E),
            _ => None,
        }
    })
}

/// Atoms bound to one, with the bond.
fn bound(graph: &MolecularGraph, atom: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    graph.bonds.iter().enumerate().filter_map(move |(place, bond)| {
        match (bond.begin as usize, bond.end as usize) {
            (a, b) if a == atom => Some((b, place)),
            (a, b) if b == atom => Some((a, place)),
            _ => None,
        }
    })
}
