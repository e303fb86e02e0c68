//! K-M3AID: 13C lines and molecules, as wholes and one by one.

use std::path::Path;
use std::sync::Arc;

use super::compare::CompareSpectra;
use crate::query::Query;
use crate::score_part::ScorePart;
use larmor_chemistry::MolecularGraph;
use larmor_networks::inference::{InferenceError, ModelHandle, NetworkLoader};
use larmor_networks::{Kmaid, KmaidComparison, NetworkError};

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
        let peaks = query.c13.iter().map(|peak| (peak.ppm, peak.multiplicity)).collect();
        let comparison = KmaidComparison { peaks, molecules: molecules.to_vec() };
        let found = self.net.infer(vec![comparison])?.pop().unwrap_or_default();
        let said: Vec<Option<f32>> = found
            .iter()
            .map(|s| if self.part == ScorePart::KmaidGraph { Some(s.graph) } else { s.nodes })
            .collect();
        let least = said.iter().flatten().copied().fold(f32::INFINITY, f32::min);
        Ok(Some(said.into_iter().map(|value| value.unwrap_or(least).into()).collect()))
    }
}
