//! Structures made ready for scoring: read, predicted, kept for the next query that names them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use crate::error::ElucidationError;
use crate::expected_shifts::expected_shifts;
use crate::generations::Generations;
use crate::library::Profile;
use larmor_chemistry::{Molecule, isomorphism};
use larmor_networks::inference::Predictor;
use larmor_nmr::structure::{ProposedStructure, StructureFormat};

/// Structures kept, at most.
const MOST_KEPT: usize = 100_000;
/// Graphs predicted at a time.
const BATCH: usize = 512;
/// Canonicalisation recurses with the length of a chain.
const STACK_BYTES: usize = 64 << 20;

/// A structure with its expected lines.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PredictedStructure {
    /// SMILES as given; the canonical one of a mol block.
    pub(crate) smiles: String,
    pub(crate) formula: String,
    pub(crate) profile: Profile,
    /// Of a mol block: the place of each of its atoms in `smiles`.
    pub(crate) smiles_places: Option<Vec<Option<u32>>>,
    inchikey: OnceLock<String>,
}

impl PredictedStructure {
    /// Full InChIKey, empty where InChI has none. Found when first asked for: it costs more
    /// than reading the structure, and only the candidates that are reported need it.
    pub(crate) fn inchikey(&self) -> &str {
        self.inchikey.get_or_init(|| {
            Molecule::from_smiles(&self.smiles).map(|m| m.inchikey).unwrap_or_default()
        })
    }
}

/// What became of a proposed structure; the error is for people.
pub(crate) type Outcome = Result<Arc<PredictedStructure>, String>;

type Key = (StructureFormat, String);

/// Reads and predicts structures, each once.
pub(crate) struct PredictionCache {
    predictor: Predictor,
    threads: usize,
    kept: Mutex<Generations<Key, Outcome>>,
}

impl PredictionCache {
    pub(crate) fn new(predictor: Predictor, threads: usize) -> Self {
        Self { predictor, threads, kept: Mutex::new(Generations::new(MOST_KEPT)) }
    }

    /// Outcome for each structure, in order.
    pub(crate) fn predict(
        &self,
        structures: &[&ProposedStructure],
    ) -> Result<Vec<Outcome>, ElucidationError> {
        let mut found: HashMap<Key, Outcome> = HashMap::new();
        let mut wanted: Vec<Key> = Vec::new();
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let mut asked = HashSet::new();
            for structure in structures {
                let key = (structure.format, structure.text.clone());
                if asked.insert(key.clone()) {
                    match kept.get(&key) {
                        Some(outcome) => {
                            found.insert(key, outcome);
                        }
                        None => wanted.push(key),
                    }
                }
            }
        }
        if !wanted.is_empty() {
            let fresh = self.make(wanted)?;
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, outcome) in fresh {
                kept.put(key.clone(), outcome.clone());
                found.insert(key, outcome);
            }
        }
        let lost = || Err("structure was not predicted".to_owned());
        Ok(structures
            .iter()
            .map(|s| found.get(&(s.format, s.text.clone())).cloned().unwrap_or_else(lost))
            .collect())
    }

    fn make(&self, wanted: Vec<Key>) -> Result<Vec<(Key, Outcome)>, ElucidationError> {
        let molecules = read_all(&wanted, self.threads)?;
        let mut made = Vec::with_capacity(wanted.len());
        let mut readable: Vec<(Key, Molecule)> = Vec::new();
        for (key, molecule) in wanted.into_iter().zip(molecules) {
            match molecule {
                Ok(molecule) => readable.push((key, molecule)),
                Err(reason) => made.push((key, Err(reason))),
            }
        }
        for batch in readable.chunks(BATCH) {
            let graphs = batch.iter().map(|(_, molecule)| &molecule.graph);
            let shifts = expected_shifts(&self.predictor, graphs)?;
            for ((key, molecule), shifts) in batch.iter().zip(&shifts) {
                let predicted = PredictedStructure {
                    smiles: match key.0 {
                        StructureFormat::Smiles => key.1.clone(),
                        StructureFormat::Molblock => molecule.smiles.clone(),
                    },
                    formula: molecule.formula.to_string(),
                    profile: Profile::new(molecule, shifts),
                    smiles_places: match key.0 {
                        StructureFormat::Smiles => None,
                        StructureFormat::Molblock => smiles_places(molecule),
                    },
                    inchikey: match key.0 {
                        StructureFormat::Smiles => OnceLock::new(),
                        StructureFormat::Molblock => molecule.inchikey.clone().into(),
                    },
                };
                made.push((key.clone(), Ok(Arc::new(predicted))));
            }
        }
        Ok(made)
    }
}

/// Where each atom of a mol block stands in its canonical SMILES.
fn smiles_places(block: &Molecule) -> Option<Vec<Option<u32>>> {
    let written = Molecule::graph_only(&block.smiles).ok()?;
    let map = isomorphism(block, &written)?;
    let last = block.source.iter().max()?;
    let mut places = vec![None; usize::try_from(*last).ok()? + 1];
    for (atom, &image) in map.iter().enumerate() {
        *places.get_mut(block.source[atom] as usize)? = Some(written.source[image]);
    }
    Some(places)
}

fn read_all(
    wanted: &[Key],
    threads: usize,
) -> Result<Vec<Result<Molecule, String>>, ElucidationError> {
    let share = wanted.len().div_ceil(threads.max(1)).max(32);
    thread::scope(|scope| {
        let mut readers = Vec::new();
        for part in wanted.chunks(share) {
            let reader = thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, move || part.iter().map(read).collect::<Vec<_>>())
                .map_err(|_| ElucidationError::Worker)?;
            readers.push(reader);
        }
        let mut all = Vec::with_capacity(wanted.len());
        for reader in readers {
            all.extend(reader.join().map_err(|_| ElucidationError::Worker)?);
        }
        Ok(all)
    })
}

fn read((format, text): &Key) -> Result<Molecule, String> {
    match format {
        StructureFormat::Smiles => Molecule::graph_only(text),
        // Canonical SMILES is wanted to show what the block holds.
        StructureFormat::Molblock => Molecule::from_molblock(text),
    }
    .map_err(|error| error.to_string())
}
