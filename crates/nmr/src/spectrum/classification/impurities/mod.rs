//! What is often left in a tube, told by its pattern.
//!
//! A compound's own line may well stand where an impurity's would. Hence all lines of an impurity
//! have to be there, in the ratio of its hydrogens, and far less of it than of the compound; what
//! meets only part of that is named with a low confidence.

mod carbon;
mod common;
mod known;
mod proton;
mod signals;
mod table;

use crate::fid::Solvent;
use crate::spectrum::picking::RawPeak;

pub use common::{CommonImpurity, ImpuritySignal, common_impurities};
pub(super) use signals::signals;

/// What a line is taken for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim {
    /// Name of the compound.
    pub name: &'static str,
    /// From 0 to 1.
    pub confidence: f64,
}

/// An impurity with the places of its lines in the list of peaks.
#[derive(Debug)]
struct Candidate {
    claim: Claim,
    members: Vec<usize>,
}

/// What each peak that is `free` to be claimed is taken for on a referenced axis. Solvents beyond
/// the table have no impurities.
pub fn find(
    peaks: &[RawPeak],
    free: &[bool],
    solvent: Option<Solvent>,
    carbon: bool,
    reference_mhz: f64,
) -> Vec<Option<Claim>> {
    let mut claims = vec![None; peaks.len()];
    let Some(column) = solvent.and_then(known::column) else { return claims };
    let mut candidates: Vec<Candidate> = table::KNOWN
        .iter()
        .filter_map(|known| {
            if carbon {
                carbon::candidate(known, column, peaks, free)
            } else {
                proton::candidate(known, column, peaks, free, reference_mhz)
            }
        })
        .collect();
    // What explains more lines with more confidence comes first; each line is explained once.
    candidates.sort_by(|a, b| {
        let key = |one: &Candidate| one.claim.confidence + 0.02 * one.members.len() as f64;
        key(b).total_cmp(&key(a))
    });
    for candidate in candidates {
        if candidate.members.iter().all(|&member| claims[member].is_none()) {
            candidate.members.iter().for_each(|&member| claims[member] = Some(candidate.claim));
        }
    }
    claims
}

/// What is no solvent, of what is in the table.
const NO_SOLVENTS: [&str; 8] = [
    "18-crown-6",
    "BHT",
    "grease",
    "hexamethylbenzene",
    "HMDSO",
    "HMPA",
    "imidazole",
    "silicone grease",
];

/// The solvent whose signals these are in any solution of the table, each within `reach` ppm; the
/// nearest of several.
pub fn named_solvent(ppm: &[f64], carbon: bool, reach: f64) -> Option<&'static str> {
    let nearest = |a: f64, all: &[f64]| all.iter().map(|b| (a - b).abs()).fold(f64::MAX, f64::min);
    let off = |known: &known::Known, column: usize| {
        let places: Vec<f64> = if carbon {
            known.carbons(column)?
        } else {
            known.protons(column)?.into_iter().map(|(_, ppm)| ppm).collect()
        };
        let farthest = places
            .iter()
            .map(|&place| nearest(place, ppm))
            .chain(ppm.iter().map(|&line| nearest(line, &places)))
            .fold(0.0, f64::max);
        (farthest < reach && places.len() == ppm.len()).then_some(farthest)
    };
    table::KNOWN
        .iter()
        .filter(|known| !NO_SOLVENTS.contains(&known.name))
        .flat_map(|known| (0..known::COLUMNS.len()).map(move |column| (known, column)))
        .filter_map(|(known, column)| Some((known.name, off(known, column)?)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(name, _)| name)
}

#[cfg(test)]
mod tests;
