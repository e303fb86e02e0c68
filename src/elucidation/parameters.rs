//! Prices of everything that can happen between a structure and its peak list, in nats
//! (negative log-probabilities). How they were measured is told in `docs/elucidate.md`.

use serde::{Deserialize, Serialize};

/// Prices for one nucleus.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NucleusParameters {
    /// The network's spread is multiplied by this.
    pub spread_scale: f64,
    /// No spread is taken to be smaller, ppm.
    pub least_spread_ppm: f64,
    /// Share of predictions that are simply wrong.
    pub tail_share: f64,
    /// Spread of those, ppm.
    pub tail_ppm: f64,
    /// Range over which lines of other origin lie, ppm.
    pub range_ppm: f64,
    /// Lines of other origin expected in a list.
    pub extra_lines: f64,
    /// Probability that a carbon without hydrogens (or an exchanging hydrogen) shows no line.
    pub missing_bare: f64,
    /// Probability that any other site shows no line.
    pub missing: f64,
    /// Lines closer than this fall together, ppm.
    pub overlap_ppm: f64,
    /// Probability that equivalent atoms show two lines (diastereotopic), tetrahedral ones.
    pub split: f64,
    /// The same for all others.
    pub split_flat: f64,
    /// Probability that an edited spectrum states the wrong number of hydrogens.
    pub wrong_multiplicity: f64,
    /// Weight of the nucleus in the score.
    pub weight: f64,
}

impl Default for NucleusParameters {
    fn default() -> Self {
        Self::carbon()
    }
}

impl NucleusParameters {
    /// 13C.
    #[must_use]
    pub const fn carbon() -> Self {
        Self {
            spread_scale: 1.3,
            least_spread_ppm: 0.3,
            tail_share: 0.05,
            tail_ppm: 10.0,
            range_ppm: 240.0,
            extra_lines: 0.2,
            missing_bare: 0.04,
            missing: 0.02,
            overlap_ppm: 0.15,
            split: 0.2,
            split_flat: 0.03,
            wrong_multiplicity: 0.005,
            weight: 1.0,
        }
    }

    /// 1H.
    #[must_use]
    pub const fn proton() -> Self {
        Self {
            spread_scale: 1.0,
            least_spread_ppm: 0.05,
            tail_share: 0.1,
            tail_ppm: 1.0,
            range_ppm: 14.0,
            extra_lines: 1.0,
            missing_bare: 0.5,
            missing: 0.05,
            overlap_ppm: 0.1,
            split: 0.3,
            split_flat: 0.02,
            wrong_multiplicity: 0.5,
            weight: 0.5,
        }
    }
}

/// All that a score and a verdict depend on besides the network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// 13C prices.
    pub carbon: NucleusParameters,
    /// 1H prices.
    pub proton: NucleusParameters,
    /// Price of a candidate whose formula is not the stated one.
    pub wrong_formula: f64,
    /// Score differences are divided by this before they become probabilities: errors of one
    /// network on related molecules go together, so raw likelihoods are too sure.
    pub temperature: f64,
    /// The same for the marginals of assignments.
    pub assignment_temperature: f64,
    /// Candidates that a scan of a library hands on to full scoring.
    pub shortlist: usize,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            carbon: NucleusParameters::carbon(),
            proton: NucleusParameters::proton(),
            wrong_formula: 30.0,
            temperature: 1.3,
            assignment_temperature: 1.2,
            shortlist: 400,
        }
    }
}
