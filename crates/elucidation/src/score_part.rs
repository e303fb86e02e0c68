//! The parts of a candidate's score: their names in results, the networks behind them, and what
//! those count for.

use serde::{Deserialize, Serialize};

use larmor_networks::inference::SHIFT_FOLDER;

/// A part of a candidate's score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScorePart {
    /// Log-likelihood of the 13C lines.
    Carbon,
    /// Log-likelihood of the 1H lines, weighted.
    Proton,
    /// Log-odds by what speaks against the structure, line by line and hydrogen by hydrogen.
    Discrepancies,
    /// K-M3AID: the molecule and the 13C lines as a whole.
    KmaidGraph,
    /// K-M3AID: carbons and 13C lines one by one.
    KmaidNodes,
    /// ACML on 13C.
    AcmlCarbon,
    /// ACML on 1H.
    AcmlProton,
    /// SpecMol on both.
    SpecMol,
}

impl ScorePart {
    /// Its name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Carbon => "13C shifts",
            Self::Proton => "1H shifts",
            Self::Discrepancies => "discrepancies",
            Self::KmaidGraph => "13C graph alignment",
            Self::KmaidNodes => "13C node alignment",
            Self::AcmlCarbon => "13C similarity",
            Self::AcmlProton => "1H similarity",
            Self::SpecMol => "match",
        }
    }

    /// Name of the network behind it, and of its folder in a folder of models.
    #[must_use]
    pub fn model(self) -> &'static str {
        match self {
            Self::Carbon | Self::Proton | Self::Discrepancies => SHIFT_FOLDER,
            Self::KmaidGraph | Self::KmaidNodes => "kmaid",
            Self::AcmlCarbon => "acml-13c",
            Self::AcmlProton => "acml-1h",
            Self::SpecMol => "specmol",
        }
    }
}

/// Weights of networks that hold whole spectra against candidates, nats for each unit of what they
/// say; 0 leaves one out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimilarityWeights {
    /// K-M3AID, the molecule as a whole.
    pub kmaid_graph: f64,
    /// K-M3AID, carbons and lines one by one.
    pub kmaid_nodes: f64,
    /// ACML on 13C.
    pub acml_carbon: f64,
    /// ACML on 1H.
    pub acml_proton: f64,
    /// SpecMol.
    #[serde(rename = "matching")]
    pub specmol: f64,
}

impl Default for SimilarityWeights {
    /// Fitted on validation molecules (crates/lab/docs/accuracy.md, whole spectra beside the shifts):
    /// SpecMol makes ranks and probabilities a little better; the others make probabilities better and
    /// cost ranks, so that they are left out.
    fn default() -> Self {
        Self { specmol: 0.14, ..Self::equal(0.0) }
    }
}

impl SimilarityWeights {
    /// The same weight for every network.
    #[must_use]
    pub const fn equal(weight: f64) -> Self {
        Self {
            kmaid_graph: weight,
            kmaid_nodes: weight,
            acml_carbon: weight,
            acml_proton: weight,
            specmol: weight,
        }
    }

    /// Weight of a part of the score; parts by shifts have theirs already.
    #[must_use]
    pub fn weight(&self, part: ScorePart) -> f64 {
        match part {
            ScorePart::Carbon | ScorePart::Proton | ScorePart::Discrepancies => 0.0,
            ScorePart::KmaidGraph => self.kmaid_graph,
            ScorePart::KmaidNodes => self.kmaid_nodes,
            ScorePart::AcmlCarbon => self.acml_carbon,
            ScorePart::AcmlProton => self.acml_proton,
            ScorePart::SpecMol => self.specmol,
        }
    }
}
