//! What a ranking looks at, and how much of it is reported.

use serde::{Deserialize, Serialize};

use larmor_nmr::structure::ProposedStructure;

/// What to report, and how far to look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ElucidationOptions {
    /// Candidates reported; proposed ones are, whatever their rank.
    pub top: usize,
    /// With a formula: take library entries within so many Da of its mass, not only isomers.
    pub mass_window_da: Option<f64>,
    /// Threads that scan libraries.
    pub threads: usize,
}

impl Default for ElucidationOptions {
    fn default() -> Self {
        Self { top: 10, mass_window_da: None, threads: 2 }
    }
}

/// What a sample is judged against.
#[derive(Debug, Clone, Copy, Default)]
pub struct CandidatePool<'a> {
    /// Structures somebody holds to be the sample; the verdict is on the best of them.
    pub proposed: &'a [ProposedStructure],
    /// Further structures.
    pub candidates: &'a [ProposedStructure],
    /// Also look into the libraries.
    pub libraries: bool,
}
