//! Sets of cases, none of which a model was trained on.

use std::collections::HashSet;
use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::case::VerificationCase;
use crate::data::{Dropped, NO_KEY, NOT_UNDERSTOOD, SAME, TrainedOn};
use crate::error::EvaluationError;
use crate::evaluation::{EvaluationSet, KnownCompound, Selection};
use larmor_chemistry::Molecule;
use larmor_elucidation::{ObservedPeak, Query, read_dataset};
use larmor_nmr::spectrum::ProcessingParameters;

/// Cases of one source, and what was left out of it.
#[derive(Debug, Clone, Default)]
pub struct CaseSet {
    /// What the cases are, in words.
    pub source: String,
    /// The cases, in random order.
    pub list: Vec<VerificationCase>,
    /// What was left out, and why.
    pub dropped: Dropped,
}

impl CaseSet {
    pub(super) fn new(source: &str) -> Self {
        Self { source: source.to_owned(), ..Self::default() }
    }

    /// Molecules of a fold with both nuclei and an original assignment; their lines without
    /// multiplicities, as a plain spectrum shows them.
    ///
    /// # Errors
    /// [`EvaluationError`] when the file cannot be read or nothing is left.
    pub fn of_fold(
        path: &Path,
        selection: &Selection,
        trained_on: &TrainedOn,
    ) -> Result<Self, EvaluationError> {
        let all = Selection { most: None, ..selection.clone() };
        let read = EvaluationSet::of_fold(path, &all, trained_on)?;
        let mut found = Self::new("molecules of the fold with both nuclei, assigned originally");
        found.dropped = read.dropped;
        found.dropped.add("trained on", read.trained_on);
        for tested in read.list {
            if !tested.exact {
                found.dropped.count("without an original assignment");
                continue;
            }
            let plain = |peak: &ObservedPeak| ObservedPeak { multiplicity: None, ..*peak };
            let query = Query {
                c13: tested.peaks.iter().map(plain).collect(),
                h1: tested.protons,
                ..Query::default()
            };
            found.add(&tested.block, Molecule::from_smiles(&tested.smiles).ok(), query);
        }
        found.draw(selection.most, selection.seed)
    }

    /// Compounds with their acquisitions, processed as they are.
    ///
    /// # Errors
    /// [`EvaluationError`] when nothing is left.
    pub fn of_compounds(
        compounds: &[KnownCompound],
        selection: &Selection,
        trained_on: &TrainedOn,
    ) -> Result<Self, EvaluationError> {
        let mut found = Self::new("acquisitions of known compounds");
        for compound in compounds {
            let right = &compound.truth.molecule;
            if trained_on.contains(right.inchikey_block()) {
                found.dropped.count("trained on");
                continue;
            }
            let parameters = ProcessingParameters::default();
            let read = compound.datasets.iter().map(|path| read_dataset(path, &parameters));
            let spectra: Vec<_> = read.filter_map(Result::ok).collect();
            match Query::of_processed(&spectra) {
                Some(query) => found.add(&compound.name, Some(right.clone()), query),
                None => found.dropped.count("without a spectrum that is judged"),
            }
        }
        found.draw(selection.most, selection.seed)
    }

    /// How many cases of what these are, and what was left out.
    #[must_use]
    pub fn described(&self) -> String {
        format!(
            "{} {}, one of each constitution; left out: {}",
            self.list.len(),
            self.source,
            self.dropped
        )
    }

    pub(super) fn add(&mut self, name: &str, right: Option<Molecule>, query: Query) {
        match right {
            None => self.dropped.count(NOT_UNDERSTOOD),
            Some(right) if right.inchikey.is_empty() => self.dropped.count(NO_KEY),
            Some(right) => {
                self.list.push(VerificationCase { name: name.to_owned(), right, query });
            }
        }
    }

    /// One of each constitution, in random order, as many as asked for.
    pub(super) fn draw(mut self, most: Option<usize>, seed: u64) -> Result<Self, EvaluationError> {
        self.list.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let mut seen = HashSet::new();
        let all = self.list.len();
        self.list.retain(|case| seen.insert(case.right.inchikey_block().to_owned()));
        self.dropped.add(SAME, all - self.list.len());
        if let Some(most) = most {
            self.list.truncate(most);
        }
        if self.list.is_empty() {
            let reason = format!("{}; left out: {}", self.source, self.dropped);
            return Err(EvaluationError::Nothing(reason));
        }
        Ok(self)
    }
}
