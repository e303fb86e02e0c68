//! The molecular graph: heavy atoms and bonds, with what RDKit knows of each.

use crate::rdkit::ffi::Record;

/// How a bond is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BondType {
    /// Single.
    Single,
    /// Double.
    Double,
    /// Triple.
    Triple,
    /// Aromatic.
    Aromatic,
    /// Dative, zero order and the like.
    Other,
}

/// Orbital hybridisation of an atom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hybridisation {
    /// Single atom or unknown.
    S,
    /// Linear.
    Sp,
    /// Trigonal.
    Sp2,
    /// Tetrahedral.
    Sp3,
    /// Beyond the octet.
    Expanded,
}

/// One bond, listed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bond {
    /// Index of the first atom.
    pub begin: u32,
    /// Index of the second atom.
    pub end: u32,
    /// Order.
    pub kind: BondType,
    /// Direction mark beside a double bond: 0 none, 1 up, 2 down.
    pub direction: u8,
    /// Configuration of a double bond: 0 unknown or none, 1 Z or cis, 2 E or trans.
    pub stereo: u8,
    /// Part of a conjugated system.
    pub conjugated: bool,
    /// Part of a ring.
    pub in_ring: bool,
}

/// Heavy atoms (columns, all of one length) and bonds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MolecularGraph {
    /// Atomic number.
    pub element: Vec<u8>,
    /// Formal charge.
    pub charge: Vec<i8>,
    /// Hydrogens attached.
    pub hydrogens: Vec<u8>,
    /// Heavy neighbours.
    pub degree: Vec<u8>,
    /// Hybridisation.
    pub hybridisation: Vec<Hybridisation>,
    /// Chiral tag as parsed: 0 none, 1 clockwise, 2 counter-clockwise. Depends on atom order.
    pub chiral_tag: Vec<u8>,
    /// CIP label: 0 none, 1 R, 2 S. Independent of atom order.
    pub cip: Vec<u8>,
    /// Aromatic atom.
    pub aromatic: Vec<bool>,
    /// Unpaired electrons.
    pub radicals: Vec<u8>,
    /// Bit k set: in a ring of size k + 3 (3 to 8).
    pub ring_sizes: Vec<u8>,
    /// Rings the atom is part of.
    pub ring_count: Vec<u8>,
    /// Bonds, each once.
    pub bonds: Vec<Bond>,
}

impl MolecularGraph {
    /// Number of heavy atoms.
    #[must_use]
    pub fn len(&self) -> usize {
        self.element.len()
    }

    /// True of a graph without atoms.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.element.is_empty()
    }

    pub(super) fn from_record(record: &Record) -> Self {
        Self {
            element: record.element.clone(),
            charge: record.charge.clone(),
            hydrogens: record.hydrogens.clone(),
            degree: record.degree.clone(),
            hybridisation: record.hybridisation.iter().map(|&h| hybridisation(h)).collect(),
            chiral_tag: record.chiral_tag.iter().map(|&t| if t <= 2 { t } else { 0 }).collect(),
            cip: record.cip.clone(),
            aromatic: record.aromatic.clone(),
            radicals: record.radicals.clone(),
            ring_sizes: record.ring_sizes.clone(),
            ring_count: record.ring_count.clone(),
            bonds: (0..record.begin.len()).map(|i| bond(record, i)).collect(),
        }
    }
}

// RDKit's HybridizationType: 0 unspecified, 1 S, 2 SP, 3 SP2, 4 SP3, 5 SP2D, 6 SP3D, 7 SP3D2.
fn hybridisation(code: u8) -> Hybridisation {
    match code {
        2 => Hybridisation::Sp,
        3 => Hybridisation::Sp2,
        4 => Hybridisation::Sp3,
        5..=7 => Hybridisation::Expanded,
        _ => Hybridisation::S,
    }
}

fn bond(record: &Record, i: usize) -> Bond {
    Bond {
        begin: record.begin[i],
        end: record.end[i],
        // RDKit's BondType: 1 single, 2 double, 3 triple, 12 aromatic.
        kind: match record.bond_type[i] {
            1 => BondType::Single,
            2 => BondType::Double,
            3 => BondType::Triple,
            12 => BondType::Aromatic,
            _ => BondType::Other,
        },
        // RDKit's BondDir: 3 ENDDOWNRIGHT, 4 ENDUPRIGHT.
        direction: match record.bond_direction[i] {
            4 => 1,
            3 => 2,
            _ => 0,
        },
        // RDKit's BondStereo: 2 Z, 3 E, 4 cis, 5 trans.
        stereo: match record.bond_stereo[i] {
            2 | 4 => 1,
            3 | 5 => 2,
            _ => 0,
        },
        conjugated: record.bond_conjugated[i],
        in_ring: record.bond_in_ring[i],
    }
}
