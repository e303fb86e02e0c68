//! What a judgement says.

use serde::{Deserialize, Serialize};

/// A peak given to an atom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeakAssignment {
    /// 0-based atom index in the SMILES or mol block as it was given.
    pub atom: u32,
    /// Observed nucleus: `13C` or `1H`.
    pub nucleus: String,
    /// Observed shift, ppm.
    pub ppm: f64,
    /// Shift the network expects for the atom, ppm.
    pub predicted_ppm: f64,
    /// Posterior probability that the peak is this atom's.
    pub probability: f64,
}

/// One ranked candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// 1 is best.
    pub rank: u32,
    /// SMILES as given; assignments count its atoms.
    pub smiles: String,
    /// Full InChIKey.
    pub inchikey: String,
    /// Molecular formula in Hill order.
    pub formula: String,
    /// Name or identifier, where the source gives one.
    pub name: Option<String>,
    /// Where it came from: `library:NAME` or `proposed`.
    pub source: String,
    /// Log-likelihood of the peaks given the structure (higher is better).
    pub score: f64,
    /// Probability among the candidates considered.
    pub probability: f64,
    /// Which peak is which atom.
    pub assignments: Vec<PeakAssignment>,
}

/// What a judgement comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The best candidate (or the proposed structure) fits the spectra.
    Consistent,
    /// It does not fit.
    Inconsistent,
    /// The spectra do not decide.
    Inconclusive,
}

/// One judgement of a sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Elucidation {
    /// Best first.
    pub candidates: Vec<Candidate>,
    /// How many candidates were scored.
    pub considered: u64,
    /// Overall judgement of the proposed structure, or of the best candidate when none was
    /// proposed.
    pub verdict: Verdict,
    /// Why, in words for a chemist.
    pub reasons: Vec<String>,
}
