//! SpecMol: a pair of 1H and 13C spectra and molecules.

use std::path::Path;
use std::sync::Arc;

use super::compare::CompareSpectra;
use crate::query::Query;
use crate::score_part::ScorePart;
use larmor_chemistry::MolecularGraph;
use larmor_networks::inference::{InferenceError, ModelHandle, NetworkLoader};
use larmor_networks::{NetworkError, SpecMol, SpecMolComparison, SpecMolConfig, SpectrumInput};

/// Odds beyond this, as a probability, are not told apart.
const CERTAIN: f64 = 1e-6;

/// Loads the network where it is there.
pub(super) fn load(
    loader: &mut NetworkLoader,
    models: &Path,
) -> Result<Vec<Arc<dyn CompareSpectra>>, NetworkError> {
    let part = ScorePart::SpecMol;
    let Some((net, card)) = loader.load_if_present::<SpecMol>(part.model(), models)? else {
        return Ok(Vec::new());
    };
    let config: SpecMolConfig = card.architecture(&models.join(part.model()))?;
    Ok(vec![Arc::new(PairMatch { net, input: config.spectra })])
}

struct PairMatch {
    net: ModelHandle<SpecMol>,
    input: SpectrumInput,
}

impl CompareSpectra for PairMatch {
    fn part(&self) -> ScorePart {
        ScorePart::SpecMol
    }

    fn model_digest(&self) -> &str {
        self.net.digest()
    }

    /// Log-odds of a match.
    fn compare(
        &self,
        query: &Query,
        molecules: &[MolecularGraph],
    ) -> Result<Option<Vec<f64>>, InferenceError> {
        let spectra = match self.input {
            SpectrumInput::Image | SpectrumInput::Trace => query.drawn_pair(),
            SpectrumInput::Peaks => query.peak_pair(),
        };
        let Some(spectra) = spectra else { return Ok(None) };
        let comparison = SpecMolComparison { spectra, molecules: molecules.to_vec() };
        let found = self.net.infer(vec![comparison])?.pop().unwrap_or_default();
        let odds = |p: f64| (p / (1.0 - p)).ln();
        let found = found.into_iter().map(|p| odds(f64::from(p).clamp(CERTAIN, 1.0 - CERTAIN)));
        Ok(Some(found.collect()))
    }
}
