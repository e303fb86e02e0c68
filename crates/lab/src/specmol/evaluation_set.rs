//! What `SpecMol` is tested on: molecules with a pair of spectra, drawn or measured.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use super::molecule::{SpecmolMolecule, predict_specmol_shifts, read_specmol_molecules};
use crate::data::{Dropped, NOT_UNDERSTOOD, SAME, TrainedOn, fold_of, key_hash, read_records};
use crate::drawing::{SpectrumForm, draw_measured};
use crate::error::{EvaluationError, TrainingError};
use crate::evaluation::Selection;
use larmor_chemistry::{MolecularGraph, Molecule};
use larmor_elucidation::Query;
use larmor_networks::SpectrumPair;
use larmor_nmr::fid;
use larmor_nmr::spectrum::{ProcessedSpectrum, ProcessingParameters, process};

/// Molecules of the published lists are no larger.
const MOST_ATOMS: usize = 16;

/// A molecule with its own spectra.
pub struct MoleculeWithSpectra {
    /// The molecule.
    pub molecule: SpecmolMolecule,
    /// Its spectra.
    pub spectra: SpectrumPair,
    /// Its name in reports, where it has one.
    pub name: Option<String>,
}

/// Molecules to test on, and what was left out.
#[derive(Default)]
pub struct SpecmolEvaluationSet {
    /// The molecules, in random order.
    pub list: Vec<MoleculeWithSpectra>,
    /// Left out because the model was trained on them.
    pub trained_on: usize,
    /// Left out because they are not of the kind the published lists hold.
    pub unsuited: usize,
    /// What else was left out, and why.
    pub dropped: Dropped,
    /// Where the spectra come from, in words.
    pub origin: String,
    /// True where there are so few that each is reported by itself.
    pub one_by_one: bool,
}

/// Draws the same spectra for a molecule every time.
fn random(molecule: &SpecmolMolecule, seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed ^ key_hash(&molecule.block))
}

impl SpecmolEvaluationSet {
    /// Molecules of a published list with spectra drawn from predicted shifts.
    ///
    /// # Errors
    /// [`EvaluationError`] when a file cannot be read, the network fails, or nothing is left.
    pub fn drawn(
        list: &Path,
        shift_model: &Path,
        shift_noise: f64,
        form: SpectrumForm,
        selection: &Selection,
        trained_on: &TrainedOn,
    ) -> Result<Self, EvaluationError> {
        let read = read_specmol_molecules(list, None, selection.seed)?;
        let mut molecules = read.examples;
        let all = molecules.len();
        molecules.retain(|molecule| !trained_on.contains(&molecule.block));
        let left_out = all - molecules.len();
        molecules.truncate(selection.most.unwrap_or(usize::MAX));
        predict_specmol_shifts(&mut molecules, shift_model, tch::Device::Cpu)?;
        let mut found = Self {
            trained_on: left_out,
            dropped: read.dropped,
            origin: format!(
                "spectra drawn from predicted shifts, moved by up to {shift_noise} widths"
            ),
            ..Self::default()
        };
        for molecule in molecules {
            match molecule.draw(shift_noise, form, &mut random(&molecule, selection.seed)) {
                Some(spectra) => {
                    found.list.push(MoleculeWithSpectra { molecule, spectra, name: None })
                }
                None => found.unsuited += 1,
            }
        }
        found.not_empty(list)
    }

    /// Molecules of a fold of nmrshiftdb2 whose shifts of both nuclei were measured, with spectra
    /// drawn from these; those of C, N, O and H and up to 16 heavy atoms, unless `any` is wanted.
    ///
    /// # Errors
    /// [`EvaluationError`] when the file cannot be read or nothing is left.
    pub fn measured_shifts(
        data: &Path,
        any: bool,
        form: SpectrumForm,
        selection: &Selection,
        trained_on: &TrainedOn,
    ) -> Result<Self, EvaluationError> {
        let mut found = Self {
            origin: format!("spectra drawn from measured shifts, fold {}", selection.fold),
            ..Self::default()
        };
        let mut seen = HashSet::new();
        read_records(data, |record| {
            if fold_of(&record, selection.folds.as_ref()) != Some(selection.fold) {
                return;
            }
            if record.h1.is_empty() || record.c13.is_empty() {
                found.dropped.count("without spectra of both nuclei");
                return;
            }
            let Ok(graph) = Molecule::graph_only(&record.smiles) else {
                found.dropped.count(NOT_UNDERSTOOD);
                return;
            };
            let block = record.inchikey.chars().take(14).collect();
            let whole = SpecmolMolecule { block, ..SpecmolMolecule::from(graph.clone()) };
            if !any && !published_kind(&whole.graph) {
                found.unsuited += 1;
            } else if trained_on.contains(&whole.block) {
                found.trained_on += 1;
            } else {
                match draw_measured(&record, &graph, form, &mut random(&whole, selection.seed)) {
                    None => found.dropped.count("without most shifts of both nuclei"),
                    Some(_) if !seen.insert(whole.block.clone()) => found.dropped.count(SAME),
                    Some(spectra) => {
                        found.list.push(MoleculeWithSpectra {
                            molecule: whole,
                            spectra,
                            name: None,
                        });
                    }
                }
            }
        })?;
        found.list.shuffle(&mut ChaCha8Rng::seed_from_u64(selection.seed));
        found.list.truncate(selection.most.unwrap_or(usize::MAX));
        found.not_empty(data)
    }

    /// Samples with FIDs of both nuclei, processed as `larmor process` does: JSON lines with
    /// `smiles`, `proton` and `carbon`, datasets beside the file.
    ///
    /// # Errors
    /// [`EvaluationError`] when a file cannot be read or processed, or nothing is left.
    pub fn samples(
        list: &Path,
        form: SpectrumForm,
        trained_on: &TrainedOn,
    ) -> Result<Self, EvaluationError> {
        #[derive(Deserialize)]
        struct Sample {
            smiles: String,
            proton: PathBuf,
            carbon: PathBuf,
        }
        let text = std::fs::read_to_string(list)
            .map_err(|cause| TrainingError::File { path: list.to_owned(), cause })?;
        let folder = list.parent().unwrap_or(Path::new("."));
        let mut found =
            Self { origin: "measured FIDs".to_owned(), one_by_one: true, ..Self::default() };
        for (number, line) in text.lines().enumerate() {
            let wrong = |reason: String| {
                let reason = format!("line {}: {reason}", number + 1);
                TrainingError::Format { path: list.to_owned(), reason }
            };
            let sample: Sample = serde_json::from_str(line).map_err(|e| wrong(e.to_string()))?;
            let molecule =
                Molecule::from_smiles(&sample.smiles).map_err(|e| wrong(e.to_string()))?;
            let molecule = SpecmolMolecule::from(molecule);
            let kind = if published_kind(&molecule.graph) { "" } else { " (not of the kind)" };
            let name = format!("{}{kind}", sample.smiles);
            if trained_on.contains(&molecule.block) {
                found.trained_on += 1;
                continue;
            }
            let spectrum = |path: &Path| -> Result<ProcessedSpectrum, TrainingError> {
                let fid = fid::read(&folder.join(path)).map_err(|e| wrong(e.to_string()))?;
                process(&fid, &ProcessingParameters::default()).map_err(|e| wrong(e.to_string()))
            };
            // As the daemon shows spectra to networks.
            let query =
                Query::of_processed(&[spectrum(&sample.proton)?, spectrum(&sample.carbon)?]);
            let pair = query.and_then(|query| match form {
                SpectrumForm::Traces => query.drawn_pair(),
                SpectrumForm::Peaks => query.peak_pair(),
            });
            match pair {
                Some(spectra) => {
                    found.list.push(MoleculeWithSpectra { molecule, spectra, name: Some(name) })
                }
                None => found.unsuited += 1,
            }
        }
        found.not_empty(list)
    }

    /// Nothing to test on is an error.
    fn not_empty(self, path: &Path) -> Result<Self, EvaluationError> {
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
}

/// Of C, N, O and H, and no larger than the published molecules.
fn published_kind(graph: &MolecularGraph) -> bool {
    graph.len() <= MOST_ATOMS && graph.element.iter().all(|z| matches!(z, 1 | 6 | 7 | 8))
}
