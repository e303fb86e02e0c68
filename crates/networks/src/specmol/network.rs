//! The network: both branches, fused and judged.

use std::path::Path;

use tch::{Device, Tensor};

use super::config::{SpecMolConfig, SpectrumInput};
use super::fusion::Fusion;
use super::molecule_branch::{MoleculeBatch, MoleculeBranch};
use super::resnet::{Picture, Resnet};
use super::spectra::SpectrumPair;
use super::spectrum_batch::SpectrumBatch;
use super::spectrum_branch::SpectrumBranch;
use crate::card::{ModelCard, open_network};
use crate::error::NetworkError;
use crate::parameters::Parameters;
use crate::placement::Placement;
use larmor_chemistry::MolecularGraph;

/// Name of the backbone beside the weights of a network that takes pictures.
pub const BACKBONE_FILE: &str = "backbone.safetensors";
/// Molecules judged at a time: bounds memory.
const AT_ONCE: usize = 256;

/// The network on one device.
pub struct SpecMol {
    molecule: MoleculeBranch,
    spectra: SpectrumBranch,
    fusion: Fusion,
    backbone: Option<Resnet>,
    config: SpecMolConfig,
    weights: usize,
    device: Device,
}

impl SpecMol {
    /// Builds the network from fresh or stored weights, without a backbone.
    ///
    /// # Errors
    /// [`NetworkError`] when stored weights do not fit.
    pub fn build(
        p: &mut Parameters,
        config: &SpecMolConfig,
        device: Device,
    ) -> Result<Self, NetworkError> {
        let molecule = MoleculeBranch::new(p, config)?;
        let spectra = SpectrumBranch::new(p, config)?;
        let mut width = molecule.width() + spectra.width();
        if config.spectra == SpectrumInput::Peaks {
            width += molecule.width();
        }
        let fusion = Fusion::new(p, width, config.residual_fusion)?;
        let (config, weights) = (*config, p.count());
        Ok(Self { molecule, spectra, fusion, backbone: None, config, weights, device })
    }

    /// Opens a trained network: a folder with its card and weights and, where it takes pictures, the
    /// backbone its card names.
    ///
    /// # Errors
    /// [`NetworkError`] when one of them is missing, damaged or of another network.
    pub fn open(
        folder: &Path,
        on: impl Into<Placement>,
    ) -> Result<(Self, ModelCard), NetworkError> {
        let (mut net, card) = open_network(folder, on.into(), Self::build)?;
        if net.config.spectra == SpectrumInput::Image {
            let path = folder.join(BACKBONE_FILE);
            let backbone = Resnet::open(&path, net.device)?;
            if card.training.get("backbone_sha256").and_then(|d| d.as_str())
                != Some(backbone.digest())
            {
                let reason = "not the backbone this network was trained on (digest differs)";
                return Err(NetworkError::Weights { path, reason: reason.to_owned() });
            }
            net.backbone = Some(backbone);
        }
        Ok((net, card))
    }

    /// What the network is made of.
    #[must_use]
    pub fn config(&self) -> &SpecMolConfig {
        &self.config
    }

    /// Weights of the network, its backbone's left out.
    #[must_use]
    pub fn weights(&self) -> usize {
        self.weights
    }

    /// The backbone, where the network takes pictures and was opened from a folder.
    #[must_use]
    pub fn backbone(&self) -> Option<&Resnet> {
        self.backbone.as_ref()
    }

    /// Molecules as the network takes them.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when a tensor cannot be made.
    pub fn collate(&self, graphs: &[&MolecularGraph]) -> Result<MoleculeBatch, NetworkError> {
        self.molecule.collate(graphs, self.device)
    }

    /// Vectors of molecules.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn encode_molecules(
        &self,
        batch: &MoleculeBatch,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        self.molecule.forward(batch, training)
    }

    /// Vectors of pairs of spectra.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn encode_spectra(&self, batch: &SpectrumBatch) -> Result<Tensor, NetworkError> {
        self.spectra.forward(batch)
    }

    /// Logit of each row's molecule and spectra being of one compound.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn logits(
        &self,
        molecules: &Tensor,
        spectra: &Tensor,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        if self.config.spectra == SpectrumInput::Peaks {
            // Also number by number: what points the same way matches.
            let together = molecules.f_mul(spectra)?;
            return self
                .fusion
                .forward(&Tensor::f_cat(&[molecules, spectra, &together], 1)?, training);
        }
        self.fusion.forward(&Tensor::f_cat(&[molecules, spectra], 1)?, training)
    }

    /// Spectra as the network takes them.
    ///
    /// # Errors
    /// [`NetworkError`] when the network takes pictures and has no backbone, or libtorch refuses.
    pub fn prepare(&self, pairs: &[&SpectrumPair]) -> Result<SpectrumBatch, NetworkError> {
        match self.config.spectra {
            SpectrumInput::Trace => return SpectrumBatch::of_traces(pairs, self.device),
            SpectrumInput::Peaks => {
                return Ok(SpectrumBatch::Peaks(pairs.iter().map(|&pair| pair.clone()).collect()));
            }
            SpectrumInput::Image => {}
        }
        let backbone = self.backbone.as_ref().ok_or_else(|| NetworkError::Weights {
            path: BACKBONE_FILE.into(),
            reason: "not opened, and pictures need it".to_owned(),
        })?;
        let pictures = pairs
            .iter()
            .map(|pair| Ok(pair.traces()?.pictures()))
            .collect::<Result<Vec<[Picture; 2]>, NetworkError>>()?;
        let features = |nucleus: usize| {
            backbone.features(&pictures.iter().map(|pair| &pair[nucleus]).collect::<Vec<_>>())
        };
        SpectrumBatch::of_features([features(0)?, features(1)?], self.device)
    }

    /// Probability of each molecule that it is the one that shows these spectra, if one of two is:
    /// trained on as many pairs that match as pairs that do not.
    ///
    /// # Errors
    /// [`NetworkError`] when the backbone is missing or libtorch refuses.
    pub fn match_probability(
        &self,
        graphs: &[MolecularGraph],
        spectra: &SpectrumPair,
    ) -> Result<Vec<f32>, NetworkError> {
        if graphs.is_empty() {
            return Ok(Vec::new());
        }
        let _no_gradients = tch::no_grad_guard();
        let shown = self.encode_spectra(&self.prepare(&[spectra])?)?;
        let mut probabilities = Vec::with_capacity(graphs.len());
        for chunk in graphs.chunks(AT_ONCE) {
            let batch = self.collate(&chunk.iter().collect::<Vec<_>>())?;
            let molecules = self.encode_molecules(&batch, false)?;
            let shown = shown.f_expand([molecules.size()[0], -1], false)?;
            let found = self.logits(&molecules, &shown, false)?.f_sigmoid()?;
            probabilities.extend(Vec::<f32>::try_from(&found.f_to_device(Device::Cpu)?)?);
        }
        Ok(probabilities)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::specmol::spectra::TRACE_POINTS;
    use larmor_chemistry::Molecule;

    #[test]
    fn candidates_are_judged_alike_alone_and_in_company() {
        let mut p = Parameters::random(6, Device::Cpu);
        let config = SpecMolConfig::named("trace").unwrap();
        let net = SpecMol::build(&mut p, &config, Device::Cpu).unwrap();
        let mut trace = vec![0.0; TRACE_POINTS];
        trace[1_000] = 1.0;
        let pair = SpectrumPair::new(trace.clone(), trace).unwrap();
        let graphs: Vec<MolecularGraph> = ["CCO", "c1ccccc1", "CC(=O)O"]
            .iter()
            .map(|s| Molecule::graph_only(s).unwrap().graph)
            .collect();
        let company = net.match_probability(&graphs, &pair).unwrap();
        assert_eq!(company.len(), 3);
        for (graph, expected) in graphs.iter().zip(&company) {
            let alone = net.match_probability(std::slice::from_ref(graph), &pair).unwrap();
            assert!((alone[0] - expected).abs() < 1e-5);
        }
        assert!(net.match_probability(&[], &pair).unwrap().is_empty());
    }

    #[test]
    fn on_traces_the_weights_fit_into_4_mb_at_16_bits() {
        let mut p = Parameters::random(6, Device::Cpu);
        SpecMol::build(&mut p, &SpecMolConfig::named("trace").unwrap(), Device::Cpu).unwrap();
        let count: usize = p.finish(Path::new("")).unwrap().iter().map(|(_, w)| w.numel()).sum();
        assert!(2 * count < 4_000_000, "{count}");
    }

    #[test]
    fn pictures_without_a_backbone_are_an_error_that_says_so() {
        let mut p = Parameters::random(6, Device::Cpu);
        let net = SpecMol::build(&mut p, &SpecMolConfig::default(), Device::Cpu).unwrap();
        let pair = SpectrumPair::new(vec![0.0; TRACE_POINTS], vec![0.0; TRACE_POINTS]).unwrap();
        assert!(net.prepare(&[&pair]).is_err_and(|e| e.to_string().contains(BACKBONE_FILE)));
    }
}
