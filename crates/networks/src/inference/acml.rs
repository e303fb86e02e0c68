//! ACML networks on the device thread.

use std::path::Path;

use crate::Placement;

use super::Served;
use super::served::within_atoms;
use crate::{Acml, AcmlSpectrum, ModelCard, NetworkError};
use larmor_chemistry::MolecularGraph;

/// A spectrum and the molecules it is to be held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The spectrum, of the network's nucleus.
    pub spectrum: AcmlSpectrum,
    /// The molecules.
    pub molecules: Vec<MolecularGraph>,
}

impl Served for Acml {
    type Input = Comparison;
    /// A dot product for each molecule; higher is likelier.
    type Output = Vec<f32>;

    fn open(folder: &Path, on: Placement) -> Result<(Self, ModelCard), NetworkError> {
        Self::open(folder, on)
    }

    fn fitting(comparisons: &[Comparison]) -> usize {
        within_atoms(comparisons, |comparison| &comparison.molecules)
    }

    fn run(&self, comparisons: &[Comparison]) -> Result<Vec<Vec<f32>>, NetworkError> {
        comparisons
            .iter()
            .map(|Comparison { spectrum, molecules }| {
                let spectrum = self.embed_spectrum(spectrum)?;
                let molecules = self.embed_molecules(molecules)?;
                let dot = |row: &Vec<f32>| row.iter().zip(&spectrum).map(|(a, b)| a * b).sum();
                Ok(molecules.iter().map(dot).collect())
            })
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tch::Device;

    use super::super::device_thread::DeviceThread;
    use super::*;
    use crate::inference::InferenceError;
    use crate::{AcmlConfig, AcmlNucleus, Parameters};
    use larmor_chemistry::Molecule;

    #[test]
    fn each_spectrum_is_held_against_its_own_molecules() {
        let config = AcmlConfig { width: 16, layers: 2, ..AcmlConfig::new(AcmlNucleus::Carbon) };
        let net =
            Acml::build(&mut Parameters::random(3, Device::Cpu), &config, Device::Cpu).unwrap();
        let mut thread = DeviceThread::new();
        let handle = thread.add(net, "test");
        thread.start().unwrap();
        let graph = |smiles: &str| Molecule::graph_only(smiles).unwrap().graph;
        let ask = |ppm: f64, smiles: &[&str]| Comparison {
            spectrum: AcmlSpectrum::from_shifts([18.0, ppm]),
            molecules: smiles.iter().map(|smiles| graph(smiles)).collect(),
        };
        let alone = handle.run(vec![ask(58.0, &["CCO"])]).unwrap();
        let company = handle.run(vec![ask(30.0, &["CC"]), ask(58.0, &["CCO", "CO"])]).unwrap();
        assert_eq!((company[0].len(), company[1].len()), (1, 2));
        assert!((alone[0][0] - company[1][0]).abs() < 1e-3);
        let wrong = Comparison {
            spectrum: AcmlSpectrum::Trace(vec![0.0; 8]),
            molecules: vec![graph("CCO")],
        };
        assert!(matches!(handle.run(vec![wrong]), Err(InferenceError::Network(_))));
    }
}
