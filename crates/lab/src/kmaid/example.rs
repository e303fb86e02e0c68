//! Molecules with an assigned 13C spectrum, as K-M3AID learns from them.

use std::path::Path;

use crate::data::{
    CarbonPeak, DataSet, Dropped, Folds, Keyed, Line, NO_CARBON, NO_KEY, NOT_UNDERSTOOD,
    PredictedRecord, Record, fold_of, key_hash, lines_of, place, read_records,
};
use crate::error::TrainingError;
use larmor_chemistry::Molecule;
use larmor_networks::{GinFeatures, spectrum_bin};

/// A peak whose carbon is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AssignedPeak {
    /// Atom in the molecule's graph.
    pub atom: usize,
    /// Its line among those of the example.
    pub line: usize,
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
    /// A number for the formula.
    pub formula: u64,
    /// The graph.
    pub features: GinFeatures,
    /// The spectrum.
    pub lines: Vec<Line>,
    /// Peaks whose carbon is known.
    pub peaks: Vec<AssignedPeak>,
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
        let mut peaks = record.carbon_peaks().ok_or(NO_CARBON)?;
        peaks.retain(|peak| spectrum_bin(peak.ppm).is_some());
        Self::of_peaks(block, fold, &molecule, &peaks, |_| 0.0).ok_or(NO_CARBON)
    }

    /// From predicted shifts; `None` without a carbon.
    pub(crate) fn predicted(record: &PredictedRecord, molecule: &Molecule) -> Option<Self> {
        let peak = |carbon: &crate::data::PredictedCarbon| CarbonPeak {
            ppm: carbon.1,
            hydrogens: None,
            atom: Some(carbon.0),
        };
        let peaks: Vec<CarbonPeak> = record.c13.iter().map(peak).collect();
        let spread = |peak: usize| record.c13[peak].spread();
        Self::of_peaks(record.inchikey.clone(), None, molecule, &peaks, spread)
    }

    #[allow(clippy::cast_possible_truncation)]
    fn of_peaks(
        block: String,
        fold: Option<u8>,
        molecule: &Molecule,
        peaks: &[CarbonPeak],
        spread: impl Fn(usize) -> f64,
    ) -> Option<Self> {
        let shifts: Vec<Line> = peaks
            .iter()
            .enumerate()
            .map(|(at, peak)| Line { ppm: peak.ppm as f32, spread: spread(at) as f32 })
            .collect();
        let (lines, line_of) = lines_of(&shifts);
        (!lines.is_empty()).then(|| Self {
            block,
            fold,
            formula: key_hash(&molecule.formula.to_string()),
            features: GinFeatures::from(&molecule.graph),
            peaks: assigned(peaks, &line_of, molecule),
            lines,
        })
    }

    /// The spectrum as it is.
    #[must_use]
    pub fn shifts(&self) -> Vec<f32> {
        self.lines.iter().map(|line| line.ppm).collect()
    }
}

/// The first peak of each carbon whose atom is known.
fn assigned(peaks: &[CarbonPeak], line_of: &[usize], molecule: &Molecule) -> Vec<AssignedPeak> {
    let mut assigned: Vec<AssignedPeak> = Vec::new();
    for (peak, &line) in peaks.iter().zip(line_of) {
        let atom = peak.atom.and_then(|atom| place(molecule, atom));
        let Some(atom) = atom.filter(|&a| molecule.graph.element[a] == 6) else { continue };
        if assigned.iter().any(|a| a.atom == atom) {
            continue;
        }
        assigned.push(AssignedPeak {
            atom,
            line,
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
        assert_eq!(example.shifts(), [18.1, 57.9, 58.3], "the fuller spectrum");
        let peak = |atom, line, hydrogens| AssignedPeak { atom, line, hydrogens };
        assert_eq!(example.peaks, [peak(2, 0, 3), peak(1, 2, 2)]);
    }
}
