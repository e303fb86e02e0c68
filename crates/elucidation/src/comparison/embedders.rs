//! Which networks turn spectra into vectors, by which similar spectra of the past are found.

use std::sync::Arc;

use super::compare::CompareSpectra;
use crate::query::Query;
use crate::score_part::ScorePart;
use larmor_networks::inference::InferenceError;
use larmor_nmr::fid::Nucleus;
use larmor_nmr::history::SpectrumEmbedding;
use larmor_nmr::sample::SampleSpectrum;

/// A network whose embeddings are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddingNetwork {
    /// Its name, and that of its folder.
    pub name: &'static str,
    /// The nucleus whose spectra it embeds.
    pub nucleus: Nucleus,
    /// SHA-256 of its weights, hex.
    pub model_digest: String,
}

/// The networks whose embeddings are kept, one at most for each nucleus.
#[derive(Clone, Default)]
pub struct SpectrumEmbedders(Vec<Arc<dyn CompareSpectra>>);

impl SpectrumEmbedders {
    /// The first of them for each nucleus.
    #[must_use]
    pub fn of(comparers: &[Arc<dyn CompareSpectra>]) -> Self {
        let mut chosen: Vec<Arc<dyn CompareSpectra>> = Vec::new();
        for comparer in comparers {
            let nucleus = comparer.embeds();
            if nucleus.is_some() && chosen.iter().all(|other| other.embeds() != nucleus) {
                chosen.push(Arc::clone(comparer));
            }
        }
        Self(chosen)
    }

    /// The networks.
    #[must_use]
    pub fn networks(&self) -> Vec<EmbeddingNetwork> {
        let described = |embedder: &Arc<dyn CompareSpectra>| {
            Some(EmbeddingNetwork {
                name: embedder.part().model(),
                nucleus: embedder.embeds()?,
                model_digest: embedder.model_digest().to_owned(),
            })
        };
        self.0.iter().filter_map(described).collect()
    }

    /// Names of the networks that embed spectra of a nucleus, running or not, and of their folders:
    /// where several run, the first one's embeddings are kept.
    #[must_use]
    pub fn known(nucleus: &Nucleus) -> Vec<&'static str> {
        let parts: &[ScorePart] = match nucleus {
            Nucleus::Carbon => &[ScorePart::KmaidGraph, ScorePart::AcmlCarbon],
            Nucleus::Proton => &[ScorePart::AcmlProton],
            Nucleus::Other(_) => &[],
        };
        parts.iter().map(|part| part.model()).collect()
    }

    /// True where a network runs for spectra of the nucleus.
    #[must_use]
    pub fn embeds(&self, nucleus: &Nucleus) -> bool {
        self.0.iter().any(|embedder| embedder.embeds().as_ref() == Some(nucleus))
    }

    /// The sample's spectrum of a nucleus as a direction; `None` where the sample lacks it or no
    /// network runs for the nucleus. Blocks.
    ///
    /// # Errors
    /// [`InferenceError`] when the queue is full, the device thread has ended or the network
    /// fails.
    pub fn embed(
        &self,
        nucleus: &Nucleus,
        query: &Query,
    ) -> Result<Option<SpectrumEmbedding>, InferenceError> {
        match self.0.iter().find(|embedder| embedder.embeds().as_ref() == Some(nucleus)) {
            Some(embedder) => embedder.embed(query),
            None => Ok(None),
        }
    }

    /// One spectrum as a direction; `None` also where it does not show the whole compound. Blocks.
    ///
    /// # Errors
    /// As [`embed`](Self::embed).
    pub fn embed_spectrum(
        &self,
        spectrum: &SampleSpectrum,
    ) -> Result<Option<SpectrumEmbedding>, InferenceError> {
        if !self.embeds(&spectrum.nucleus) {
            return Ok(None);
        }
        match Query::of_sample(&[spectrum]) {
            Some((query, _)) => self.embed(&spectrum.nucleus, &query),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::comparison::RunningNetworks;
    use crate::drawn_spectrum::DrawnSpectrum;
    use crate::query::ObservedPeak;
    use larmor_networks::{
        Acml, AcmlConfig, AcmlNucleus, CARD_FILE, Kmaid, KmaidConfig, ModelCard, Parameters,
        WEIGHTS_FILE, file_sha256,
    };
    use larmor_nmr::spectrum::simulation::Stick;
    use tch::{Device, Tensor};

    const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/default/shift");

    /// A folder of models with the shipped shift network.
    fn models() -> tempfile::TempDir {
        let models = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(OWN, models.path().join("shift")).unwrap();
        models
    }

    fn write(folder: &Path, weights: Parameters, architecture: serde_json::Value) {
        std::fs::create_dir(folder).unwrap();
        let path = folder.join(WEIGHTS_FILE);
        Tensor::write_safetensors(&weights.finish(&path).unwrap(), &path).unwrap();
        let weights_sha256 = file_sha256(&path).unwrap();
        let card = ModelCard { architecture, weights_sha256, ..ModelCard::default() };
        std::fs::write(folder.join(CARD_FILE), serde_json::to_string(&card).unwrap()).unwrap();
    }

    fn write_kmaid(models: &Path) {
        let config = KmaidConfig { width: 16, layers: 2, projection: 24, ..KmaidConfig::default() };
        let mut weights = Parameters::random(1, Device::Cpu);
        Kmaid::build(&mut weights, &config, Device::Cpu).unwrap();
        write(&models.join("kmaid"), weights, serde_json::to_value(config).unwrap());
    }

    fn write_acml(models: &Path, name: &str, nucleus: AcmlNucleus) {
        let config = AcmlConfig {
            width: 16,
            layers: 2,
            projection: 32,
            points: 512,
            ..AcmlConfig::published(nucleus)
        };
        let mut weights = Parameters::random(2, Device::Cpu);
        Acml::build(&mut weights, &config, Device::Cpu).unwrap();
        write(&models.join(name), weights, serde_json::to_value(config).unwrap());
    }

    fn running(models: &Path) -> SpectrumEmbedders {
        SpectrumEmbedders::of(&RunningNetworks::start(models, "cpu").unwrap().comparers)
    }

    fn ethanol() -> Query {
        let carbon = |ppm| ObservedPeak::carbon(ppm, None);
        let stick = |ppm| Stick { ppm, area: 1.0, width_hz: None };
        Query {
            c13: vec![carbon(18.2), carbon(58.0)],
            h1_drawn: DrawnSpectrum::of_sticks(vec![stick(1.2), stick(3.7)], 400.0),
            ..Query::default()
        }
    }

    #[test]
    fn carbon_goes_by_kmaid_where_it_runs_else_by_acml_and_proton_by_acml() {
        let models = models();
        let query = ethanol();
        let none = running(models.path());
        assert!(none.networks().is_empty());
        assert_eq!(none.embed(&Nucleus::Carbon, &query), Ok(None));

        write_acml(models.path(), "acml-13c", AcmlNucleus::Carbon);
        write_acml(models.path(), "acml-1h", AcmlNucleus::Proton);
        let acml = running(models.path());
        for (nucleus, name) in [(Nucleus::Carbon, "acml-13c"), (Nucleus::Proton, "acml-1h")] {
            let found = acml.embed(&nucleus, &query).unwrap().unwrap();
            assert_eq!((found.network.as_str(), &found.nucleus), (name, &nucleus));
            assert_eq!((found.vector().len(), found.model_digest.len()), (32, 64));
            let length: f32 = found.vector().iter().map(|v| v * v).sum();
            assert!((length - 1.0).abs() < 1e-4, "{length}");
            assert_eq!(acml.embed(&nucleus, &Query::default()), Ok(None), "nothing to embed");
        }
        write_kmaid(models.path());
        let kmaid = running(models.path());
        let found = kmaid.embed(&Nucleus::Carbon, &query).unwrap().unwrap();
        assert_eq!((found.network.as_str(), found.vector().len()), ("kmaid", 24));
        let names: Vec<_> = kmaid.networks().into_iter().map(|network| network.name).collect();
        assert_eq!(names, ["kmaid", "acml-1h"]);
    }

    #[test]
    fn the_order_of_networks_is_that_in_which_they_are_said_to_be_chosen() {
        let models = models();
        write_acml(models.path(), "acml-13c", AcmlNucleus::Carbon);
        write_acml(models.path(), "acml-1h", AcmlNucleus::Proton);
        write_kmaid(models.path());
        let comparers = RunningNetworks::start(models.path(), "cpu").unwrap().comparers;
        for nucleus in [Nucleus::Carbon, Nucleus::Proton] {
            let embedders = comparers.iter().filter(|one| one.embeds().as_ref() == Some(&nucleus));
            let names: Vec<_> = embedders.map(|one| one.part().model()).collect();
            assert_eq!(names, SpectrumEmbedders::known(&nucleus));
        }
    }
}
