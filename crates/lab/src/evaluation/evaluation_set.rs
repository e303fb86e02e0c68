//! Sets of molecules that protocols test on, none of which the model was trained on.

use std::collections::HashSet;
use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use super::evaluation_molecule::{EvaluationMolecule, plausible};
use super::selection::{Part, Selection};
use crate::data::{
    Dropped, NO_CARBON, NOT_UNDERSTOOD, SAME, TrainedOn, fold_of, read_records, validates,
};
use crate::error::{EvaluationError, TrainingError};
use larmor_chemistry::Molecule;
use larmor_elucidation::ObservedPeak;

/// Molecules to test on, and how many were left out because the model was trained on them.
#[derive(Debug, Clone, Default)]
pub struct EvaluationSet {
    /// The molecules, in random order.
    pub list: Vec<EvaluationMolecule>,
    /// Left out: trained on.
    pub trained_on: usize,
    /// What else was left out, and why.
    pub dropped: Dropped,
    /// Where they come from.
    pub part: Part,
}

impl EvaluationSet {
    /// Reads a fold from a data file, leaving out what the model was trained on.
    ///
    /// # Errors
    /// [`EvaluationError`] when the file cannot be read or nothing is left.
    pub fn of_fold(
        path: &Path,
        selection: &Selection,
        trained_on: &TrainedOn,
    ) -> Result<Self, EvaluationError> {
        let mut found = Self::default();
        read_records(path, |record| {
            let of_fold = fold_of(&record, selection.folds.as_ref()) == Some(selection.fold);
            let read = || EvaluationMolecule::from_record(&record, selection.spectra);
            match selection.part {
                Part::Test if of_fold => found.add(read(), Some(trained_on)),
                Part::Validation if !of_fold => {
                    let block = record.block().unwrap_or_default();
                    if validates(block) && trained_on.contains(block) {
                        found.add(read(), None);
                    }
                }
                _ => {}
            }
        })?;
        found.part = selection.part;
        found.draw(selection, path)
    }

    /// Reads a list of molecules from the literature, one JSON object a line: `inchikey`, `smiles`
    /// and `c13`, the shifts as printed.
    ///
    /// # Errors
    /// [`EvaluationError`] when the file cannot be read or nothing is left.
    pub fn of_literature(
        path: &Path,
        selection: &Selection,
        trained_on: &TrainedOn,
    ) -> Result<Self, EvaluationError> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| TrainingError::File { path: path.to_owned(), cause })?;
        let mut found = Self::default();
        for (number, line) in text.lines().enumerate() {
            let printed: Printed =
                serde_json::from_str(line).map_err(|e| TrainingError::Format {
                    path: path.to_owned(),
                    reason: format!("line {}: {e}", number + 1),
                })?;
            found.add(printed.molecule(), Some(trained_on));
        }
        found.draw(selection, path)
    }

    fn add(
        &mut self,
        molecule: Result<EvaluationMolecule, &'static str>,
        trained_on: Option<&TrainedOn>,
    ) {
        match molecule {
            Err(reason) => self.dropped.count(reason),
            Ok(molecule) if trained_on.is_some_and(|keys| keys.contains(&molecule.block)) => {
                self.trained_on += 1;
            }
            Ok(molecule) => self.list.push(molecule),
        }
    }

    /// One of each constitution, in random order, as many as asked for.
    fn draw(mut self, selection: &Selection, path: &Path) -> Result<Self, EvaluationError> {
        self.list.shuffle(&mut ChaCha8Rng::seed_from_u64(selection.seed));
        let mut seen = HashSet::new();
        let all = self.list.len();
        self.list.retain(|tested| seen.insert(tested.block.clone()));
        self.dropped.add(SAME, all - self.list.len());
        if let Some(most) = selection.most {
            self.list.truncate(most);
        }
        if self.list.is_empty() {
            let reason = format!(
                "{} ({} were trained on; left out besides: {})",
                path.display(),
                self.trained_on,
                self.dropped
            );
            return Err(EvaluationError::Nothing(reason));
        }
        Ok(self)
    }

    /// What was left out, in words.
    #[must_use]
    pub fn note(&self) -> String {
        let besides = match self.dropped.is_empty() {
            true => String::new(),
            false => format!("; left out besides: {}", self.dropped),
        };
        if self.part == Part::Validation {
            return format!(
                "{} VALIDATION molecules, one of each constitution: training stopped by them{besides}",
                self.list.len()
            );
        }
        format!(
            "{} molecules, one of each constitution; {} left out because the model was trained on \
             them{besides}",
            self.list.len(),
            self.trained_on
        )
    }
}

/// A molecule with its 13C list as a paper prints it.
#[derive(Deserialize)]
struct Printed {
    inchikey: String,
    smiles: String,
    c13: Vec<f64>,
}

impl Printed {
    fn molecule(self) -> Result<EvaluationMolecule, &'static str> {
        let molecule = Molecule::graph_only(&self.smiles).map_err(|_| NOT_UNDERSTOOD)?;
        if self.c13.is_empty() {
            return Err(NO_CARBON);
        }
        let shifts = self.c13.into_iter().filter(|&ppm| plausible(ppm));
        Ok(EvaluationMolecule {
            block: self.inchikey.chars().take(14).collect(),
            molecule,
            smiles: self.smiles,
            peaks: shifts.map(|ppm| ObservedPeak::carbon(ppm, None)).collect(),
            protons: Vec::new(),
            signals: Vec::new(),
            assigned: Vec::new(),
            exact: false,
            complete: false,
        })
    }
}
