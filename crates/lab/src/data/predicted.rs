//! Molecules with predicted shifts: what a shift network or another predictor says of a library,
//! for networks to learn from before they see what was measured.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::dropped::{Dropped, NO_KEY, NOT_UNDERSTOOD, SAME};
use super::file;
use super::held_out::HeldOut;
use super::json_lines::read_json_lines;
use super::split::validates;
use crate::error::TrainingError;
use larmor_chemistry::Molecule;

/// Scales of the Laplace distributions around shifts whose predictor states none, ppm.
const CARBON_SPREAD: f64 = 1.2;
const PROTON_SPREAD: f64 = 0.12;

/// One molecule as a line of the file holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PredictedRecord {
    /// SMILES; shifts count its atoms.
    pub smiles: String,
    /// InChIKey, or its first block; made of the SMILES where it is missing.
    #[serde(default)]
    pub inchikey: String,
    /// Solvent the shifts are for, where the predictor asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solvent: Option<String>,
    /// Carbons.
    pub c13: Vec<PredictedCarbon>,
    /// Atoms that carry hydrogen.
    #[serde(default)]
    pub h1: Vec<PredictedHydrogens>,
}

/// `[atom, ppm]` or `[atom, ppm, spread]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PredictedCarbon(pub u32, pub f64, #[serde(default)] pub Option<f64>);

/// `[atom, [ppm, ...]]`, a shift for each hydrogen or one for all, or with a spread behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PredictedHydrogens(pub u32, pub Vec<f64>, #[serde(default)] pub Option<f64>);

impl PredictedCarbon {
    /// Scale of the distribution around the shift, ppm.
    #[must_use]
    pub fn spread(&self) -> f64 {
        self.2.unwrap_or(CARBON_SPREAD)
    }
}

impl PredictedHydrogens {
    /// Scale of the distribution around the shifts, ppm.
    #[must_use]
    pub fn spread(&self) -> f64 {
        self.2.unwrap_or(PROTON_SPREAD)
    }
}

/// Files of predicted shifts, and how many molecules of them are taken.
#[derive(Debug, Clone, Default)]
pub struct PredictedFiles {
    /// JSON lines, gzipped or not.
    pub paths: Vec<PathBuf>,
    /// Most molecules; the first of the files.
    pub most: Option<usize>,
    /// Who predicted them, for the model card.
    pub by: Option<String>,
}

impl PredictedFiles {
    /// Reads the molecules of all files, each constitution once and for one solvent, without those
    /// that are tested on, held out, or validate.
    ///
    /// # Errors
    /// [`TrainingError`] when a file cannot be read or a line is no record.
    pub fn read(
        &self,
        tested: &HashSet<String>,
        held_out: &HeldOut,
        take: impl FnMut(PredictedRecord, Molecule),
    ) -> Result<Dropped, TrainingError> {
        self.read_once(tested, held_out, |record| record.inchikey.clone(), take)
    }

    /// The same, with each constitution once for each solvent.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_every(
        &self,
        tested: &HashSet<String>,
        held_out: &HeldOut,
        take: impl FnMut(PredictedRecord, Molecule),
    ) -> Result<Dropped, TrainingError> {
        let identity = |record: &PredictedRecord| {
            format!("{} {}", record.inchikey, record.solvent.as_deref().unwrap_or("CDCl3"))
        };
        self.read_once(tested, held_out, identity, take)
    }

    fn read_once(
        &self,
        tested: &HashSet<String>,
        held_out: &HeldOut,
        identity: impl Fn(&PredictedRecord) -> String,
        mut take: impl FnMut(PredictedRecord, Molecule),
    ) -> Result<Dropped, TrainingError> {
        let (mut dropped, mut seen) = (Dropped::default(), HashSet::new());
        for path in &self.paths {
            self.read_one(path, |mut record, molecule| {
                let block = record.inchikey.get(..14).unwrap_or_default().to_owned();
                record.inchikey.clone_from(&block);
                if block.is_empty() {
                    dropped.count(NO_KEY);
                } else if tested.contains(&block) {
                    dropped.count("tested on");
                } else if held_out.contains(&block) || validates(&block) {
                    dropped.count("held out or to validate");
                } else if !seen.insert(identity(&record)) {
                    dropped.count(SAME);
                } else if self.most.is_some_and(|most| seen.len() > most) {
                    dropped.count("beyond the number asked for");
                } else {
                    match molecule() {
                        Some(molecule) => take(record, molecule),
                        None => dropped.count(NOT_UNDERSTOOD),
                    }
                }
            })?;
        }
        Ok(dropped)
    }

    /// SHA-256 of each file, hex.
    ///
    /// # Errors
    /// [`TrainingError`] when one cannot be read.
    pub(crate) fn digests(&self) -> Result<Vec<String>, TrainingError> {
        file::digests(&self.paths)
    }

    fn read_one(
        &self,
        path: &Path,
        mut take: impl FnMut(PredictedRecord, &dyn Fn() -> Option<Molecule>),
    ) -> Result<(), TrainingError> {
        read_json_lines(path, |mut record: PredictedRecord| {
            let smiles = record.smiles.clone();
            if record.inchikey.len() < 14
                && let Ok(molecule) = Molecule::from_smiles(&smiles)
            {
                record.inchikey = molecule.inchikey;
            }
            take(record, &|| Molecule::graph_only(&smiles).ok());
        })
    }
}

/// Place in the graph of an atom of the SMILES.
pub(crate) fn place(molecule: &Molecule, source: u32) -> Option<usize> {
    molecule.source.iter().position(|&atom| atom == source)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_constitution_is_taken_once_and_none_that_is_tested_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("predicted.jsonl");
        let lines = [
            r#"{"smiles":"CCO","inchikey":"LFQSCWFLJHTTHZ","c13":[[0,18.0],[1,58.0,0.7]],"h1":[[0,[1.2,1.2,1.2]],[2,[2.6],0.5]]}"#,
            r#"{"smiles":"OCC","c13":[[1,58.1]]}"#,
            r#"{"smiles":"CCN","c13":[[0,18.5]]}"#,
            r#"{"smiles":"CCCl","c13":[[0,18.7]]}"#,
            r#"{"smiles":"nonsense","inchikey":"AAAAAAAAAAAAAA","c13":[]}"#,
        ];
        std::fs::write(&path, lines.join("\n")).unwrap();
        let files = PredictedFiles { paths: vec![path], ..PredictedFiles::default() };
        let read = |tested: &[&str]| {
            let tested = tested.iter().map(|&block| block.to_owned()).collect();
            let mut found = Vec::new();
            let take = |record: PredictedRecord, _: Molecule| found.push(record);
            let dropped = files.read(&tested, &HeldOut::default(), take).unwrap();
            (found, dropped)
        };
        let (found, dropped) = read(&[]);
        let names: Vec<&str> = found.iter().map(|record| record.smiles.as_str()).collect();
        assert_eq!(names, ["CCO", "CCCl"]);
        assert_eq!((dropped.of(SAME), dropped.of(NOT_UNDERSTOOD)), (1, 1));
        assert_eq!(dropped.of("held out or to validate"), 1, "ethylamine validates");
        assert_eq!(
            found[0].c13.iter().map(PredictedCarbon::spread).collect::<Vec<_>>(),
            [1.2, 0.7]
        );
        assert_eq!(found[0].h1[1], PredictedHydrogens(2, vec![2.6], Some(0.5)));
        let (found, dropped) = read(&["LFQSCWFLJHTTHZ"]);
        assert_eq!((found.len(), dropped.of("tested on")), (1, 2));
    }
}
