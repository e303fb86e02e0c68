//! How far a spectrum can be trusted, judged from the spectrum alone.

use serde::{Deserialize, Serialize};

/// A score with what speaks against the spectrum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// From 0 (worthless) to 1 (nothing to complain of).
    pub score: f64,
    /// What lowered the score, the gravest first, in words for the chemist.
    pub reasons: Vec<String>,
}
