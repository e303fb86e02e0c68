//! What a K-M3AID network is and how it is taught: sizes, the kernel of its node loss, and the
//! configurations the paper compares.

use serde::{Deserialize, Serialize};

use crate::gin::{AtomDescription, GinSize};
use crate::spectrum_encoder::ShiftInput;

/// How alike two peaks are, by their distance in ppm: the teacher of the node loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Kernel {
    /// softmax(tau2 / (d + tau1)), the paper's: one-hot over equal shifts unless tau1 is large.
    Paper {
        /// Distance at which alikeness has halved, ppm.
        tau1: f64,
        /// Height.
        tau2: f64,
    },
    /// exp(-d^2 / 2 w^2).
    Gaussian {
        /// Width w, ppm.
        width: f64,
    },
    /// (1 + d^2 / 3 w^2)^-2: Student's t with three degrees of freedom.
    StudentT {
        /// Width w, ppm.
        width: f64,
    },
}

/// What the node loss takes for a right pair.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum NodeLoss {
    /// Knowledge span guided loss: rows of the kernel that sum to one.
    Ksgl {
        /// The kernel.
        kernel: Kernel,
    },
    /// SP-ID: every peak of equal shift counts whole.
    SpId,
    /// WP-ID: every peak within the threshold counts whole.
    WpId {
        /// Largest distance, ppm.
        threshold: f64,
    },
}

/// A K-M3AID network and its losses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KmaidConfig {
    /// Width of atom, peak and graph vectors.
    pub width: i64,
    /// Layers of the graph network.
    pub layers: i64,
    /// Width of the space both sides are projected into.
    pub projection: i64,
    /// Dropout in the graph network while training.
    pub dropout: f64,
    /// What the graph network is told of atoms and bonds.
    pub atoms: AtomDescription,
    /// How the shifts of peaks are shown, alone and as a spectrum.
    pub shifts: ShiftInput,
    /// The encoder of spectra is trained before and then left as it is.
    pub frozen_encoder: bool,
    /// One graph network for both levels: the communication channel.
    pub shared_gin: bool,
    /// Carbons of a batch that the node loss is taken over, drawn at random; 0 for all.
    pub nodes_sampled: usize,
    /// The node loss.
    pub node_loss: NodeLoss,
    /// Weight of the graph loss.
    pub graph_weight: f64,
    /// Weight of the node loss.
    pub node_weight: f64,
}

impl Default for KmaidConfig {
    /// As published.
    fn default() -> Self {
        Self {
            width: 128,
            layers: 5,
            projection: 512,
            dropout: 0.2,
            atoms: AtomDescription::Published,
            shifts: ShiftInput::Bins,
            frozen_encoder: true,
            shared_gin: true,
            nodes_sampled: 0,
            node_loss: NodeLoss::Ksgl { kernel: Kernel::Paper { tau1: 1e-5, tau2: 10.0 } },
            graph_weight: 0.1,
            node_weight: 0.9,
        }
    }
}

/// Width of the common space of networks that ship: half the published one, and half of what a
/// library or a history of embeddings takes.
pub(crate) const SOFT_PROJECTION: i64 = 256;

/// Names of the built-in configurations.
pub const KMAID_CONFIGS: [&str; 9] = [
    "soft",
    "paper",
    "sp-id",
    "wp-id-1",
    "wp-id-5",
    "wp-id-10",
    "no-comm",
    "gaussian",
    "student-t",
];

impl KmaidConfig {
    /// What ships: peaks of soft place, atoms described in full, a kernel of real width, and an
    /// encoder of spectra that learns with the rest.
    fn soft() -> Self {
        let GinSize { layers, width, dropout, description: atoms } = GinSize::shipped();
        Self {
            layers,
            width,
            projection: SOFT_PROJECTION,
            dropout,
            atoms,
            shifts: ShiftInput::Soft,
            frozen_encoder: false,
            nodes_sampled: 640,
            node_loss: NodeLoss::Ksgl { kernel: Kernel::Gaussian { width: 0.7 } },
            graph_weight: 0.5,
            node_weight: 0.5,
            ..Self::default()
        }
    }

    pub(super) fn gin(&self) -> GinSize {
        let Self { layers, width, dropout, atoms: description, .. } = *self;
        GinSize { layers, width, dropout, description }
    }

    /// A built-in configuration: what ships, the paper's, its ablations, or the paper's with a
    /// softer kernel.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name == "soft" {
            return Some(Self::soft());
        }
        let paper = Self::default();
        let ksgl = |kernel| NodeLoss::Ksgl { kernel };
        let node_loss = match name {
            "paper" | "no-comm" => paper.node_loss,
            "sp-id" => NodeLoss::SpId,
            "wp-id-1" => NodeLoss::WpId { threshold: 1.0 },
            "wp-id-5" => NodeLoss::WpId { threshold: 5.0 },
            "wp-id-10" => NodeLoss::WpId { threshold: 10.0 },
            "gaussian" => ksgl(Kernel::Gaussian { width: 0.5 }),
            "student-t" => ksgl(Kernel::StudentT { width: 0.5 }),
            _ => return None,
        };
        Some(Self { node_loss, shared_gin: name != "no-comm", ..paper })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_configuration_that_survives_its_text() {
        let mut seen = Vec::new();
        for name in KMAID_CONFIGS {
            let config = KmaidConfig::named(name).unwrap();
            let text = toml::to_string(&config).unwrap();
            assert_eq!(toml::from_str::<KmaidConfig>(&text).unwrap(), config, "{text}");
            assert!(!seen.contains(&config), "{name} repeats another");
            seen.push(config);
        }
        assert!(KmaidConfig::named("other").is_none());
    }

    #[test]
    fn a_file_states_only_what_differs_and_typing_errors_are_refused() {
        let text = "node_loss = { kind = 'ksgl', kernel = { kind = 'gaussian', width = 2.0 } }";
        let config: KmaidConfig = toml::from_str(text).unwrap();
        assert_eq!(config.node_loss, NodeLoss::Ksgl { kernel: Kernel::Gaussian { width: 2.0 } });
        assert_eq!(config.width, 128);
        assert!(toml::from_str::<KmaidConfig>("with = 3").is_err());
        assert!(toml::from_str::<KmaidConfig>("node_loss = { kind = 'wp' }").is_err());
    }
}
