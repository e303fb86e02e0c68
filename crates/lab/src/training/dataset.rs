//! Experimental shifts mapped to atoms, read from JSON lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use serde::Deserialize;

use super::TrainingError;
use super::open_peaks::{OpenPeaks, open_peaks};
use larmor_chemistry::Molecule;
use larmor_networks::{GraphFeatures, solvent_code};
use larmor_nmr::fid::Solvent;

/// 1H signals closer than this are one, listed for each of its atoms.
const SAME_PPM: f64 = 1e-4;

/// One molecule as a line of the data file holds it.
#[derive(Debug, Clone, Deserialize)]
pub struct Record {
    /// Number in the database.
    #[serde(default)]
    pub id: String,
    /// Full InChIKey.
    pub inchikey: String,
    /// SMILES; peaks count its atoms.
    pub smiles: String,
    /// 13C spectra.
    #[serde(default)]
    pub c13: Vec<Spectrum>,
    /// 1H spectra.
    #[serde(default)]
    pub h1: Vec<Spectrum>,
    /// How peaks came to their atoms: `exact_sdf` and `exact_graph` are original assignments.
    #[serde(rename = "map13C", default)]
    pub map13c: Option<String>,
    /// Fold of the published split, where the molecule is part of it.
    #[serde(default)]
    pub km3aid_fold: Option<u8>,
}

/// One measured spectrum.
#[derive(Debug, Clone, Deserialize)]
pub struct Spectrum {
    /// Solvent as its source names it.
    #[serde(default)]
    pub solvent: Option<String>,
    /// `[ppm, multiplicity, atom]`, with `[cost, ambiguous]` behind where the atom was recovered.
    pub peaks: Vec<Vec<serde_json::Value>>,
}

/// A 13C peak of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CarbonPeak {
    /// Shift, ppm.
    pub ppm: f64,
    /// Attached hydrogens, where the record states them.
    pub hydrogens: Option<u8>,
    /// Place of its carbon in the SMILES, where that is certain.
    pub atom: Option<u32>,
}

impl Record {
    /// Peaks of the fullest 13C spectrum; `None` without one.
    #[must_use]
    pub fn carbon_peaks(&self) -> Option<Vec<CarbonPeak>> {
        let mut fullest: Option<&Spectrum> = None;
        for spectrum in &self.c13 {
            if fullest.is_none_or(|best| spectrum.peaks.len() > best.peaks.len()) {
                fullest = Some(spectrum);
            }
        }
        let peaks = fullest?.peaks.iter().filter_map(|peak| {
            let hydrogens = match peak.get(1)?.as_str()? {
                "S" | "s" => Some(0),
                "D" | "d" => Some(1),
                "T" | "t" => Some(2),
                "Q" | "q" => Some(3),
                _ => None,
            };
            let atom = peak.get(2).and_then(serde_json::Value::as_u64).filter(|_| !ambiguous(peak));
            Some(CarbonPeak {
                ppm: peak.first()?.as_f64()?,
                hydrogens,
                atom: atom.and_then(|a| u32::try_from(a).ok()),
            })
        });
        Some(peaks.collect())
    }
}

/// A 1H signal of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct ProtonPeak {
    /// Shift, ppm.
    pub ppm: f64,
    /// Places in the SMILES of the heavy atoms that carry its hydrogens.
    pub atoms: Vec<u32>,
}

impl Record {
    /// Signals of the fullest 1H spectrum, atoms of one shift together, by rising shift.
    #[must_use]
    pub fn proton_peaks(&self) -> Vec<ProtonPeak> {
        let fullest = self.h1.iter().rev().max_by_key(|spectrum| spectrum.peaks.len());
        let mut found: Vec<ProtonPeak> = Vec::new();
        for peak in fullest.into_iter().flat_map(|spectrum| &spectrum.peaks) {
            let Some(ppm) = peak.first().and_then(serde_json::Value::as_f64) else { continue };
            let atom = peak.get(2).and_then(serde_json::Value::as_u64);
            let atom = atom.and_then(|atom| u32::try_from(atom).ok());
            let same = found.iter_mut().find(|other| (other.ppm - ppm).abs() < SAME_PPM);
            match same {
                Some(same) => same.atoms.extend(atom),
                None => found.push(ProtonPeak { ppm, atoms: atom.into_iter().collect() }),
            }
        }
        found.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        found
    }
}

/// True of a peak whose atom was recovered and may be another's.
fn ambiguous(peak: &[serde_json::Value]) -> bool {
    peak.get(4).and_then(serde_json::Value::as_f64).is_some_and(|mark| mark != 0.0)
}

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
    /// 13C peaks known to belong to these atoms, but not which to which.
    pub open: Vec<OpenPeaks>,
    /// Code of the solvent, where all spectra agree on one.
    pub solvent: i64,
}

/// Reads every usable molecule of a data file (`.jsonl` or `.jsonl.gz`); also returns how many
/// lines were not usable.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is no record.
pub fn read_examples(path: &Path) -> Result<(Vec<ShiftExample>, usize), TrainingError> {
    let mut examples = Vec::new();
    let unusable = read_shift_records(path, |_, _, example| examples.push(example))?;
    Ok((examples, unusable))
}

/// Reads every usable record of a data file with its molecule; returns how many were not usable.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is no record.
pub fn read_shift_records(
    path: &Path,
    mut take: impl FnMut(Record, Molecule, ShiftExample),
) -> Result<usize, TrainingError> {
    let mut unusable = 0;
    read_records(path, |record| match example(&record) {
        Some((molecule, example)) => take(record, molecule, example),
        None => unusable += 1,
    })?;
    Ok(unusable)
}

/// Reads a data file (`.jsonl` or `.jsonl.gz`) record by record.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is no record.
pub fn read_records(path: &Path, mut take: impl FnMut(Record)) -> Result<(), TrainingError> {
    let file = File::open(path).map_err(TrainingError::file(path))?;
    let reader: Box<dyn Read> = if path.extension().is_some_and(|e| e == "gz") {
        Box::new(GzDecoder::new(file))
    } else {
        Box::new(file)
    };
    for (number, line) in BufReader::new(reader).lines().enumerate() {
        let line = line.map_err(TrainingError::file(path))?;
        let record: Record = serde_json::from_str(&line).map_err(|e| TrainingError::Format {
            path: path.to_owned(),
            reason: format!("line {}: {e}", number + 1),
        })?;
        take(record);
    }
    Ok(())
}

/// `None` when the structure is not understood or no atom has a shift.
fn example(record: &Record) -> Option<(Molecule, ShiftExample)> {
    let molecule = Molecule::graph_only(&record.smiles).ok()?;
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
        return None;
    }
    let open = open_peaks(&record.c13, |a| {
        position(a).filter(|&a| is_carbon(a) && c13[a].is_nan()).map(|a| (a, graph.hydrogens[a]))
    });
    let example = ShiftExample {
        block: record.inchikey.get(..14)?.to_owned(),
        fold: record.km3aid_fold,
        exact: record.map13c.as_deref().is_some_and(|how| how.starts_with("exact")),
        features: GraphFeatures::from(graph),
        c13,
        h1,
        open,
        solvent: common_solvent(record.c13.iter().chain(&record.h1)),
    };
    Some((molecule, example))
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
        assert!(example(&record(r#"[[999.0,"",0],["x","",1],[5.0,"",77]]"#)).is_none());
    }
}
