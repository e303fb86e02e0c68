//! Measured molecules whose source says less, or something else, than which atom has which shift:
//! lists of lines as papers print them, lists of shifts alone, and spin systems.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::file;
use super::json_lines::read_json_lines;
use crate::error::TrainingError;

/// One molecule as a line of such a file holds it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ListedRecord {
    /// Its spectra's atoms count from here.
    pub(crate) smiles: String,
    /// Full InChIKey, or its first block.
    pub(crate) inchikey: String,
    /// What was measured.
    #[serde(flatten)]
    pub(crate) measured: Measured,
}

/// What was measured of a molecule.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Measured {
    /// The shift of every hydrogen, and the heavy atom that carries it, by the name of the hydrogen.
    Spins {
        /// ppm.
        shifts: BTreeMap<String, f64>,
        /// Places in the SMILES.
        h_atom_in_smiles: BTreeMap<String, u32>,
    },
    /// 13C and 1H as printed.
    Printed {
        /// ppm.
        c13: Vec<f64>,
        /// Signals with their hydrogens.
        #[serde(default)]
        h1: Vec<PrintedSignal>,
    },
    /// Lists of 1H shifts, ppm, one entry for each kind of atom that carries hydrogen.
    Shifts {
        /// Spectra.
        h1: Vec<Vec<f64>>,
    },
}

/// Shift, ppm; pattern; couplings, Hz; hydrogens.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PrintedSignal(pub(crate) f64, pub(crate) Value, pub(crate) Value, pub(crate) f64);

/// Files of such molecules.
#[derive(Debug, Clone, Default)]
pub struct ListedFiles {
    /// JSON lines, gzipped or not.
    pub paths: Vec<PathBuf>,
}

impl ListedFiles {
    /// Hands every molecule of the files to `take`.
    pub(crate) fn read(&self, mut take: impl FnMut(ListedRecord)) -> Result<(), TrainingError> {
        self.paths.iter().try_for_each(|path| read_json_lines(path, &mut take))
    }

    /// SHA-256 of each file, hex.
    pub(crate) fn digests(&self) -> Result<Vec<String>, TrainingError> {
        file::digests(&self.paths)
    }
}
