//! What whole spectra say of candidates beside the shifts: networks that hold the one against the
//! other.

use std::sync::Arc;

use super::Query;
use larmor_chemistry::MolecularGraph;
use larmor_networks::inference::{
    Comparison, Handle, InferenceError, MatchQuestion, PeakComparison, Running, SHIFT_FOLDER,
};
use larmor_networks::{Acml, AcmlSpectrum, Kmaid, MatchNet};
use larmor_nmr::spectrum::simulation::Window;

/// Odds beyond this, as a probability, are not told apart.
const CERTAIN: f64 = 1e-6;

/// A network that holds a sample's spectra against molecules.
pub trait CompareSpectra: Send + Sync + 'static {
    /// Name of its part of the score.
    fn part(&self) -> ScorePart;

    /// Identity of the weights: SHA-256 of the weight file, hex.
    fn model_digest(&self) -> &str;

    /// A number for each molecule, higher is likelier; `None` where the sample lacks the spectra it
    /// takes. Blocks.
    ///
    /// # Errors
    /// [`InferenceError`] when the queue is full, the device thread has ended or the network
    /// fails.
    fn compare(
        &self,
        query: &Query,
        molecules: &[MolecularGraph],
    ) -> Result<Option<Vec<f64>>, InferenceError>;
}

/// A part of a candidate's score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScorePart {
    /// Log-likelihood of the 13C lines.
    Carbon,
    /// Log-likelihood of the 1H lines, weighted.
    Proton,
    /// K-M3AID: the molecule and the 13C lines as a whole.
    KmaidGraph,
    /// K-M3AID: carbons and 13C lines one by one.
    KmaidNodes,
    /// ACML on 13C.
    AcmlCarbon,
    /// ACML on 1H.
    AcmlProton,
    /// SpecMol on both.
    Match,
}

impl ScorePart {
    /// Its name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Carbon => "13C shifts",
            Self::Proton => "1H shifts",
            Self::KmaidGraph => "13C graph alignment",
            Self::KmaidNodes => "13C node alignment",
            Self::AcmlCarbon => "13C similarity",
            Self::AcmlProton => "1H similarity",
            Self::Match => "match",
        }
    }

    /// Name of the network behind it.
    #[must_use]
    pub fn model(self) -> &'static str {
        match self {
            Self::Carbon | Self::Proton => SHIFT_FOLDER,
            Self::KmaidGraph | Self::KmaidNodes => "kmaid",
            Self::AcmlCarbon => "acml-13c",
            Self::AcmlProton => "acml-1h",
            Self::Match => "specmol",
        }
    }
}

/// The running networks that compare.
#[must_use]
pub fn comparers(running: &Running) -> Vec<Arc<dyn CompareSpectra>> {
    let mut found: Vec<Arc<dyn CompareSpectra>> = Vec::new();
    if let Some(net) = &running.kmaid {
        for part in [ScorePart::KmaidGraph, ScorePart::KmaidNodes] {
            found.push(Arc::new(Alignment { net: net.clone(), part }));
        }
    }
    if let Some(net) = &running.acml_carbon {
        found.push(Arc::new(CarbonSimilarity(net.clone())));
    }
    if let Some((net, window)) = &running.acml_proton {
        found.push(Arc::new(ProtonSimilarity { net: net.clone(), window: *window }));
    }
    if let Some(net) = &running.matching {
        found.push(Arc::new(Matching(net.clone())));
    }
    found
}

/// One level of K-M3AID.
struct Alignment {
    net: Handle<Kmaid>,
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
        let comparison = PeakComparison { peaks, molecules: molecules.to_vec() };
        let found = self.net.run(vec![comparison])?.pop().unwrap_or_default();
        let said: Vec<Option<f32>> = found
            .iter()
            .map(|s| if self.part == ScorePart::KmaidGraph { Some(s.graph) } else { s.nodes })
            .collect();
        let least = said.iter().flatten().copied().fold(f32::INFINITY, f32::min);
        Ok(Some(said.into_iter().map(|value| value.unwrap_or(least).into()).collect()))
    }
}

struct CarbonSimilarity(Handle<Acml>);

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
        if query.c13.is_empty() {
            return Ok(None);
        }
        let spectrum = AcmlSpectrum::from_shifts(query.c13.iter().map(|peak| peak.ppm));
        answer(&self.0, Comparison { spectrum, molecules: molecules.to_vec() })
    }
}

struct ProtonSimilarity {
    net: Handle<Acml>,
    window: Window,
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
        let Some(drawn) = &query.h1_drawn else { return Ok(None) };
        let spectrum = AcmlSpectrum::Trace(drawn.trace(&self.window));
        answer(&self.net, Comparison { spectrum, molecules: molecules.to_vec() })
    }
}

fn answer(net: &Handle<Acml>, comparison: Comparison) -> Result<Option<Vec<f64>>, InferenceError> {
    let found = net.run(vec![comparison])?.pop().unwrap_or_default();
    Ok(Some(found.into_iter().map(f64::from).collect()))
}

struct Matching(Handle<MatchNet>);

impl CompareSpectra for Matching {
    fn part(&self) -> ScorePart {
        ScorePart::Match
    }

    fn model_digest(&self) -> &str {
        self.0.digest()
    }

    /// Log-odds of a match.
    fn compare(
        &self,
        query: &Query,
        molecules: &[MolecularGraph],
    ) -> Result<Option<Vec<f64>>, InferenceError> {
        let (Some(proton), Some(carbon)) = (&query.h1_drawn, &query.c13_drawn) else {
            return Ok(None);
        };
        let Some(spectra) = proton.pair_with(carbon) else { return Ok(None) };
        let question = MatchQuestion { spectra, molecules: molecules.to_vec() };
        let found = self.0.run(vec![question])?.pop().unwrap_or_default();
        let odds = |p: f64| (p / (1.0 - p)).ln();
        let found = found.into_iter().map(|p| odds(f64::from(p).clamp(CERTAIN, 1.0 - CERTAIN)));
        Ok(Some(found.collect()))
    }
}
