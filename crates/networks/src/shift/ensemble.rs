//! Several shift networks that answer together: their mean errs less than each alone, and where
//! they disagree the spread says so.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tch::{Device, Kind, Tensor};

use super::batch::GraphBatch;
use super::features::GraphFeatures;
use super::network::{ShiftConfig, ShiftNet, ShiftOutput};
use super::prediction::{AtomShift, PredictedShifts};
use crate::card::{ModelCard, WEIGHTS_FILE};
use crate::device::numbers;
use crate::error::NetworkError;
use crate::parameters::Parameters;
use crate::placement::Placement;
use crate::portions::in_portions;
use larmor_chemistry::MolecularGraph;

/// What a model card says of the networks behind one weight file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ShiftArchitecture {
    /// Several networks; the weights of network `i` are named `members.i.`.
    Ensemble {
        /// Size of each.
        members: Vec<ShiftConfig>,
    },
    /// One network.
    Single(ShiftConfig),
}

/// Shift networks on one device.
pub struct ShiftEnsemble {
    members: Vec<ShiftNet>,
    device: Device,
}

impl ShiftEnsemble {
    /// An ensemble of one.
    #[must_use]
    pub fn single(net: ShiftNet, device: Device) -> Self {
        Self { members: vec![net], device }
    }

    /// Opens a trained model: a folder with its card and weights.
    ///
    /// # Errors
    /// [`NetworkError`] when card or weights are missing, damaged or of another network.
    pub fn open(
        folder: &Path,
        on: impl Into<Placement>,
    ) -> Result<(Self, ModelCard), NetworkError> {
        let card = ModelCard::open(folder)?;
        let architecture: ShiftArchitecture = card.architecture(folder)?;
        let path = folder.join(WEIGHTS_FILE);
        let ensemble = Self::from_file(&path, &architecture, on)?;
        Ok((ensemble, card))
    }

    /// Reads the weights of an architecture.
    ///
    /// # Errors
    /// [`NetworkError`] when the weights cannot be read or are of another network.
    pub fn from_file(
        path: &Path,
        architecture: &ShiftArchitecture,
        on: impl Into<Placement>,
    ) -> Result<Self, NetworkError> {
        let on = on.into();
        let mut parameters = Parameters::from_file(path, on, false)?;
        let members = match architecture {
            ShiftArchitecture::Single(config) => vec![ShiftNet::build(&mut parameters, *config)?],
            ShiftArchitecture::Ensemble { members } => members
                .iter()
                .enumerate()
                .map(|(i, config)| {
                    parameters.enter(&format!("members.{i}."));
                    ShiftNet::build(&mut parameters, *config)
                })
                .collect::<Result<_, _>>()?,
        };
        parameters.finish(path)?;
        if members.is_empty() {
            let reason = "no network in it".to_owned();
            return Err(NetworkError::Weights { path: path.to_owned(), reason });
        }
        Ok(Self { members, device: on.device })
    }

    /// Runs the networks. The mean of their shifts, with the mean of their spreads widened by how
    /// far they are from that mean (the expected absolute deviation of a mixture).
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn forward(&self, batch: &GraphBatch) -> Result<ShiftOutput, NetworkError> {
        let mut outputs = self
            .members
            .iter()
            .map(|net| net.forward(batch, false))
            .collect::<Result<Vec<_>, _>>()?;
        if outputs.len() == 1
            && let Some(only) = outputs.pop()
        {
            return Ok(only);
        }
        let combined = |part: fn(&ShiftOutput) -> Option<[&Tensor; 2]>| {
            let (ppm, spread): (Vec<&Tensor>, Vec<&Tensor>) =
                outputs.iter().filter_map(part).map(|[ppm, spread]| (ppm, spread)).unzip();
            mean_of(&ppm, &spread)
        };
        let [carbon, carbon_spread] = combined(|out| Some([&out.ppm[0], &out.log_spread[0]]))?;
        let [proton, proton_spread] = combined(|out| Some([&out.ppm[1], &out.log_spread[1]]))?;
        let geminal = outputs.iter().any(|out| out.geminal.is_some());
        let geminal = match geminal {
            true => Some(combined(|out| out.geminal.as_ref().map(|both| both.each_ref()))?),
            false => None,
        };
        Ok(ShiftOutput {
            ppm: [carbon, proton],
            log_spread: [carbon_spread, proton_spread],
            geminal,
        })
    }

    /// Predicts the shifts of whole molecules.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn predict(&self, graphs: &[MolecularGraph]) -> Result<Vec<PredictedShifts>, NetworkError> {
        let _no_gradients = tch::no_grad_guard();
        in_portions(graphs, self.device, |together| self.predict_together(together))
    }

    fn predict_together(
        &self,
        graphs: &[&MolecularGraph],
    ) -> Result<Vec<PredictedShifts>, NetworkError> {
        let features: Vec<GraphFeatures> = graphs.iter().map(|&g| g.into()).collect();
        let batch = GraphBatch::collate(&features.iter().collect::<Vec<_>>(), self.device)?;
        let output = self.forward(&batch)?;
        let [c13, h1] = [0, 1].map(|nucleus| {
            Ok::<_, NetworkError>((
                numbers(&output.ppm[nucleus])?,
                numbers(&output.log_spread[nucleus])?,
            ))
        });
        let (c13, h1) = (c13?, h1?);
        let geminal = match &output.geminal {
            Some([apart, spread]) => Some((numbers(apart)?, numbers(spread)?)),
            None => None,
        };
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
                    geminal: (0..graph.len())
                        .map(|a| {
                            let methylene = graph.element[a] == 6 && graph.hydrogens[a] == 2;
                            geminal.as_ref().filter(|_| methylene).map(|apart| shift(apart, a))
                        })
                        .collect(),
                };
                first += graph.len();
                predicted
            })
            .collect())
    }
}

/// The mean over members, and the logarithm of their mean spread widened by how far they are from
/// that mean.
fn mean_of(ppm: &[&Tensor], log_spread: &[&Tensor]) -> Result<[Tensor; 2], NetworkError> {
    let ppm = Tensor::f_stack(ppm, 0)?;
    let mean = ppm.f_mean_dim(0, false, Kind::Float)?;
    let apart = ppm.f_sub(&mean)?.f_abs()?.f_mean_dim(0, false, Kind::Float)?;
    let spread = Tensor::f_stack(log_spread, 0)?
        .f_exp()?
        .f_mean_dim(0, false, Kind::Float)?
        .f_add(&apart)?;
    Ok([mean, spread.f_log()?])
}
