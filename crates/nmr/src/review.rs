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

/// What a chemist says of a signal: whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewedAssignment {
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// 0-based atom of the structure's SMILES; `None` where it is no atom's of the structure, such
    /// as an impurity's.
    pub atom: Option<u32>,
    /// Observed shift, ppm.
    pub ppm: f64,
}
