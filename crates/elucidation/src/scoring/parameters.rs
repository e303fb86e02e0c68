//! Penalties of everything that can happen between a structure and its peak list, in nats
//! (negative log-probabilities). How they were measured is told in `docs/elucidate.md`.

use serde::{Deserialize, Serialize};

use super::none_of_these::NoneOfThese;
use crate::score_part::SimilarityWeights;

/// Penalties for one nucleus.
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
    /// Share of lists that hold but a part of the lines,
    pub partial: f64,
    /// and the probability that a site shows no line in these.
    pub missing_in_partial: f64,
    /// Lines closer than this fall together, ppm.
    pub overlap_ppm: f64,
    /// Probability that equivalent atoms show two lines (diastereotopic), tetrahedral ones.
    pub split: f64,
    /// The same for all others.
    pub split_flat: f64,
    /// Probability that an edited spectrum states the wrong number of hydrogens.
    pub wrong_multiplicity: f64,
    /// Penalty of each hydrogen that a multiplet's integral lacks for its site (1H only).
    pub lacking_hydrogen: f64,
    /// Penalty of each hydrogen that it has beyond those of its site.
    pub excess_hydrogen: f64,
    /// Weight of the nucleus in the score.
    pub weight: f64,
}

impl Default for NucleusParameters {
    fn default() -> Self {
        Self::carbon()
    }
}

impl NucleusParameters {
    /// 13C. Spread and tail: least surprise of the right candidate among 100,200 molecules, 500
    /// validation molecules.
    #[must_use]
    pub const fn carbon() -> Self {
        Self {
            spread_scale: 1.0,
            least_spread_ppm: 0.3,
            tail_share: 0.03,
            tail_ppm: 10.0,
            range_ppm: 240.0,
            extra_lines: 0.2,
            missing_bare: 0.04,
            missing: 0.02,
            partial: 0.0,
            missing_in_partial: 0.5,
            overlap_ppm: 0.15,
            split: 0.2,
            split_flat: 0.03,
            wrong_multiplicity: 0.005,
            lacking_hydrogen: 0.0,
            excess_hydrogen: 0.0,
            weight: 1.0,
        }
    }

    /// 1H. Spreads and tail: least surprise of 2,817 shifts of validation molecules; of the lists
    /// of these one in 25 holds but half of the lines.
    #[must_use]
    pub const fn proton() -> Self {
        Self {
            spread_scale: 1.0,
            least_spread_ppm: 0.02,
            tail_share: 0.07,
            tail_ppm: 0.7,
            range_ppm: 14.0,
            extra_lines: 0.5,
            missing_bare: 0.5,
            missing: 0.03,
            partial: 0.05,
            missing_in_partial: 0.5,
            overlap_ppm: 0.1,
            split: 0.3,
            split_flat: 0.02,
            wrong_multiplicity: 0.5,
            lacking_hydrogen: 0.0,
            excess_hydrogen: 0.0,
            weight: 0.5,
        }
    }
}

/// All that a score and a verdict depend on besides the network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// 13C penalties.
    pub carbon: NucleusParameters,
    /// 1H penalties.
    pub proton: NucleusParameters,
    /// Penalty of a candidate whose formula is not the stated one.
    pub wrong_formula: f64,
    /// Score differences are divided by this before they become probabilities: errors of one
    /// network on related molecules go together, so raw likelihoods are too sure.
    pub temperature: f64,
    /// Score of "none of these": this,
    pub none: f64,
    /// less so much for each 13C line
    pub none_carbon_line: f64,
    /// and for each 1H line.
    pub none_proton_line: f64,
    /// The same as the temperature for the marginals of assignments.
    pub assignment_temperature: f64,
    /// A marginal's log-odds are multiplied by this
    pub assignment_slope: f64,
    /// and raised by this to become the probability that a pair of the likeliest explanation is
    /// right.
    pub assignment_offset: f64,
    /// Candidates that a scan of a library hands on to full scoring.
    pub shortlist: usize,
    /// What the discrepancies of a candidate count for, nats for each of their log-odds: by 13C,
    pub carbon_discrepancies: f64,
    /// by 1H
    pub proton_discrepancies: f64,
    /// and by both.
    pub discrepancies: f64,
    /// How the share of "none of these" becomes its probability.
    pub none_of_these: NoneOfThese,
    /// What networks that read whole spectra count for.
    pub similarity: SimilarityWeights,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            carbon: NucleusParameters::carbon(),
            proton: NucleusParameters::proton(),
            wrong_formula: 30.0,
            // Fitted by `larmor-lab evaluate calibration --validation --queries 500` on 4,720 rankings
            // among 100,200 molecules, the right one among them half of the time.
            temperature: 2.02,
            none: -0.23,
            none_carbon_line: 2.38,
            // What a 1H line nobody explains costs, weighed: not fitted, since 1H lists of databases
            // are cleaner than those of spectra, whose extra lines must not speak for "none".
            none_proton_line: 1.67,
            // Logistic fit on the pairs of 1,101 validation molecules, with and without
            // multiplicities (22,000 pairs).
            assignment_temperature: 2.0,
            assignment_slope: 1.07,
            assignment_offset: 0.96,
            shortlist: 400,
            // The largest share of 120 printed lists first among 100,200 molecules.
            carbon_discrepancies: 0.5,
            proton_discrepancies: 0.7,
            discrepancies: 0.7,
            none_of_these: NoneOfThese::default(),
            similarity: SimilarityWeights::default(),
        }
    }
}

impl Parameters {
    /// Score that "none of these" has beside candidates, for so many lines.
    #[must_use]
    pub fn none_score(&self, carbon_lines: usize, proton_lines: usize) -> f64 {
        self.none
            - self.none_carbon_line * carbon_lines as f64
            - self.none_proton_line * proton_lines as f64
    }

    /// Probability that a pair of the likeliest explanation is right, from its marginal.
    #[must_use]
    pub fn pair_probability(&self, marginal: f64) -> f64 {
        let marginal = marginal.clamp(1e-9, 1.0 - 1e-9);
        let odds = (marginal / (1.0 - marginal)).ln();
        1.0 / (1.0 + (-self.assignment_slope * odds - self.assignment_offset).exp())
    }
}
