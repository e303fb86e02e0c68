//! What protocols test on: molecules with their measured spectra.

use std::collections::HashSet;
use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

use super::{EvaluationError, Nuclei, TrainedOn};
use crate::training::{Folds, Record, TrainingError, read_records, validates};
use larmor_chemistry::Molecule;
use larmor_elucidation::ObservedPeak;
use larmor_nmr::spectrum::Multiplicity;
use larmor_nmr::spectrum::simulation::ProtonSignal;

/// A molecule with its measured spectrum.
#[derive(Debug, Clone)]
pub struct Specimen {
    /// First block of the InChIKey.
    pub block: String,
    /// The molecule as the data write it.
    pub smiles: String,
    /// The molecule.
    pub molecule: Molecule,
    /// All 13C peaks.
    pub peaks: Vec<ObservedPeak>,
    /// 1H signals, with as many hydrogens as the molecule has there; empty where none are known.
    pub protons: Vec<ObservedPeak>,
    /// The same to be drawn: measured shifts, couplings expected of the constitution.
    pub signals: Vec<ProtonSignal>,
    /// Carbons (atoms of the graph) whose peak is known, with that peak.
    pub assigned: Vec<(usize, ObservedPeak)>,
    /// True when the assignment is original, not recovered.
    pub exact: bool,
    /// True when every carbon has a peak.
    pub complete: bool,
}

/// Which part of the data is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// The test fold.
    #[default]
    Test,
    /// Molecules that training stopped by: prices are set on them, and nothing is claimed.
    Validation,
}

/// Which molecules are tested on.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Fold of the published split.
    pub fold: u8,
    /// Which part is looked at.
    pub part: Part,
    /// Only molecules with spectra of these.
    pub spectra: Nuclei,
    /// Published folds by record number; without them the records say.
    pub folds: Option<Folds>,
    /// At most so many, drawn at random.
    pub most: Option<usize>,
    /// Seed of that draw.
    pub seed: u64,
}

/// Molecules to test on, and how many were left out because the model was trained on them.
#[derive(Debug, Clone, Default)]
pub struct Specimens {
    /// The molecules, in random order.
    pub list: Vec<Specimen>,
    /// Left out: trained on.
    pub trained_on: usize,
    /// Where they come from.
    pub part: Part,
}

impl Specimens {
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
            let fold = match &selection.folds {
                Some(folds) => folds.get(&record.id).copied(),
                None => record.km3aid_fold,
            };
            match selection.part {
                Part::Test if fold == Some(selection.fold) => {
                    found.add(specimen(&record, selection.spectra), trained_on);
                }
                Part::Validation if fold != Some(selection.fold) => {
                    let block = record.inchikey.get(..14).unwrap_or_default();
                    if validates(block) && trained_on.contains(block) {
                        found.list.extend(specimen(&record, selection.spectra));
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
        #[derive(Deserialize)]
        struct Printed {
            inchikey: String,
            smiles: String,
            c13: Vec<f64>,
        }
        let text = std::fs::read_to_string(path)
            .map_err(|cause| TrainingError::File { path: path.to_owned(), cause })?;
        let mut found = Self::default();
        for (number, line) in text.lines().enumerate() {
            let printed: Printed =
                serde_json::from_str(line).map_err(|e| TrainingError::Format {
                    path: path.to_owned(),
                    reason: format!("line {}: {e}", number + 1),
                })?;
            let peaks = printed.c13.iter().map(|&ppm| ObservedPeak::carbon(ppm, None));
            let molecule = Molecule::graph_only(&printed.smiles).ok();
            let specimen = molecule.filter(|_| !printed.c13.is_empty()).map(|molecule| Specimen {
                block: printed.inchikey.chars().take(14).collect(),
                molecule,
                smiles: printed.smiles.clone(),
                peaks: peaks.filter(|p| plausible(p.ppm)).collect(),
                protons: Vec::new(),
                signals: Vec::new(),
                assigned: Vec::new(),
                exact: false,
                complete: false,
            });
            found.add(specimen, trained_on);
        }
        found.draw(selection, path)
    }

    fn add(&mut self, specimen: Option<Specimen>, trained_on: &TrainedOn) {
        let Some(specimen) = specimen else { return };
        if trained_on.contains(&specimen.block) {
            self.trained_on += 1;
        } else {
            self.list.push(specimen);
        }
    }

    /// One of each constitution, in random order, as many as asked for.
    fn draw(mut self, selection: &Selection, path: &Path) -> Result<Self, EvaluationError> {
        self.list.shuffle(&mut ChaCha8Rng::seed_from_u64(selection.seed));
        let mut seen = HashSet::new();
        self.list.retain(|specimen| seen.insert(specimen.block.clone()));
        if let Some(most) = selection.most {
            self.list.truncate(most);
        }
        if self.list.is_empty() {
            let reason = format!("{} ({} were trained on)", path.display(), self.trained_on);
            return Err(EvaluationError::Nothing(reason));
        }
        Ok(self)
    }

    /// What was left out, in words.
    #[must_use]
    pub fn note(&self) -> String {
        if self.part == Part::Validation {
            return format!(
                "{} VALIDATION molecules, one of each constitution: training stopped by them",
                self.list.len()
            );
        }
        format!(
            "{} molecules, one of each constitution; {} left out because the model was trained on them",
            self.list.len(),
            self.trained_on
        )
    }
}

/// `None` when the structure is not understood or there is no spectrum of a nucleus asked for.
fn specimen(record: &Record, spectra: Nuclei) -> Option<Specimen> {
    let molecule = Molecule::graph_only(&record.smiles).ok()?;
    let recorded = record.carbon_peaks().unwrap_or_default();
    let recorded: Vec<_> = recorded.into_iter().filter(|p| plausible(p.ppm)).collect();
    let protons = protons(record, &molecule);
    let signals = record.proton_signals(&molecule).unwrap_or_default();
    let there = match spectra {
        Nuclei::Carbon => !recorded.is_empty(),
        Nuclei::Proton => !signals.is_empty(),
        Nuclei::Both => !recorded.is_empty() && !protons.is_empty(),
    };
    if !there {
        return None;
    }
    let observed = |ppm, hydrogens: Option<u8>| {
        ObservedPeak::carbon(ppm, hydrogens.and_then(Multiplicity::from_hydrogens))
    };
    let mut assigned: Vec<(usize, ObservedPeak)> = Vec::new();
    for peak in &recorded {
        let atom = peak.atom.and_then(|a| molecule.source.iter().position(|&s| s == a));
        let Some(atom) = atom.filter(|&a| molecule.graph.element[a] == 6) else { continue };
        if assigned.iter().all(|(other, _)| *other != atom) {
            assigned.push((atom, observed(peak.ppm, peak.hydrogens)));
        }
    }
    Some(Specimen {
        block: record.inchikey.get(..14)?.to_owned(),
        complete: assigned.len() == molecule.carbons(),
        exact: record.map13c.as_deref().is_some_and(|how| how.starts_with("exact")),
        peaks: recorded.iter().map(|p| observed(p.ppm, p.hydrogens)).collect(),
        protons,
        signals,
        smiles: record.smiles.clone(),
        molecule,
        assigned,
    })
}

/// 1H signals with the hydrogens the molecule has there: an atom that shows two shifts has one
/// half of its hydrogens at each.
fn protons(record: &Record, molecule: &Molecule) -> Vec<ObservedPeak> {
    let signals = record.proton_peaks();
    let shown = |atom: u32| signals.iter().filter(|s| s.atoms.contains(&atom)).count().max(1);
    let of_atom = |source: u32| -> f64 {
        let atom = molecule.source.iter().position(|&s| s == source);
        atom.map_or(0.0, |atom| f64::from(molecule.graph.hydrogens[atom]) / shown(source) as f64)
    };
    signals
        .iter()
        .filter(|signal| (-6.0..25.0).contains(&signal.ppm))
        .map(|signal| {
            let mut atoms = signal.atoms.clone();
            atoms.sort_unstable();
            atoms.dedup();
            let hydrogens: f64 = atoms.into_iter().map(of_atom).sum();
            ObservedPeak::multiplet(signal.ppm, (hydrogens > 0.0).then_some(hydrogens))
        })
        .collect()
}

fn plausible(ppm: f64) -> bool {
    (-50.0..300.0).contains(&ppm)
}
