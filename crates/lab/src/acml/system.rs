//! ACML as a ranker, for 13C or for 1H.

use std::path::Path;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tch::Tensor;

use super::example::Measured;
use crate::data::key_hash;
use crate::error::EvaluationError;
use crate::evaluation::{BATCH, CommonSpace, EvaluationMolecule, Nuclei, rows_of};
use larmor_chemistry::Molecule;
use larmor_networks::{Acml, AcmlNucleus, AcmlSpectrum, NetworkError, Placement};

/// The trained network.
pub struct AcmlSystem {
    net: Acml,
}

impl AcmlSystem {
    pub(crate) fn open(folder: &Path, device: &str) -> Result<Self, EvaluationError> {
        Ok(Self { net: Acml::open(folder, Placement::named(device)?)?.0 })
    }

    /// The network.
    #[must_use]
    pub fn net(&self) -> &Acml {
        &self.net
    }

    /// Whose spectra it takes.
    #[must_use]
    pub fn nucleus(&self) -> AcmlNucleus {
        self.net.config().nucleus
    }

    /// The same as protocols name it.
    #[must_use]
    pub fn spectra(&self) -> Nuclei {
        match self.nucleus() {
            AcmlNucleus::Carbon => Nuclei::Carbon,
            AcmlNucleus::Proton => Nuclei::Proton,
        }
    }

    /// A 13C spectrum as its peaks; a 1H spectrum drawn from its signals, under conditions that are
    /// the same each time it is asked for.
    fn shown(&self, tested: &EvaluationMolecule) -> AcmlSpectrum {
        match self.nucleus() {
            AcmlNucleus::Carbon => {
                AcmlSpectrum::from_shifts(tested.peaks.iter().map(|peak| peak.ppm))
            }
            AcmlNucleus::Proton => {
                let mut random = ChaCha8Rng::seed_from_u64(key_hash(&tested.block));
                Measured::Signals(tested.signals.clone(), 0.0).shown(self.net.config(), &mut random)
            }
        }
    }
}

impl CommonSpace for AcmlSystem {
    fn spectra(&self, spectra: &[&EvaluationMolecule]) -> Result<Tensor, EvaluationError> {
        let _no_gradients = tch::no_grad_guard();
        let rows = spectra
            .chunks(BATCH)
            .map(|batch| {
                let shown: Vec<AcmlSpectrum> = batch.iter().map(|s| self.shown(s)).collect();
                self.net.project_spectra(&self.net.encode(&shown)?, false)
            })
            .collect::<Result<Vec<_>, NetworkError>>()?;
        Ok(Tensor::f_cat(&rows, 0)?)
    }

    fn molecules(&self, molecules: &[&Molecule]) -> Result<Tensor, EvaluationError> {
        rows_of(molecules, self.net.device(), |batch| {
            self.net.project_graphs(&self.net.graphs(batch, false)?, false)
        })
    }
}
