//! The elucidator: what it is made of, and the order of its steps.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::options::{CandidatePool, ElucidationOptions};
use super::prediction_cache::PredictionCache;
use super::scored_candidate::{Gathered, ScoredCandidate};
use crate::comparison::{CompareSpectra, SpectrumEmbedders};
use crate::error::ElucidationError;
use crate::library::Library;
use crate::query::Query;
use crate::read_molecules::ReadMolecules;
use crate::score_part::ScorePart;
use crate::scoring::Parameters;
use crate::scoring::lines::Lines;
use crate::verification::Weights;
use larmor_networks::inference::{Predictor, SHIFT_FOLDER};
use larmor_nmr::elucidation::{Candidate, Elucidation};
use larmor_nmr::structure::ProposedStructure;

/// Ranks candidate structures of samples.
pub struct Elucidator {
    predictor: Predictor,
    pub(crate) predictions: PredictionCache,
    pub(crate) molecules: ReadMolecules,
    pub(crate) libraries: Vec<Arc<Library>>,
    pub(crate) parameters: Parameters,
    pub(crate) comparers: Vec<Arc<dyn CompareSpectra>>,
    pub(crate) weights: Weights,
}

impl Elucidator {
    /// An elucidator that looks into these libraries.
    #[must_use]
    pub fn new(predictor: Predictor, libraries: Vec<Arc<Library>>) -> Self {
        let predictions = PredictionCache::new(Arc::clone(&predictor), 2);
        let (parameters, comparers) = (Parameters::default(), Vec::new());
        let weights = Weights::shipped();
        let molecules = ReadMolecules::default();
        Self { predictor, predictions, molecules, libraries, parameters, comparers, weights }
    }

    /// The same with networks that hold whole spectra against candidates.
    #[must_use]
    pub fn comparing(mut self, comparers: Vec<Arc<dyn CompareSpectra>>) -> Self {
        self.comparers = comparers;
        self
    }

    /// The same with other penalties.
    #[must_use]
    pub fn with_parameters(mut self, parameters: Parameters) -> Self {
        self.parameters = parameters;
        self
    }

    /// The same with other weights of discrepancies.
    #[must_use]
    pub fn with_weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// Penalties in use.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Digest of the model in use.
    #[must_use]
    pub fn model_digest(&self) -> &str {
        self.predictor.model_digest()
    }

    /// Digest of every network that took part in an elucidation, by name.
    #[must_use]
    pub fn models_of(&self, elucidation: &Elucidation) -> BTreeMap<String, String> {
        let shifts = (SHIFT_FOLDER.to_owned(), self.model_digest().to_owned());
        let took_part = |part: ScorePart| {
            elucidation.candidates.iter().any(|candidate| candidate.parts.contains_key(part.name()))
        };
        let others = self
            .comparers
            .iter()
            .filter(|comparer| took_part(comparer.part()))
            .map(|comparer| (comparer.part().model().into(), comparer.model_digest().into()));
        std::iter::once(shifts).chain(others).collect()
    }

    /// The networks that embed spectra by themselves.
    #[must_use]
    pub fn embedders(&self) -> SpectrumEmbedders {
        SpectrumEmbedders::of(&self.comparers)
    }

    /// Libraries looked into.
    #[must_use]
    pub fn libraries(&self) -> &[Arc<Library>] {
        &self.libraries
    }

    /// Reads and predicts structures ahead of the queries that name them, in large batches.
    ///
    /// # Errors
    /// [`ElucidationError::Inference`] when predictions fail.
    pub fn predict_ahead(&self, structures: &[ProposedStructure]) -> Result<(), ElucidationError> {
        self.predictions.predict(&structures.iter().collect::<Vec<_>>()).map(drop)
    }

    /// Elucidates a sample: proposed structures together with what the libraries hold. Blocks.
    ///
    /// # Errors
    /// [`ElucidationError`] when the peaks cannot be judged or predictions fail. A proposed
    /// structure that cannot be read is no error: the reasons name it.
    pub fn elucidate(
        &self,
        query: &Query,
        proposed: &[ProposedStructure],
        options: &ElucidationOptions,
    ) -> Result<Elucidation, ElucidationError> {
        self.elucidate_among(
            query,
            &CandidatePool { proposed, candidates: &[], libraries: true },
            options,
        )
    }

    /// Elucidates a sample among the candidates of a pool. Blocks.
    ///
    /// # Errors
    /// As [`Elucidator::elucidate`].
    pub fn elucidate_among(
        &self,
        query: &Query,
        pool: &CandidatePool<'_>,
        options: &ElucidationOptions,
    ) -> Result<Elucidation, ElucidationError> {
        let lines = Lines::of(query)?;
        let (mut scored, mut unread) =
            self.score_structures(query, &lines, pool.proposed, Candidate::PROPOSED, true)?;
        let (further, more) =
            self.score_structures(query, &lines, pool.candidates, "candidates", false)?;
        unread.extend(more);
        if !(scored.is_empty() || further.is_empty()) {
            let keys = self.keys(&scored);
            scored.extend(further.into_iter().filter(|c| !keys.contains(&self.key(&c.origin))));
        } else {
            scored.extend(further);
        }
        let mut considered = scored.len() as u64;
        if pool.libraries && !self.libraries.is_empty() {
            let keys = self.keys(&scored);
            let gathered = self.search_libraries(query, &lines, keys, options)?;
            considered += gathered.considered;
            scored.extend(gathered.scored);
        }
        let gathered = Gathered { scored, considered, unread };
        self.rank_and_report(query, pool, &lines, gathered, options)
    }

    /// InChIKeys of candidates, those that InChI has none for left out.
    fn keys(&self, scored: &[ScoredCandidate]) -> HashSet<String> {
        scored.iter().map(|c| self.key(&c.origin)).filter(|key| !key.is_empty()).collect()
    }
}
