//! What a chemist decides of a judgement.

use crate::fid::Nucleus;
use crate::name::names;

/// What was decided of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is right.
    Confirmed,
    /// It is not.
    Rejected,
    /// Neither: a note or corrected assignments only.
    Open,
}

names!(Decision, "decision", {
    Confirmed => "confirmed",
    Rejected => "rejected",
    Open => "open",
});

/// A shift that a chemist gives to an atom.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewedAssignment {
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// 0-based atom of the structure's SMILES.
    pub atom: u32,
    /// Observed shift, ppm.
    pub ppm: f64,
}
