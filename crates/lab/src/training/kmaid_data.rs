//! Molecules with an assigned 13C spectrum, as K-M3AID learns from them.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::dataset::read_records;
use super::{Record, TrainingError};
use larmor_chemistry::Molecule;
use larmor_networks::{GinFeatures, spectrum_bin};

/// A peak whose carbon is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AssignedPeak {
    /// Atom in the molecule's graph.
    pub atom: usize,
    /// Shift, ppm.
    pub ppm: f32,
    /// Attached hydrogens, 0 to 3.
    pub hydrogens: u8,
}

/// One molecule with its fullest 13C spectrum.
#[derive(Debug, Clone)]
pub struct KmaidExample {
    /// First block of the InChIKey.
    pub block: String,
    /// Fold of the published split.
    pub fold: Option<u8>,
    /// The graph.
    pub features: GinFeatures,
    /// Peaks whose carbon is known.
    pub peaks: Vec<AssignedPeak>,
    /// Bins of all peaks.
    pub spectrum: Vec<u16>,
}

/// Fold of each published molecule, by its number in nmrshiftdb2.
pub type Folds = HashMap<String, u8>;

/// Reads the published folds: CSV lines `id,fold,...` below a heading.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is not of that form.
pub fn read_folds(path: &Path) -> Result<Folds, TrainingError> {
    let text = fs::read_to_string(path).map_err(TrainingError::file(path))?;
    let mut folds = Folds::new();
    for (number, line) in text.lines().enumerate().skip(1) {
        let mut fields = line.split(',').map(str::trim);
        let fold = fields.next().zip(fields.next().and_then(|fold| fold.parse().ok()));
        let (id, fold) = fold.ok_or_else(|| TrainingError::Format {
            path: path.to_owned(),
            reason: format!("line {}: '{line}' is not 'id,fold'", number + 1),
        })?;
        folds.insert(id.to_owned(), fold);
    }
    Ok(folds)
}

/// Reads every molecule with a 13C spectrum. `folds`, where given, says which fold a record is of;
/// otherwise the record does.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is no record.
pub fn read_kmaid_examples(
    path: &Path,
    folds: Option<&Folds>,
) -> Result<Vec<KmaidExample>, TrainingError> {
    let mut examples = Vec::new();
    read_records(path, |record| {
        let fold = match folds {
            Some(folds) => folds.get(&record.id).copied(),
            None => record.km3aid_fold,
        };
        examples.extend(KmaidExample::new(&record, fold));
    })?;
    Ok(examples)
}

impl KmaidExample {
    /// `None` when the structure is not understood or there is no 13C peak.
    fn new(record: &Record, fold: Option<u8>) -> Option<Self> {
        let molecule = Molecule::graph_only(&record.smiles).ok()?;
        let peaks = record.carbon_peaks()?;
        let mut spectrum: Vec<u16> = peaks.iter().filter_map(|p| spectrum_bin(p.ppm)).collect();
        spectrum.sort_unstable();
        spectrum.dedup();
        if spectrum.is_empty() {
            return None;
        }
        let mut assigned: Vec<AssignedPeak> = Vec::new();
        for peak in &peaks {
            let atom = peak.atom.and_then(|a| molecule.source.iter().position(|&s| s == a));
            let Some(atom) = atom.filter(|&a| molecule.graph.element[a] == 6) else { continue };
            if spectrum_bin(peak.ppm).is_none() || assigned.iter().any(|a| a.atom == atom) {
                continue;
            }
            #[allow(clippy::cast_possible_truncation)]
            assigned.push(AssignedPeak {
                atom,
                ppm: peak.ppm as f32,
                hydrogens: peak.hydrogens.unwrap_or(molecule.graph.hydrogens[atom]).min(3),
            });
        }
        Some(Self {
            block: record.inchikey.get(..14)?.to_owned(),
            fold,
            features: GinFeatures::from(&molecule.graph),
            peaks: assigned,
            spectrum,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn ambiguous_peaks_are_in_the_spectrum_but_teach_no_atom() {
        let record: Record = serde_json::from_str(
            r#"{"id":"7","inchikey":"LFQSCWFLJHTTHZ-UHFFFAOYSA-N","smiles":"OCC","map13C":"hose",
            "c13":[{"peaks":[[1.0,"",1]]},{"peaks":[[18.1,"Q",2,0.0,0],[57.9,"",1,0.1,1],[58.3,"",1]]}]}"#,
        )
        .unwrap();
        let example = KmaidExample::new(&record, Some(3)).unwrap();
        assert_eq!(example.spectrum, [681, 1079, 1083], "the fuller spectrum");
        let peak = |atom, ppm, hydrogens| AssignedPeak { atom, ppm, hydrogens };
        assert_eq!(example.peaks, [peak(2, 18.1, 3), peak(1, 58.3, 2)]);
    }
}
