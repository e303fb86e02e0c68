//! Molecules with an assigned 13C spectrum, as K-M3AID learns from them.

use std::path::Path;

use crate::data::{
    CarbonPeak, DataSet, Dropped, Folds, Keyed, NO_CARBON, NO_KEY, NOT_UNDERSTOOD, Record, fold_of,
    read_records,
};
use crate::error::TrainingError;
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

impl Keyed for KmaidExample {
    fn block(&self) -> &str {
        &self.block
    }

    fn fold(&self) -> Option<u8> {
        self.fold
    }
}

/// Reads every molecule with a 13C spectrum. `folds`, where given, says which fold a record is of;
/// otherwise the record does.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is no record.
pub fn read_kmaid_examples(
    path: &Path,
    folds: Option<&Folds>,
) -> Result<DataSet<KmaidExample>, TrainingError> {
    let (mut examples, mut dropped) = (Vec::new(), Dropped::default());
    read_records(path, |record| match KmaidExample::new(&record, fold_of(&record, folds)) {
        Ok(example) => examples.push(example),
        Err(reason) => dropped.count(reason),
    })?;
    Ok(DataSet { path: path.to_owned(), examples, dropped })
}

impl KmaidExample {
    /// Or why the record is of no use.
    fn new(record: &Record, fold: Option<u8>) -> Result<Self, &'static str> {
        let molecule = Molecule::graph_only(&record.smiles).map_err(|_| NOT_UNDERSTOOD)?;
        let block = record.block().ok_or(NO_KEY)?.to_owned();
        let peaks = record.carbon_peaks().ok_or(NO_CARBON)?;
        let mut spectrum: Vec<u16> = peaks.iter().filter_map(|p| spectrum_bin(p.ppm)).collect();
        spectrum.sort_unstable();
        spectrum.dedup();
        if spectrum.is_empty() {
            return Err(NO_CARBON);
        }
        let features = GinFeatures::from(&molecule.graph);
        let peaks = assigned(&peaks, &molecule);
        Ok(Self { block, fold, features, peaks, spectrum })
    }
}

/// The first peak of each carbon whose atom is known.
fn assigned(peaks: &[CarbonPeak], molecule: &Molecule) -> Vec<AssignedPeak> {
    let mut assigned: Vec<AssignedPeak> = Vec::new();
    for peak in peaks {
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
    assigned
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
