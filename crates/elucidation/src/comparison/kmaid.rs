//! K-M3AID: 13C lines and molecules, as wholes and one by one.

use std::path::Path;
use std::sync::Arc;

use super::compare::CompareSpectra;
use crate::query::Query;
use crate::score_part::ScorePart;
use larmor_chemistry::MolecularGraph;
use larmor_networks::inference::{InferenceError, ModelHandle, NetworkLoader};
use larmor_networks::{CarbonPeak, Kmaid, KmaidComparison, NetworkError};
use larmor_nmr::fid::Nucleus;
use larmor_nmr::history::SpectrumEmbedding;

/// Loads the network where it is there: one comparer for each of its levels.
pub(super) fn load(
    loader: &mut NetworkLoader,
    models: &Path,
) -> Result<Vec<Arc<dyn CompareSpectra>>, NetworkError> {
    let Some((net, _)) = loader.load_if_present::<Kmaid>(ScorePart::KmaidGraph.model(), models)?
    else {
        return Ok(Vec::new());
    };
    let level =
        |part| -> Arc<dyn CompareSpectra> { Arc::new(Alignment { net: net.clone(), part }) };
    Ok(vec![level(ScorePart::KmaidGraph), level(ScorePart::KmaidNodes)])
}

/// One level of K-M3AID.
struct Alignment {
    net: ModelHandle<Kmaid>,
    part: ScorePart,
}

impl CompareSpectra for Alignment {
    fn part(&self) -> ScorePart {
        self.part
    }

    fn model_digest(&self) -> &str {
        self.net.digest()
    }

    /// A molecule without carbon is as unlike as the most unlike of the others.
    fn compare(
        &self,
        query: &Query,
        molecules: &[MolecularGraph],
    ) -> Result<Option<Vec<f64>>, InferenceError> {
        if query.c13.is_empty() {
            return Ok(None);
        }
        let comparison = KmaidComparison { peaks: peaks(query), molecules: molecules.to_vec() };
        let found = self.net.infer(vec![comparison])?.pop().unwrap_or_default();
        let said: Vec<Option<f32>> = found
            .iter()
            .map(|s| if self.part == ScorePart::KmaidGraph { Some(s.graph) } else { s.nodes })
            .collect();
        let least = said.iter().flatten().copied().fold(f32::INFINITY, f32::min);
        Ok(Some(said.into_iter().map(|value| value.unwrap_or(least).into()).collect()))
    }

    /// The level of whole spectra alone embeds.
    fn embeds(&self) -> Option<Nucleus> {
        (self.part == ScorePart::KmaidGraph).then_some(Nucleus::Carbon)
    }

    fn embed(&self, query: &Query) -> Result<Option<SpectrumEmbedding>, InferenceError> {
        let peaks = peaks(query);
        if self.embeds().is_none() || peaks.is_empty() {
            return Ok(None);
        }
        let vector = self.net.ask(move |net| net.embed_spectrum(&peaks))?;
        let (network, digest) = (self.part.model(), self.net.digest());
        Ok(SpectrumEmbedding::new(network, Nucleus::Carbon, digest, vector))
    }
}

fn peaks(query: &Query) -> Vec<CarbonPeak> {
    query.c13.iter().map(|peak| (peak.ppm, peak.multiplicity)).collect()
}
