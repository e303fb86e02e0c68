//! What a SpecMol-MatchNet is made of, and the configurations that are compared.

use serde::{Deserialize, Serialize};

/// Width of a molecule's vector.
pub(super) const VECTOR: i64 = 128;
/// Channels of the backbone's features.
pub(super) const FEATURE_CHANNELS: i64 = 2_048;
/// Places along a side of the backbone's features.
pub(super) const FEATURE_SIDE: i64 = 8;
/// Channels of a picture's features once narrowed.
pub(super) const CHANNELS: i64 = 16;

/// In what form the network takes spectra.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpectrumInput {
    /// Line plots through the frozen backbone, as published.
    Image,
    /// The traces themselves through strided convolutions.
    Trace,
    /// The sets of 13C shifts and 1H signals through ACML's frozen encoders; the molecule through
    /// its graph network.
    Peaks,
}

/// How the places of a spectrum become one vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// Mean over all places, as published.
    Mean,
    /// A weight for each place: where a line stands is kept.
    Places,
}

/// A SpecMol-MatchNet. Sizes that the paper does not state are assumed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpecMolConfig {
    /// Form of the spectra.
    pub spectra: SpectrumInput,
    /// Graph branches beside one another (GCN, two GCN, three GraphSAGE), or the first only.
    pub three_branches: bool,
    /// Channel and spatial attention over pictures.
    pub cbam: bool,
    /// Each spectrum's channels are weighed by what both show.
    pub gating: bool,
    /// The fused vector has a way around its hidden layer.
    pub residual_fusion: bool,
    /// How places become one vector.
    pub pooling: Pooling,
    /// Width of an atom's vector before a molecule's atoms are pooled; maximum and mean side by side
    /// are twice as wide.
    pub atom_width: i64,
    /// Dropout of the molecule's vector while training.
    pub dropout: f64,
}

impl Default for SpecMolConfig {
    fn default() -> Self {
        Self {
            spectra: SpectrumInput::Image,
            three_branches: true,
            cbam: true,
            gating: true,
            residual_fusion: true,
            pooling: Pooling::Mean,
            atom_width: 750,
            dropout: 0.2,
        }
    }
}

/// Names of the built-in configurations: the paper's, its ablations A to D (read from their
/// descriptions), with places kept, on traces, and on peaks.
pub const SPECMOL_CONFIGS: [&str; 8] =
    ["peaks", "paper", "no-cbam", "no-gating", "no-residual", "single-branch", "places", "trace"];

impl SpecMolConfig {
    /// A built-in configuration.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let paper = Self::default();
        Some(match name {
            "paper" => paper,
            "no-cbam" => Self { cbam: false, ..paper },
            "no-gating" => Self { gating: false, ..paper },
            "no-residual" => Self { residual_fusion: false, ..paper },
            "single-branch" => Self { three_branches: false, ..paper },
            "places" => Self { pooling: Pooling::Places, ..paper },
            "trace" => paper.on(SpectrumInput::Trace),
            "peaks" => paper.on(SpectrumInput::Peaks),
            _ => return None,
        })
    }

    /// The same on another form of spectra. Traces keep their places: pooled over them nothing would
    /// be left of the shifts.
    #[must_use]
    pub fn on(self, spectra: SpectrumInput) -> Self {
        match spectra {
            SpectrumInput::Image | SpectrumInput::Peaks => Self { spectra, ..self },
            SpectrumInput::Trace => Self { spectra, pooling: Pooling::Places, ..self },
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_configuration_of_its_own() {
        let all: Vec<_> =
            SPECMOL_CONFIGS.iter().map(|name| SpecMolConfig::named(name).unwrap()).collect();
        for (i, config) in all.iter().enumerate() {
            assert!(all[..i].iter().all(|other| other != config), "{}", SPECMOL_CONFIGS[i]);
        }
        assert!(SpecMolConfig::named("other").is_none());
    }
}
