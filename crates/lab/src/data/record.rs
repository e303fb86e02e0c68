//! One molecule with its measured spectra, as a line of a data file holds it.

use std::path::Path;

use serde::Deserialize;

use super::json_lines::read_json_lines;
use crate::error::TrainingError;

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
    /// First block of the InChIKey, where there is a whole one.
    #[must_use]
    pub fn block(&self) -> Option<&str> {
        self.inchikey.get(..14)
    }

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
    /// Pattern, where the record states one.
    pub pattern: Option<String>,
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
            let pattern = peak.get(1).and_then(serde_json::Value::as_str);
            let same = found.iter_mut().find(|other| (other.ppm - ppm).abs() < SAME_PPM);
            match same {
                Some(same) => same.atoms.extend(atom),
                None => found.push(ProtonPeak {
                    ppm,
                    atoms: atom.into_iter().collect(),
                    pattern: pattern.map(str::to_owned),
                }),
            }
        }
        found.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        found
    }
}

/// True of a peak whose atom was recovered and may be another's.
pub(crate) fn ambiguous(peak: &[serde_json::Value]) -> bool {
    peak.get(4).and_then(serde_json::Value::as_f64).is_some_and(|mark| mark != 0.0)
}

/// Reads a data file (`.jsonl` or `.jsonl.gz`) record by record.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read or a line is no record.
pub fn read_records(path: &Path, mut take: impl FnMut(Record)) -> Result<(), TrainingError> {
    read_json_lines(path, &mut take)
}
