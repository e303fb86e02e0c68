//! Molecules with shifts mapped to their atoms, as the shift network learns from them.

use std::path::Path;

use super::open_peaks::{OpenPeaks, open_peaks};
use crate::data::{
    DataSet, Dropped, Keyed, NO_KEY, NOT_UNDERSTOOD, PredictedRecord, Record, Spectrum, ambiguous,
    place, read_records,
};
use crate::error::TrainingError;
use larmor_chemistry::{MolecularGraph, Molecule};
use larmor_networks::{GraphFeatures, solvent_code};
use larmor_nmr::fid::Solvent;

/// A molecule with the shifts of its atoms, ready to train on.
#[derive(Debug, Clone)]
pub struct ShiftExample {
    /// First block of the InChIKey.
    pub block: String,
    /// Fold of the published split.
    pub fold: Option<u8>,
    /// True when the 13C assignment is original, not recovered.
    pub exact: bool,
    /// The graph.
    pub features: GraphFeatures,
    /// 13C shift of each atom, ppm; NaN where unknown.
    pub c13: Vec<f32>,
    /// Mean 1H shift of each atom's hydrogens, ppm; NaN where unknown.
    pub h1: Vec<f32>,
    /// How far apart the two hydrogens of each CH2 lie, ppm; NaN where unknown.
    pub geminal: Vec<f32>,
    /// 13C peaks known to belong to these atoms, but not which to which.
    pub open: Vec<OpenPeaks>,
    /// 1H shifts known to belong to these atoms, but not which to which; an atom stands for each of
    /// its hydrogens.
    pub open_h1: Vec<OpenPeaks>,
    /// Code of the solvent, where all spectra agree on one.
    pub solvent: i64,
}

impl Keyed for ShiftExample {
    fn block(&self) -> &str {
        &self.block
    }

    fn fold(&self) -> Option<u8> {
        self.fold
    }
}

/// Reads every usable molecule of a data file (`.jsonl` or `.jsonl.gz`).
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is no record.
pub fn read_shift_examples(path: &Path) -> Result<DataSet<ShiftExample>, TrainingError> {
    let mut examples = Vec::new();
    let dropped = read_shift_records(path, |_, _, example| examples.push(example))?;
    Ok(DataSet { path: path.to_owned(), examples, dropped })
}

/// Reads every usable record of a data file with its molecule; returns what was not usable.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is no record.
pub fn read_shift_records(
    path: &Path,
    mut take: impl FnMut(Record, Molecule, ShiftExample),
) -> Result<Dropped, TrainingError> {
    let mut dropped = Dropped::default();
    read_records(path, |record| match example(&record) {
        Ok((molecule, example)) => take(record, molecule, example),
        Err(reason) => dropped.count(reason),
    })?;
    Ok(dropped)
}

/// Or why the record is of no use.
fn example(record: &Record) -> Result<(Molecule, ShiftExample), &'static str> {
    let molecule = Molecule::graph_only(&record.smiles).map_err(|_| NOT_UNDERSTOOD)?;
    let block = record.block().ok_or(NO_KEY)?.to_owned();
    let graph = &molecule.graph;
    let position = |source: u32| molecule.source.iter().position(|&s| s == source);
    let is_carbon = |atom: usize| graph.element[atom] == 6;
    let has_hydrogen = |atom: usize| graph.hydrogens[atom] > 0;
    let c13 = mean_shifts(&record.c13, graph.len(), -50.0..300.0, |a| {
        position(a).filter(|&a| is_carbon(a))
    });
    let h1 = mean_shifts(&record.h1, graph.len(), -6.0..25.0, |a| {
        position(a).filter(|&a| has_hydrogen(a))
    });
    if c13.iter().chain(&h1).all(|ppm| ppm.is_nan()) {
        return Err("without a usable shift");
    }
    let open = open_peaks(&record.c13, |a| {
        position(a).filter(|&a| is_carbon(a) && c13[a].is_nan()).map(|a| (a, graph.hydrogens[a]))
    });
    let example = ShiftExample {
        block,
        fold: record.km3aid_fold,
        exact: record.map13c.as_deref().is_some_and(|how| how.starts_with("exact")),
        features: GraphFeatures::from(graph),
        geminal: geminal(&record.h1, graph, position),
        c13,
        h1,
        open,
        open_h1: Vec::new(),
        solvent: common_solvent(record.c13.iter().chain(&record.h1)),
    };
    Ok((molecule, example))
}

impl ShiftExample {
    /// From predicted shifts.
    #[allow(clippy::cast_possible_truncation)]
    pub(super) fn predicted(record: &PredictedRecord, molecule: &Molecule) -> Self {
        let graph = &molecule.graph;
        let unknown = vec![f32::NAN; graph.len()];
        let (mut c13, mut h1, mut geminal) = (unknown.clone(), unknown.clone(), unknown);
        for carbon in &record.c13 {
            if let Some(atom) = place(molecule, carbon.0).filter(|&a| graph.element[a] == 6) {
                c13[atom] = carbon.1 as f32;
            }
        }
        for hydrogens in &record.h1 {
            let atom = place(molecule, hydrogens.0).filter(|&a| graph.hydrogens[a] > 0);
            let (Some(atom), false) = (atom, hydrogens.1.is_empty()) else { continue };
            let all = hydrogens.1.iter().sum::<f64>();
            h1[atom] = (all / hydrogens.1.len() as f64) as f32;
            if let ([one, other], 6, 2) =
                (hydrogens.1.as_slice(), graph.element[atom], graph.hydrogens[atom])
            {
                geminal[atom] = (one - other).abs() as f32;
            }
        }
        Self {
            block: record.inchikey.clone(),
            fold: None,
            exact: false,
            features: GraphFeatures::from(graph),
            c13,
            h1,
            geminal,
            open: Vec::new(),
            open_h1: Vec::new(),
            solvent: solvent_code(record.solvent.as_deref().and_then(Solvent::from_name)),
        }
    }
}

/// Distances of the two shifts that a spectrum lists for a CH2.
#[allow(clippy::cast_possible_truncation)]
fn geminal(
    spectra: &[Spectrum],
    graph: &MolecularGraph,
    position: impl Fn(u32) -> Option<usize>,
) -> Vec<f32> {
    let mut apart = vec![f32::NAN; graph.len()];
    for spectrum in spectra {
        let mut listed: Vec<Vec<f64>> = vec![Vec::new(); graph.len()];
        for peak in spectrum.peaks.iter().filter(|peak| !ambiguous(peak)) {
            let ppm = peak.first().and_then(serde_json::Value::as_f64);
            let source = peak.get(2).and_then(serde_json::Value::as_u64);
            let atom = source.and_then(|a| u32::try_from(a).ok()).and_then(&position);
            if let (Some(ppm), Some(atom)) = (ppm, atom) {
                listed[atom].push(ppm);
            }
        }
        for (atom, ppm) in listed.iter().enumerate() {
            if let ([one, other], 6, 2) =
                (ppm.as_slice(), graph.element[atom], graph.hydrogens[atom])
            {
                apart[atom] = (one - other).abs() as f32;
            }
        }
    }
    apart
}

/// Mean over all peaks of an atom that are not marked ambiguous.
fn mean_shifts(
    spectra: &[Spectrum],
    atoms: usize,
    range: std::ops::Range<f64>,
    position: impl Fn(u32) -> Option<usize>,
) -> Vec<f32> {
    let (mut sum, mut count) = (vec![0.0; atoms], vec![0.0; atoms]);
    for peak in spectra.iter().flat_map(|spectrum| &spectrum.peaks) {
        let ambiguous = ambiguous(peak);
        let ppm =
            peak.first().and_then(serde_json::Value::as_f64).filter(|ppm| range.contains(ppm));
        let source =
            peak.get(2).and_then(serde_json::Value::as_u64).and_then(|a| u32::try_from(a).ok());
        if let (Some(ppm), Some(atom), false) = (ppm, source.and_then(&position), ambiguous) {
            sum[atom] += ppm;
            count[atom] += 1.0;
        }
    }
    #[allow(clippy::cast_possible_truncation)]
    sum.iter().zip(count).map(|(sum, count)| (sum / count) as f32).collect()
}

/// The solvent's code where every spectrum that names one names the same.
fn common_solvent<'a>(spectra: impl Iterator<Item = &'a Spectrum>) -> i64 {
    let mut codes = spectra
        .filter_map(|spectrum| spectrum.solvent.as_deref())
        .map(|name| {
            // Sources write the formula in brackets behind the name.
            let plain = name.split('(').next().unwrap_or_default();
            solvent_code(Solvent::from_name(name).or_else(|| Solvent::from_name(plain)))
        })
        .filter(|&code| code != 0);
    let first = codes.next().unwrap_or(0);
    if codes.all(|code| code == first) { first } else { 0 }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn record(peaks: &str) -> Record {
        let text = format!(
            r#"{{"inchikey":"LFQSCWFLJHTTHZ-UHFFFAOYSA-N","smiles":"CCO","map13C":"hose","c13":[{{"peaks":{peaks}}}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn ambiguous_and_impossible_peaks_are_masked() {
        let example =
            example(&record(r#"[[18.0,"Q",0,0.0,0],[20.0,"Q",0],[57.0,"T",1,0.1,1],[60.0,"",2]]"#))
                .unwrap()
                .1;
        assert_eq!(example.c13[0], 19.0);
        assert!(example.c13[1].is_nan(), "ambiguous");
        assert!(example.c13[2].is_nan(), "no carbon");
        assert!(!example.exact);
    }

    #[test]
    fn spectra_must_agree_on_a_solvent() {
        let spectrum =
            |solvent: &str| Spectrum { solvent: Some(solvent.to_owned()), peaks: Vec::new() };
        let chloroform = spectrum("Chloroform-D1 (CDCl3)");
        let unknown = spectrum("Unreported");
        let methanol = spectrum("Methanol-D4 (CD3OD)");
        assert_eq!(common_solvent([&chloroform, &unknown].into_iter()), 1);
        assert_eq!(common_solvent([&chloroform, &methanol].into_iter()), 0);
        assert_eq!(common_solvent(std::iter::empty()), 0);
    }

    #[test]
    fn a_molecule_without_shifts_is_left_out() {
        assert!(example(&record(r#"[[999.0,"",0],["x","",1],[5.0,"",77]]"#)).is_err());
    }
}
