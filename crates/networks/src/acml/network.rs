//! ACML: asymmetric contrastive transfer. A spectrum encoder that was trained before and is frozen
//! teaches a graph network where molecules belong; graph network and projections alone are trained.

use std::path::Path;

use tch::{Device, Kind, Tensor};

use super::config::{AcmlConfig, AcmlInput, AcmlNucleus};
use super::proton_encoder::{LATENT, ProtonEncoder};
use super::spectrum::{AcmlSpectrum, wrong};
use crate::card::{ModelCard, open_network};
use crate::error::NetworkError;
use crate::gin::{GinBatch, GinFeatures, GraphEncoder};
use crate::parameters::Parameters;
use crate::placement::Placement;
use crate::portions::in_portions;
use crate::projection::Projection;
use crate::spectrum_encoder::{CarbonEncoder, SPECTRUM_ENCODER, SPECTRUM_WIDTH, SignalEncoder};
use larmor_chemistry::MolecularGraph;
use larmor_nmr::spectrum::simulation::Window;

enum Encoder {
    Shifts(CarbonEncoder),
    Signals(SignalEncoder),
    Trace(ProtonEncoder),
}

/// The network on one device.
pub struct Acml {
    config: AcmlConfig,
    spectrum: Encoder,
    molecules: GraphEncoder,
    graph_projection: Projection,
    spectrum_projection: Projection,
    device: Device,
}

impl Acml {
    /// Builds the network from fresh or stored weights; those of the encoder are frozen.
    ///
    /// # Errors
    /// [`NetworkError`] when stored weights do not fit.
    pub fn build(
        p: &mut Parameters,
        config: &AcmlConfig,
        device: Device,
    ) -> Result<Self, NetworkError> {
        let AcmlConfig { projection, points, nucleus, input, .. } = *config;
        let (spectrum, encoded) = p.frozen(|p| {
            Ok(match (nucleus, input) {
                (AcmlNucleus::Carbon, _) => (
                    Encoder::Shifts(CarbonEncoder::new(p, SPECTRUM_ENCODER, config.shifts())?),
                    SPECTRUM_WIDTH,
                ),
                (AcmlNucleus::Proton, AcmlInput::Peaks) => {
                    (Encoder::Signals(SignalEncoder::new(p, SPECTRUM_ENCODER)?), SPECTRUM_WIDTH)
                }
                (AcmlNucleus::Proton, AcmlInput::Published) => {
                    (Encoder::Trace(ProtonEncoder::new(p, SPECTRUM_ENCODER, points)?), LATENT)
                }
            })
        })?;
        let molecules = GraphEncoder::new(p, "", config.gin())?;
        let pooled = molecules.width();
        Ok(Self {
            config: *config,
            spectrum,
            molecules,
            graph_projection: Projection::new(p, "graph_projection", pooled, projection)?,
            spectrum_projection: Projection::new(p, "spectrum_projection", encoded, projection)?,
            device,
        })
    }

    /// Opens a trained network: a folder with its card and weights.
    ///
    /// # Errors
    /// [`NetworkError`] when card or weights are missing, damaged or of another network.
    pub fn open(
        folder: &Path,
        on: impl Into<Placement>,
    ) -> Result<(Self, ModelCard), NetworkError> {
        open_network(folder, on.into(), Self::build)
    }

    /// Nucleus and sizes.
    #[must_use]
    pub fn config(&self) -> &AcmlConfig {
        &self.config
    }

    /// Where the network runs.
    #[must_use]
    pub fn device(&self) -> Device {
        self.device
    }

    /// The stretch of the axis a 1H trace stands for.
    #[must_use]
    pub fn window(&self) -> Window {
        Window::proton(self.config.points)
    }

    /// What the frozen encoder says of spectra, a row each; no gradients.
    ///
    /// # Errors
    /// [`NetworkError::Input`] for spectra of another nucleus or length.
    pub fn encode(&self, spectra: &[AcmlSpectrum]) -> Result<Tensor, NetworkError> {
        let _no_gradients = tch::no_grad_guard();
        match &self.spectrum {
            Encoder::Shifts(encoder) => {
                let shifts: Option<Vec<_>> = spectra.iter().map(AcmlSpectrum::as_shifts).collect();
                encoder.forward(&shifts.ok_or_else(|| wrong("13C peaks"))?, self.device)
            }
            Encoder::Signals(encoder) => {
                let signals: Option<Vec<_>> =
                    spectra.iter().map(AcmlSpectrum::as_signals).collect();
                encoder.forward(&signals.ok_or_else(|| wrong("1H signals"))?, self.device)
            }
            Encoder::Trace(encoder) => {
                encoder.forward(&AcmlSpectrum::trace_rows(spectra, &self.config, self.device)?)
            }
        }
    }

    /// Encoded spectra in the common space.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn project_spectra(
        &self,
        encoded: &Tensor,
        training: bool,
    ) -> Result<Tensor, NetworkError> {
        self.spectrum_projection.forward(encoded, training)
    }

    /// Vectors of molecules, a row each: what the graph encoder has learned, before the common
    /// space.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn graphs(&self, batch: &GinBatch, training: bool) -> Result<Tensor, NetworkError> {
        Ok(self.molecules.forward(batch, training)?.1)
    }

    /// Vectors of molecules in the common space.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn project_graphs(&self, graphs: &Tensor, training: bool) -> Result<Tensor, NetworkError> {
        self.graph_projection.forward(graphs, training)
    }

    /// Molecules in the common space, in which dot products with spectra rank them.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn embed_molecules(
        &self,
        molecules: &[MolecularGraph],
    ) -> Result<Vec<Vec<f32>>, NetworkError> {
        self.each_portion(molecules, |graphs| self.project_graphs(graphs, false))
    }

    /// What the graph encoder has learned of molecules, for other tasks than retrieval.
    ///
    /// # Errors
    /// [`NetworkError::Torch`] when libtorch refuses.
    pub fn describe_molecules(
        &self,
        molecules: &[MolecularGraph],
    ) -> Result<Vec<Vec<f32>>, NetworkError> {
        self.each_portion(molecules, |graphs| Ok(graphs.shallow_clone()))
    }

    /// A spectrum in the common space.
    ///
    /// # Errors
    /// [`NetworkError::Input`] for a spectrum of another nucleus or length.
    pub fn embed_spectrum(&self, spectrum: &AcmlSpectrum) -> Result<Vec<f32>, NetworkError> {
        let _no_gradients = tch::no_grad_guard();
        let encoded = self.encode(std::slice::from_ref(spectrum))?;
        let rows = rows(&self.project_spectra(&encoded, false)?)?;
        rows.into_iter().next().ok_or_else(|| wrong("one spectrum"))
    }

    /// What `end` makes of the graph encoder's vectors, portion by portion.
    fn each_portion(
        &self,
        molecules: &[MolecularGraph],
        end: impl Fn(&Tensor) -> Result<Tensor, NetworkError>,
    ) -> Result<Vec<Vec<f32>>, NetworkError> {
        let _no_gradients = tch::no_grad_guard();
        in_portions(molecules, self.device, |together| {
            let features: Vec<GinFeatures> = together.iter().map(|&graph| graph.into()).collect();
            let batch = GinBatch::collate(&features.iter().collect::<Vec<_>>(), self.device)?;
            rows(&end(&self.graphs(&batch, false)?)?)
        })
    }
}

fn rows(tensor: &Tensor) -> Result<Vec<Vec<f32>>, NetworkError> {
    let tensor = tensor.f_to_device(Device::Cpu)?.f_to_kind(Kind::Float)?;
    Ok(Vec::<Vec<f32>>::try_from(&tensor)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;

    fn net(nucleus: AcmlNucleus) -> Acml {
        let config = AcmlConfig { points: 512, ..AcmlConfig::published(nucleus) };
        Acml::build(&mut Parameters::random(3, Device::Cpu), &config, Device::Cpu).unwrap()
    }

    #[test]
    fn only_graph_side_and_projections_are_trained() {
        for nucleus in [AcmlNucleus::Carbon, AcmlNucleus::Proton] {
            let mut p = Parameters::random(3, Device::Cpu);
            Acml::build(&mut p, &AcmlConfig::published(nucleus), Device::Cpu).unwrap();
            for (name, weight) in p.finish(Path::new("")).unwrap() {
                let statistics = name.ends_with(".mean") || name.ends_with(".variance");
                let frozen = name.starts_with("spectrum.") || statistics;
                assert_eq!(weight.requires_grad(), !frozen, "{name}");
                assert!(!name.contains("hybridisation"), "{name}");
            }
        }
    }

    #[test]
    fn spectra_of_the_other_nucleus_are_refused_with_a_reason() {
        let peaks = AcmlSpectrum::from_shifts([20.0, 128.5]);
        let trace = AcmlSpectrum::Trace(vec![1.0; 512]);
        assert!(net(AcmlNucleus::Carbon).embed_spectrum(&peaks).is_ok());
        assert!(net(AcmlNucleus::Carbon).embed_spectrum(&trace).is_err());
        assert!(net(AcmlNucleus::Proton).embed_spectrum(&trace).is_ok());
        assert!(net(AcmlNucleus::Proton).embed_spectrum(&peaks).is_err());
        let short = AcmlSpectrum::Trace(vec![1.0; 100]);
        let said = net(AcmlNucleus::Proton).embed_spectrum(&short).unwrap_err().to_string();
        assert!(said.contains("512 points, not 100"), "{said}");
    }

    #[test]
    fn the_scale_of_a_trace_does_not_matter_and_company_does_not_either() {
        let net = net(AcmlNucleus::Proton);
        let trace: Vec<f32> = (0..512).map(|i| if i % 40 == 0 { 3.0 } else { 0.01 }).collect();
        let louder = trace.iter().map(|v| 50.0 * v).collect();
        let one = net.embed_spectrum(&AcmlSpectrum::Trace(trace)).unwrap();
        let other = net.embed_spectrum(&AcmlSpectrum::Trace(louder)).unwrap();
        assert!(one.iter().zip(&other).all(|(a, b)| (a - b).abs() < 1e-4));
        let graph = |smiles| Molecule::graph_only(smiles).unwrap().graph;
        let alone = net.embed_molecules(&[graph("CCO")]).unwrap();
        let company = net.embed_molecules(&[graph("c1ccccc1"), graph("CCO")]).unwrap();
        assert!(alone[0].iter().zip(&company[1]).all(|(a, b)| (a - b).abs() < 1e-4));
        assert_eq!(net.describe_molecules(&[graph("CCO")]).unwrap()[0].len(), 128);
    }
}
