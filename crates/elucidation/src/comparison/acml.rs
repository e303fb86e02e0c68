//! ACML: a spectrum of one nucleus and molecules.

use std::path::Path;
use std::sync::Arc;

use super::compare::CompareSpectra;
use crate::query::Query;
use crate::score_part::ScorePart;
use larmor_chemistry::MolecularGraph;
use larmor_networks::inference::{InferenceError, ModelHandle, NetworkLoader};
use larmor_networks::{
    Acml, AcmlComparison, AcmlConfig, AcmlInput, AcmlNucleus, AcmlSpectrum, CARD_FILE, NetworkError,
};
use larmor_nmr::fid::Nucleus;
use larmor_nmr::history::SpectrumEmbedding;
use larmor_nmr::spectrum::simulation::Window;

/// Loads the network for 13C where it is there.
pub(super) fn load_carbon(
    loader: &mut NetworkLoader,
    models: &Path,
) -> Result<Vec<Arc<dyn CompareSpectra>>, NetworkError> {
    let net = load(loader, ScorePart::AcmlCarbon, AcmlNucleus::Carbon, models)?;
    let comparer = |(net, _)| -> Arc<dyn CompareSpectra> { Arc::new(CarbonSimilarity(net)) };
    Ok(net.map(comparer).into_iter().collect())
}

/// Loads the network for 1H where it is there.
pub(super) fn load_proton(
    loader: &mut NetworkLoader,
    models: &Path,
) -> Result<Vec<Arc<dyn CompareSpectra>>, NetworkError> {
    let net = load(loader, ScorePart::AcmlProton, AcmlNucleus::Proton, models)?;
    let comparer = |(net, config): (_, AcmlConfig)| -> Arc<dyn CompareSpectra> {
        let window = match config.input {
            AcmlInput::Published => Some(Window::proton(config.points)),
            AcmlInput::Peaks => None,
        };
        Arc::new(ProtonSimilarity { net, window })
    };
    Ok(net.map(comparer).into_iter().collect())
}

fn load(
    loader: &mut NetworkLoader,
    part: ScorePart,
    nucleus: AcmlNucleus,
    models: &Path,
) -> Result<Option<(ModelHandle<Acml>, AcmlConfig)>, NetworkError> {
    let Some((net, card)) = loader.load_if_present(part.model(), models)? else { return Ok(None) };
    let folder = models.join(part.model());
    let config: AcmlConfig = card.architecture(&folder)?;
    if config.nucleus != nucleus {
        let reason = format!("a network for {} spectra", config.nucleus.nucleus());
        return Err(NetworkError::Card { path: folder.join(CARD_FILE), reason });
    }
    Ok(Some((net, config)))
}

struct CarbonSimilarity(ModelHandle<Acml>);

impl CompareSpectra for CarbonSimilarity {
    fn part(&self) -> ScorePart {
        ScorePart::AcmlCarbon
    }

    fn model_digest(&self) -> &str {
        self.0.digest()
    }

    fn compare(
        &self,
        query: &Query,
        molecules: &[MolecularGraph],
    ) -> Result<Option<Vec<f64>>, InferenceError> {
        let Some(spectrum) = carbon_spectrum(query) else { return Ok(None) };
        similarities(&self.0, AcmlComparison { spectrum, molecules: molecules.to_vec() })
    }

    fn embeds(&self) -> Option<Nucleus> {
        Some(Nucleus::Carbon)
    }

    fn embed(&self, query: &Query) -> Result<Option<SpectrumEmbedding>, InferenceError> {
        embedding(self.part(), &self.0, Nucleus::Carbon, carbon_spectrum(query))
    }
}

fn carbon_spectrum(query: &Query) -> Option<AcmlSpectrum> {
    let shifts = query.c13.iter().map(|peak| peak.ppm);
    (!query.c13.is_empty()).then(|| AcmlSpectrum::from_shifts(shifts))
}

/// Takes 1H spectra as sets of signals, or drawn on the window it was trained on.
struct ProtonSimilarity {
    net: ModelHandle<Acml>,
    window: Option<Window>,
}

impl CompareSpectra for ProtonSimilarity {
    fn part(&self) -> ScorePart {
        ScorePart::AcmlProton
    }

    fn model_digest(&self) -> &str {
        self.net.digest()
    }

    fn compare(
        &self,
        query: &Query,
        molecules: &[MolecularGraph],
    ) -> Result<Option<Vec<f64>>, InferenceError> {
        let Some(spectrum) = self.spectrum(query) else { return Ok(None) };
        similarities(&self.net, AcmlComparison { spectrum, molecules: molecules.to_vec() })
    }

    fn embeds(&self) -> Option<Nucleus> {
        Some(Nucleus::Proton)
    }

    fn embed(&self, query: &Query) -> Result<Option<SpectrumEmbedding>, InferenceError> {
        embedding(self.part(), &self.net, Nucleus::Proton, self.spectrum(query))
    }
}

impl ProtonSimilarity {
    /// As the network takes it: drawn on a window, or as the set of its signals.
    fn spectrum(&self, query: &Query) -> Option<AcmlSpectrum> {
        if let Some(window) = &self.window {
            return query.h1_drawn.as_ref().map(|drawn| AcmlSpectrum::Trace(drawn.trace(window)));
        }
        let signals = query.signals();
        (!signals.is_empty()).then_some(AcmlSpectrum::Signals(signals))
    }
}

fn embedding(
    part: ScorePart,
    net: &ModelHandle<Acml>,
    nucleus: Nucleus,
    spectrum: Option<AcmlSpectrum>,
) -> Result<Option<SpectrumEmbedding>, InferenceError> {
    let Some(spectrum) = spectrum else { return Ok(None) };
    let vector = net.ask(move |net| net.embed_spectrum(&spectrum))?;
    Ok(SpectrumEmbedding::new(part.model(), nucleus, net.digest(), vector))
}

fn similarities(
    net: &ModelHandle<Acml>,
    comparison: AcmlComparison,
) -> Result<Option<Vec<f64>>, InferenceError> {
    let found = net.infer(vec![comparison])?.pop().unwrap_or_default();
    Ok(Some(found.into_iter().map(f64::from).collect()))
}
