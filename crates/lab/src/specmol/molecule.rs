//! Molecules that SpecMol learns from: SMILES out of a published list, with predicted shifts.

use std::collections::HashSet;
use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use tch::Device;

use crate::data::{DataSet, Dropped, Keyed, NO_KEY, NOT_UNDERSTOOD, SAME, Table};
use crate::error::TrainingError;
use larmor_chemistry::{Fingerprint, Formula, MolecularGraph, Molecule};
use larmor_networks::{PredictedShifts, ShiftEnsemble};

/// Molecules whose shifts are predicted at a time.
const PREDICTED_AT_ONCE: usize = 128;

/// One molecule.
#[derive(Debug, Clone)]
pub struct SpecmolMolecule {
    /// First block of the InChIKey.
    pub block: String,
    /// The graph.
    pub graph: MolecularGraph,
    /// Atoms with equal numbers have equal shifts.
    pub symmetry: Vec<u32>,
    /// Elemental composition.
    pub formula: Formula,
    /// What it is compared by.
    pub fingerprint: Fingerprint,
    /// Expected shifts.
    pub shifts: PredictedShifts,
}

impl From<Molecule> for SpecmolMolecule {
    /// Without shifts.
    fn from(molecule: Molecule) -> Self {
        Self {
            block: molecule.inchikey_block().to_owned(),
            fingerprint: Fingerprint::from(&molecule.graph),
            graph: molecule.graph,
            symmetry: molecule.symmetry,
            formula: molecule.formula,
            shifts: PredictedShifts::default(),
        }
    }
}

impl Keyed for SpecmolMolecule {
    fn block(&self) -> &str {
        &self.block
    }
}

/// Reads the molecules of a list (CSV with the columns `smiles` and `label`, gzipped or not) that
/// are shown with their own spectrum: those of label 1. Each constitution counts once; at most
/// `most` are drawn.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or is no such list.
pub fn read_specmol_molecules(
    path: &Path,
    most: Option<usize>,
    seed: u64,
) -> Result<DataSet<SpecmolMolecule>, TrainingError> {
    let mut dropped = Dropped::default();
    let mut smiles = read_matching(path, &mut dropped)?;
    smiles.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut seen = HashSet::new();
    let mut examples = Vec::new();
    for (row, text) in smiles.iter().enumerate() {
        if most.is_some_and(|most| examples.len() >= most) {
            dropped.add("beyond the number asked for", smiles.len() - row);
            break;
        }
        match Molecule::from_smiles(text) {
            Err(_) => dropped.count(NOT_UNDERSTOOD),
            Ok(molecule) if molecule.inchikey.is_empty() => dropped.count(NO_KEY),
            Ok(molecule) if !seen.insert(molecule.inchikey_block().to_owned()) => {
                dropped.count(SAME);
            }
            Ok(molecule) => examples.push(SpecmolMolecule::from(molecule)),
        }
    }
    Ok(DataSet { path: path.to_owned(), examples, dropped })
}

/// SMILES of the rows with label 1.
fn read_matching(path: &Path, dropped: &mut Dropped) -> Result<Vec<String>, TrainingError> {
    let table = Table::open(path)?;
    let (Some(smiles), Some(label)) = (table.column("smiles"), table.column("label")) else {
        let reason = "its first line does not name the columns 'smiles' and 'label'".to_owned();
        return Err(TrainingError::Format { path: path.to_owned(), reason });
    };
    let mut found = Vec::new();
    table.rows(|row| {
        match (row.get(smiles), row.get(label)) {
            (Some(text), Some("1")) => found.push(text.to_owned()),
            (Some(_), Some("0")) => dropped.count("with the spectrum of another (label 0)"),
            _ => return Err("no label 0 or 1".to_owned()),
        }
        Ok(())
    })?;
    Ok(found)
}

/// Fills in the shifts a shift network predicts.
///
/// # Errors
/// [`TrainingError`] when the network cannot be opened or fails.
pub fn predict_specmol_shifts(
    molecules: &mut [SpecmolMolecule],
    shift_model: &Path,
    device: Device,
) -> Result<(), TrainingError> {
    let (net, _) = ShiftEnsemble::open(shift_model, device)?;
    for chunk in molecules.chunks_mut(PREDICTED_AT_ONCE) {
        let graphs: Vec<MolecularGraph> = chunk.iter().map(|m| m.graph.clone()).collect();
        for (molecule, shifts) in chunk.iter_mut().zip(net.predict(&graphs)?) {
            molecule.shifts = shifts;
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_molecules_shown_with_their_own_spectrum_are_taken_each_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pairs.csv");
        let text = "smiles,NMR,label\nCCO,0.png,1\nOCC,1.png,1\nCCC,2.png,0\nnonsense,3.png,1\nCCN,4.png,1\n";
        std::fs::write(&path, text).unwrap();
        let found = read_specmol_molecules(&path, None, 1).unwrap();
        let left_out = "1 with the spectrum of another (label 0), ";
        assert!(found.dropped.to_string().starts_with(left_out), "{}", found.dropped);
        assert_eq!((found.dropped.of(NOT_UNDERSTOOD), found.dropped.of(SAME)), (1, 1));
        let mut blocks: Vec<&str> = found.examples.iter().map(|m| m.block.as_str()).collect();
        blocks.sort_unstable();
        assert_eq!(blocks, ["LFQSCWFLJHTTHZ", "QUSNBJAOOMFDIB"]);
        assert_eq!(read_specmol_molecules(&path, Some(1), 1).unwrap().examples.len(), 1);
        for bad in ["smiles;label\n", "smiles,label\nCCO,maybe\n"] {
            std::fs::write(&path, bad).unwrap();
            assert!(read_specmol_molecules(&path, None, 1).is_err(), "{bad}");
        }
    }

    #[test]
    fn quoted_rows_are_rows_like_any_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pairs.csv");
        let text = "note,smiles,label\n\"a, b\",\"CCO\",1\n\"two\nlines\",CC(=O)O,\"1\"\nx,CCN,0\n";
        std::fs::write(&path, text).unwrap();
        let found = read_specmol_molecules(&path, None, 1).unwrap();
        assert_eq!((found.examples.len(), found.dropped.total()), (2, 1));
    }
}
