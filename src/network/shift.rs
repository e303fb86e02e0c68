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
//! and a head gives a mean and a Laplace scale for 13C and for 1H.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tch::{Device, Kind, Tensor};

use super::layers::{Dense, LayerNorm};
use super::{
    AtomShift, EDGE_FEATURES, GraphBatch, GraphFeatures, ModelCard, NODE_FEATURES, NetworkError,
    Parameters, PredictedShifts, WEIGHTS_FILE,
};
use crate::molecule::MolecularGraph;

/// Centre and width of what the 13C head predicts, ppm.
const CARBON: (f64, f64) = (95.0, 50.0);
/// Centre and width of what the 1H head predicts, ppm.
const PROTON: (f64, f64) = (4.5, 2.5);
/// Bounds of the predicted Laplace scales as natural logarithms of ppm, 13C and 1H.
const LOG_SPREAD: [(f64, f64); 2] = [(-3.0, 3.5), (-5.0, 1.5)];

/// Size of a shift network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ShiftConfig {
    /// Message-passing layers.
    pub layers: i64,
    /// Width of an atom's state.
    pub width: i64,
    /// Dropout inside each layer while training.
    pub dropout: f64,
}

impl Default for ShiftConfig {
    fn default() -> Self {
        Self { layers: 5, width: 128, dropout: 0.05 }
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
}

/// The network on one device.
pub struct ShiftNet {
    embed: Dense,
    layers: Vec<Layer>,
    norm: LayerNorm,
    hidden: Dense,
    head: Dense,
    config: ShiftConfig,
    device: Device,
}

/// Predictions for all atoms of a batch, each a tensor of N.
pub struct ShiftOutput {
    /// Expected 13C and 1H shift, ppm.
    pub ppm: [Tensor; 2],
    /// Natural logarithm of the Laplace scale, ppm.
    pub log_spread: [Tensor; 2],
}

impl ShiftNet {
    /// Builds the network from fresh or stored weights.
    ///
    /// # Errors
    /// [`NetworkError`] when stored weights do not fit.
    #[allow(clippy::cast_possible_wrap)]
    pub fn build(
        p: &mut Parameters,
        config: ShiftConfig,
        device: Device,
    ) -> Result<Self, NetworkError> {
        let width = config.width;
        let embed = Dense::new(p, "embed", NODE_FEATURES as i64, width)?;
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
                })
            })
            .collect::<Result<Vec<_>, NetworkError>>()?;
        Ok(Self {
            embed,
            layers,
            norm: LayerNorm::new(p, "norm", width)?,
            hidden: Dense::new(p, "hidden", width, width)?,
            head: Dense::new(p, "head", width, 4)?,
            config,
            device,
        })
    }

    /// Opens a trained network: a folder with its card and weights.
    ///
    /// # Errors
    /// [`NetworkError`] when card or weights are missing, damaged or of another network.
    pub fn open(folder: &Path, device: Device) -> Result<(Self, ModelCard), NetworkError> {
        let card = ModelCard::open(folder)?;
        let config = card.architecture(folder)?;
        let path = folder.join(WEIGHTS_FILE);
        let mut parameters = Parameters::from_file(&path, device, false)?;
        let net = Self::build(&mut parameters, config, device)?;
        parameters.finish(&path)?;
        Ok((net, card))
    }

    /// Runs the network.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn forward(&self, batch: &GraphBatch, training: bool) -> Result<ShiftOutput, NetworkError> {
        let mut x = self.embed.forward(&batch.nodes)?;
        for layer in &self.layers {
            x = x.f_add(&layer.forward(&x, batch, self.config.dropout, training)?)?;
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
        })
    }

    /// Predicts the shifts of whole molecules, in one batch.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn predict(&self, graphs: &[MolecularGraph]) -> Result<Vec<PredictedShifts>, NetworkError> {
        let _no_gradients = tch::no_grad_guard();
        let features: Vec<GraphFeatures> = graphs.iter().map(GraphFeatures::from).collect();
        let batch = GraphBatch::collate(&features.iter().collect::<Vec<_>>(), self.device)?;
        let output = self.forward(&batch, false)?;
        let [c13, h1] = [0, 1].map(|nucleus| {
            Ok::<_, NetworkError>((
                to_vec(&output.ppm[nucleus])?,
                to_vec(&output.log_spread[nucleus])?,
            ))
        });
        let (c13, h1) = (c13?, h1?);
        let mut first = 0;
        Ok(graphs
            .iter()
            .map(|graph| {
                let shift = |source: &(Vec<f32>, Vec<f32>), atom: usize| AtomShift {
                    ppm: source.0[first + atom],
                    spread: source.1[first + atom].exp(),
                };
                let predicted = PredictedShifts {
                    c13: (0..graph.len())
                        .map(|a| (graph.element[a] == 6).then(|| shift(&c13, a)))
                        .collect(),
                    h1: (0..graph.len())
                        .map(|a| (graph.hydrogens[a] > 0).then(|| shift(&h1, a)))
                        .collect(),
                };
                first += graph.len();
                predicted
            })
            .collect())
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
            .f_add(&self.neighbour.forward(&h)?.f_index_select(0, &batch.from)?)?
            .f_add(&self.bond.forward(&batch.edges)?)?
            .f_silu()?;
        let messages = Tensor::f_zeros_like(&h)?.f_index_add(0, &batch.to, &heard)?;
        let molecule = self.molecule.forward(&batch.mean(&h)?)?.f_index_select(0, &batch.graph)?;
        let inner = self
            .state
            .forward(&h)?
            .f_add(&self.messages.forward(&messages)?)?
            .f_add(&molecule)?
            .f_silu()?
            .f_dropout(dropout, training)?;
        self.update.forward(&inner)
    }
}

fn to_vec(tensor: &Tensor) -> Result<Vec<f32>, NetworkError> {
    let tensor = tensor.f_to_device(Device::Cpu)?.f_to_kind(Kind::Float)?.f_contiguous()?;
    let mut values = vec![0.0; tensor.numel()];
    let count = values.len();
    tensor.f_copy_data(&mut values, count)?;
    Ok(values)
}
