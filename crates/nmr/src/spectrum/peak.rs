//! Peaks, and what each is taken to be.

use serde::{Deserialize, Serialize};

use crate::name::names;

/// Hydrogens on the carbon behind a 13C peak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Multiplicity {
    /// No hydrogen (C).
    S,
    /// One hydrogen (CH).
    D,
    /// Two hydrogens (CH2).
    T,
    /// Three hydrogens (CH3).
    Q,
    /// One hydrogen or three: DEPT135, APT and DEPTQ do not tell CH from CH3.
    DQ,
}

names!(Multiplicity, "multiplicity", {
    S => "S",
    D => "D",
    T => "T",
    Q => "Q",
    DQ => "DQ",
});

impl Multiplicity {
    /// Hydrogen counts it allows: bit n stands for n hydrogens.
    #[must_use]
    pub fn counts(self) -> u8 {
        match self {
            Self::S => 0b0001,
            Self::D => 0b0010,
            Self::T => 0b0100,
            Self::Q => 0b1000,
            Self::DQ => 0b1010,
        }
    }

    /// True when a carbon with so many hydrogens fits; four (methane) count as three.
    #[must_use]
    pub fn allows(self, hydrogens: u8) -> bool {
        self.counts() >> hydrogens.min(3) & 1 == 1
    }

    /// From a hydrogen count; `None` above three.
    #[must_use]
    pub fn from_hydrogens(count: u8) -> Option<Self> {
        [Self::S, Self::D, Self::T, Self::Q].get(usize::from(count)).copied()
    }
}

/// What a peak is taken to come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeakClass {
    /// The sample's compound.
    Compound,
    /// The solvent or its residual protons.
    Solvent,
    /// Something else in the tube (water, TMS, grease).
    Impurity,
    /// A 13C satellite.
    Satellite,
    /// A spinning sideband.
    Sideband,
    /// Made by the instrument or the processing.
    Artifact,
}

names!(PeakClass, "peak class", {
    Compound => "compound",
    Solvent => "solvent",
    Impurity => "impurity",
    Satellite => "satellite",
    Sideband => "sideband",
    Artifact => "artifact",
});

/// Standard errors of a fitted line.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LineErrors {
    /// Of the shift, ppm.
    pub ppm: f64,
    /// Of the width, Hz.
    pub width_hz: f64,
    /// Of the area, in the unit of the peak's area.
    pub area: f64,
}

/// A splitting of a 13C line by a nucleus that is not decoupled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Splitting {
    /// The nucleus that splits: 19F, 31P, 2H.
    pub by: String,
    /// Lines: 2 for a doublet, 4 for a quartet.
    pub lines: u8,
    /// Coupling constant, Hz.
    pub coupling_hz: f64,
}

/// What a peak is a line of, as far as that has a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Substance {
    /// Name of the solvent, impurity or standard: `CDCl3`, `water`, `ethyl acetate`, `TMS`.
    pub name: String,
    /// From 0 (a guess) to 1 (beyond doubt). A name with less than 0.5 is a hint: the peak keeps
    /// the class it would have without.
    pub confidence: f64,
}

/// One picked peak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Peak {
    /// Chemical shift, ppm.
    pub ppm: f64,
    /// Height relative to the tallest compound peak (negative for inverted lines).
    pub intensity: f64,
    /// Full width at half height, Hz.
    pub width_hz: f64,
    /// Integral relative to the sum over compound peaks.
    pub area: f64,
    /// Height over the noise's standard deviation.
    pub signal_to_noise: f64,
    /// What it is taken to be.
    pub class: PeakClass,
    /// Hydrogens on the carbon, where an edited spectrum told.
    pub multiplicity: Option<Multiplicity>,
    /// Standard errors, where the line was fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<LineErrors>,
    /// The splitting that was taken together into this peak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub splitting: Option<Splitting>,
    /// The solvent, impurity or standard that it was taken for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substance: Option<Substance>,
}

#[cfg(test)]
mod tests {
    use super::Multiplicity;

    #[test]
    fn a_multiplicity_allows_its_own_hydrogens_only() {
        for hydrogens in 0..4 {
            let Some(own) = Multiplicity::from_hydrogens(hydrogens) else { continue };
            for other in 0..4 {
                assert_eq!(own.allows(other), other == hydrogens);
            }
            assert_eq!(Multiplicity::DQ.allows(hydrogens), hydrogens % 2 == 1);
        }
        assert!(Multiplicity::Q.allows(4), "methane");
    }
}
