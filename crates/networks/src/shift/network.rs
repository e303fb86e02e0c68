//! The shift network: from a molecular graph to the chemical shifts of its carbons and hydrogens.
//!
//! Message passing over bonds with residual connections: in each layer every atom hears its
//! neighbours through the bonds between them and the mean of its molecule,
//!
//! ```text
//! h = LayerNorm(x)
//! m_i = sum over j of silu(A h_i + B h_j + C e_ij)
//! x_i += F silu(D h_i + E m_i + G mean(h))
//! ```
//!
//! and after every few layers the atoms of a molecule attend to each other whatever lies between
//! them (`attention`). A head gives a mean and a Laplace scale for 13C and for 1H.

use serde::{Deserialize, Serialize};
use tch::Tensor;

use super::attention::Attention;
use super::batch::GraphBatch;
use super::features::{EDGE_FEATURES, NODE_FEATURES};
use super::solvent::SOLVENT_CODES;
use crate::error::NetworkError;
use crate::layers::{Dense, LayerNorm};
use crate::parameters::Parameters;

/// Centre and width of what the 13C head predicts, ppm.
const CARBON: (f64, f64) = (95.0, 50.0);
/// Centre and width of what the 1H head predicts, ppm.
const PROTON: (f64, f64) = (4.5, 2.5);
/// Bounds of the predicted Laplace scales as natural logarithms of ppm, 13C and 1H.
const LOG_SPREAD: [(f64, f64); 2] = [(-3.0, 3.5), (-5.0, 1.5)];
/// The hydrogens of a CH2 lie so far apart where the head says nothing, ppm.
const GEMINAL: f64 = 0.1;

/// Size of a shift network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ShiftConfig {
    /// Message-passing layers.
    pub layers: i64,
    /// Width of an atom's state.
    pub width: i64,
    /// Dropout inside each layer while training.
    pub dropout: f64,
    /// An attention block follows every so many layers; 0 for none.
    #[serde(default)]
    pub attention_every: i64,
    /// Whether the solvent is an input.
    #[serde(default)]
    pub solvent: bool,
    /// Whether it says how far apart the two hydrogens of a CH2 lie.
    #[serde(default)]
    pub geminal: bool,
}

impl Default for ShiftConfig {
    fn default() -> Self {
        Self {
            layers: 5,
            width: 128,
            dropout: 0.05,
            attention_every: 0,
            solvent: false,
            geminal: false,
        }
    }
}

struct Layer {
    norm: LayerNorm,
    own: Dense,
    neighbour: Dense,
    bond: Dense,
    state: Dense,
    messages: Dense,
    molecule: Dense,
    update: Dense,
    attention: Option<Attention>,
}

/// The network.
pub struct ShiftNet {
    embed: Dense,
    solvent: Option<Tensor>,
    layers: Vec<Layer>,
    norm: LayerNorm,
    hidden: Dense,
    head: Dense,
    config: ShiftConfig,
}

/// Predictions for all atoms of a batch, each a tensor of N.
pub struct ShiftOutput {
    /// Expected 13C and 1H shift, ppm.
    pub ppm: [Tensor; 2],
    /// Natural logarithm of the Laplace scale, ppm.
    pub log_spread: [Tensor; 2],
    /// How far apart the two hydrogens of a CH2 lie, ppm, and the natural logarithm of the Laplace
    /// scale; where the network says so.
    pub geminal: Option<[Tensor; 2]>,
}

impl ShiftNet {
    /// Builds the network from fresh or stored weights.
    ///
    /// # Errors
    /// [`NetworkError`] when stored weights do not fit.
    #[allow(clippy::cast_possible_wrap)]
    pub fn build(p: &mut Parameters, config: ShiftConfig) -> Result<Self, NetworkError> {
        let width = config.width;
        let embed = Dense::new(p, "embed", NODE_FEATURES as i64, width)?;
        let solvent = match config.solvent {
            true => Some(p.constant("solvent", &[SOLVENT_CODES, width], 0.0)?),
            false => None,
        };
        let attends = |i: i64| config.attention_every > 0 && (i + 1) % config.attention_every == 0;
        let layers = (0..config.layers)
            .map(|i| {
                let name = |part: &str| format!("layers.{i}.{part}");
                Ok(Layer {
                    norm: LayerNorm::new(p, &name("norm"), width)?,
                    own: Dense::new(p, &name("own"), width, width)?,
                    neighbour: Dense::without_bias(p, &name("neighbour"), width, width)?,
                    bond: Dense::without_bias(p, &name("bond"), EDGE_FEATURES as i64, width)?,
                    state: Dense::new(p, &name("state"), width, width)?,
                    messages: Dense::without_bias(p, &name("messages"), width, width)?,
                    molecule: Dense::without_bias(p, &name("molecule"), width, width)?,
                    update: Dense::new(p, &name("update"), width, width)?,
                    attention: match attends(i) {
                        true => Some(Attention::new(p, &name("attention"), width)?),
                        false => None,
                    },
                })
            })
            .collect::<Result<Vec<_>, NetworkError>>()?;
        Ok(Self {
            embed,
            solvent,
            layers,
            norm: LayerNorm::new(p, "norm", width)?,
            hidden: Dense::new(p, "hidden", width, width)?,
            head: p.exact(|p| Dense::new(p, "head", width, if config.geminal { 6 } else { 4 }))?,
            config,
        })
    }

    /// Runs the network.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn forward(&self, batch: &GraphBatch, training: bool) -> Result<ShiftOutput, NetworkError> {
        let mut x = self.embed.forward(&batch.nodes)?;
        if let Some(solvent) = &self.solvent {
            let of_graph = solvent.f_index_select(0, &batch.solvents)?;
            x = x.f_add(&of_graph.f_index_select(0, &batch.graph)?)?;
        }
        let dropout = self.config.dropout;
        for layer in &self.layers {
            x = x.f_add(&layer.forward(&x, batch, dropout, training)?)?;
            if let Some(attention) = &layer.attention {
                x = x.f_add(&attention.forward(&x, batch, dropout, training)?)?;
            }
        }
        let out = self.head.forward(&self.hidden.forward(&self.norm.forward(&x)?)?.f_silu()?)?;
        let column = |i| out.f_select(1, i);
        let ppm = |i, (centre, width): (f64, f64)| -> Result<Tensor, NetworkError> {
            Ok(column(i)?.f_mul_scalar(width)?.f_add_scalar(centre)?)
        };
        let spread =
            |i, (low, high)| -> Result<Tensor, NetworkError> { Ok(column(i)?.f_clamp(low, high)?) };
        Ok(ShiftOutput {
            ppm: [ppm(0, CARBON)?, ppm(2, PROTON)?],
            log_spread: [spread(1, LOG_SPREAD[0])?, spread(3, LOG_SPREAD[1])?],
            geminal: match self.config.geminal {
                // Never negative.
                true => {
                    let apart = column(4)?.f_softplus()?.f_mul_scalar(GEMINAL / 2f64.ln())?;
                    Some([apart, spread(5, LOG_SPREAD[1])?])
                }
                false => None,
            },
        })
    }
}

impl Layer {
    fn forward(
        &self,
        x: &Tensor,
        batch: &GraphBatch,
        dropout: f64,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        let h = self.norm.forward(x)?;
        let heard = self
            .own
            .forward(&h)?
            .f_index_select(0, &batch.to)?
            .f_add_(&self.neighbour.forward(&h)?.f_index_select(0, &batch.from)?)?
            .f_add_(&self.bond.forward(&batch.edges)?)?
            .f_silu()?;
        let messages = Tensor::f_zeros_like(&h)?.f_index_add(0, &batch.to, &heard)?;
        let molecule = self.molecule.forward(&batch.mean(&h)?)?.f_index_select(0, &batch.graph)?;
        let inner = self
            .state
            .forward(&h)?
            .f_add_(&self.messages.forward(&messages)?)?
            .f_add_(&molecule)?
            .f_silu()?
            .f_dropout(dropout, training)?;
        self.update.forward(&inner)
    }
}
