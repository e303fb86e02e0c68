//! Molecules that SpecMol learns from: SMILES out of a published list, with predicted shifts.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use tch::Device;

use super::TrainingError;
use larmor_chemistry::{Fingerprint, Formula, MolecularGraph, Molecule};
use larmor_networks::{PredictedShifts, ShiftEnsemble};

/// Molecules whose shifts are predicted at a time.
const PREDICTED_AT_ONCE: usize = 128;

/// One molecule.
#[derive(Debug, Clone)]
pub struct MatchMolecule {
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

impl From<Molecule> for MatchMolecule {
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

/// Reads the molecules of a list (CSV with the columns `smiles` and `label`, gzipped or not) that
/// are shown with their own spectrum: those of label 1. Each constitution counts once; at most
/// `most` are drawn.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or is no such list.
pub fn read_match_molecules(
    path: &Path,
    most: Option<usize>,
    seed: u64,
) -> Result<Vec<MatchMolecule>, TrainingError> {
    let mut smiles = read_matching(path)?;
    smiles.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut seen = HashSet::new();
    let mut molecules = Vec::new();
    for text in smiles {
        if most.is_some_and(|most| molecules.len() >= most) {
            break;
        }
        if let Ok(molecule) = Molecule::from_smiles(&text)
            && !molecule.inchikey.is_empty()
            && seen.insert(molecule.inchikey_block().to_owned())
        {
            molecules.push(MatchMolecule::from(molecule));
        }
    }
    Ok(molecules)
}

fn read_matching(path: &Path) -> Result<Vec<String>, TrainingError> {
    let wrong = |reason: String| TrainingError::Format { path: path.to_owned(), reason };
    let file = File::open(path).map_err(TrainingError::file(path))?;
    let reader: Box<dyn Read> = if path.extension().is_some_and(|e| e == "gz") {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let mut lines = BufReader::new(reader).lines();
    let heading = lines.next().transpose().map_err(TrainingError::file(path))?.unwrap_or_default();
    let column = |name: &str| heading.split(',').position(|title| title.trim() == name);
    let (Some(smiles), Some(label)) = (column("smiles"), column("label")) else {
        return Err(wrong("its first line does not name the columns 'smiles' and 'label'".into()));
    };
    let mut found = Vec::new();
    for (number, line) in lines.enumerate() {
        let line = line.map_err(TrainingError::file(path))?;
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        match (fields.get(smiles), fields.get(label)) {
            (Some(text), Some(&"1")) => found.push((*text).to_owned()),
            (Some(_), Some(&"0")) => {}
            _ => return Err(wrong(format!("line {}: no label 0 or 1", number + 2))),
        }
    }
    Ok(found)
}

/// Fills in the shifts a shift network predicts.
///
/// # Errors
/// [`TrainingError`] when the network cannot be opened or fails.
pub fn predict_match_shifts(
    molecules: &mut [MatchMolecule],
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
        let found = read_match_molecules(&path, None, 1).unwrap();
        let mut blocks: Vec<&str> = found.iter().map(|m| m.block.as_str()).collect();
        blocks.sort_unstable();
        assert_eq!(blocks, ["LFQSCWFLJHTTHZ", "QUSNBJAOOMFDIB"]);
        assert_eq!(read_match_molecules(&path, Some(1), 1).unwrap().len(), 1);
        for bad in ["smiles;label\n", "smiles,label\nCCO,maybe\n"] {
            std::fs::write(&path, bad).unwrap();
            assert!(read_match_molecules(&path, None, 1).is_err(), "{bad}");
        }
    }
}
