//! What is known of a compound that is often left in a tube.

use crate::fid::Solvent;

/// Solvents that the columns of the table stand for.
pub(super) const COLUMNS: [Solvent; 10] = [
    Solvent::Chloroform,
    Solvent::DimethylSulfoxide,
    Solvent::Methanol,
    Solvent::Water,
    Solvent::Acetone,
    Solvent::Benzene,
    Solvent::Acetonitrile,
    Solvent::Dichloromethane,
    Solvent::Tetrahydrofuran,
    Solvent::Toluene,
];

/// Not in the literature's table.
pub(super) const X: f64 = f64::NAN;

/// Shifts by column, ppm.
pub(super) type Shifts = [f64; COLUMNS.len()];

/// A compound that is often left in a tube.
#[derive(Debug)]
pub(super) struct Known {
    pub name: &'static str,
    protons: &'static [Signal],
    carbons: &'static [Shifts],
}

/// Protons of one kind.
#[derive(Debug)]
pub(super) struct Signal {
    pub hydrogens: u8,
    /// Lines of a first-order multiplet, or 0 for what has none.
    pub lines: u8,
    /// Coupling constant, or for what is no first-order multiplet its width; Hz.
    pub hz: f64,
    ppm: Shifts,
}

/// The column of a solvent.
pub(super) fn column(solvent: Solvent) -> Option<usize> {
    COLUMNS.iter().position(|&column| column == solvent)
}

impl Known {
    /// Protons with their shifts, ppm; none where one is unknown.
    pub fn protons(&self, column: usize) -> Option<Vec<(&'static Signal, f64)>> {
        let shifts = self.protons.iter().map(|signal| {
            let ppm = signal.ppm.get(column).copied()?;
            ppm.is_finite().then_some((signal, ppm))
        });
        shifts.collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())
    }

    /// Shifts of the carbons, ppm; none where one is unknown.
    pub fn carbons(&self, column: usize) -> Option<Vec<f64>> {
        let shifts = self
            .carbons
            .iter()
            .map(|shifts| shifts.get(column).copied().filter(|ppm| ppm.is_finite()));
        shifts.collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())
    }
}

impl Signal {
    /// Offsets of the lines in units of the coupling, with relative heights.
    pub fn pattern(&self) -> &'static [(f64, f64)] {
        match self.lines {
            1 => &[(0.0, 1.0)],
            2 => &[(-0.5, 1.0), (0.5, 1.0)],
            3 => &[(-1.0, 1.0), (0.0, 2.0), (1.0, 1.0)],
            4 => &[(-1.5, 1.0), (-0.5, 3.0), (0.5, 3.0), (1.5, 1.0)],
            7 => &[
                (-3.0, 1.0),
                (-2.0, 6.0),
                (-1.0, 15.0),
                (0.0, 20.0),
                (1.0, 15.0),
                (2.0, 6.0),
                (3.0, 1.0),
            ],
            _ => &[],
        }
    }
}

pub(super) const fn known(
    name: &'static str,
    protons: &'static [Signal],
    carbons: &'static [Shifts],
) -> Known {
    Known { name, protons, carbons }
}

const fn signal(hydrogens: u8, lines: u8, hz: f64, ppm: Shifts) -> Signal {
    Signal { hydrogens, lines, hz, ppm }
}

pub(super) const fn singlet(hydrogens: u8, ppm: Shifts) -> Signal {
    signal(hydrogens, 1, 0.0, ppm)
}

pub(super) const fn doublet(hydrogens: u8, hz: f64, ppm: Shifts) -> Signal {
    signal(hydrogens, 2, hz, ppm)
}

pub(super) const fn triplet(hydrogens: u8, hz: f64, ppm: Shifts) -> Signal {
    signal(hydrogens, 3, hz, ppm)
}

pub(super) const fn quartet(hydrogens: u8, hz: f64, ppm: Shifts) -> Signal {
    signal(hydrogens, 4, hz, ppm)
}

pub(super) const fn septet(hydrogens: u8, hz: f64, ppm: Shifts) -> Signal {
    signal(hydrogens, 7, hz, ppm)
}

pub(super) const fn broad(hydrogens: u8, hz: f64, ppm: Shifts) -> Signal {
    signal(hydrogens, 0, hz, ppm)
}
