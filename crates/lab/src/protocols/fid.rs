//! Acquisitions of known compounds in, ranking and assignment out, nothing by hand.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::data::{Dropped, NOT_UNDERSTOOD, TrainedOn};
use crate::error::EvaluationError;
use crate::evaluation::{
    CARBON_TOLERANCE, KnownCompound, PROTON_TOLERANCE, Report, Table, check_assignment,
    check_protons, known_compounds,
};
use crate::shift::ShiftSystem;
use crate::statistics::{Estimate, axis_offset};
use larmor_chemistry::Molecule;
use larmor_elucidation::library::{Library, StructureReader};
use larmor_elucidation::{
    Candidate, CandidatePool, Elucidation, ElucidationOptions, Elucidator, Query, read_dataset,
};
use larmor_nmr::spectrum::ProcessingParameters;
use larmor_nmr::structure::{ProposedStructure, StructureFormat};

/// Candidates whose constitution is looked at: the rank beyond is told as it is.
const TOP: usize = 100;
/// How far the truth's axis may lie from the spectrum's, ppm.
const MOST_CARBON_OFFSET: f64 = 2.0;
const MOST_PROTON_OFFSET: f64 = 0.3;

/// What a compound came to.
struct Outcome {
    ranks: [(u32, u64); 2],
    carbons: Vec<bool>,
    /// As the truth has them, not moved to the spectrum's axis.
    carbons_as_listed: Vec<bool>,
    axis: f64,
    protons: Vec<bool>,
    verdict: String,
}

/// Ranks and assigns every compound of a folder: all datasets of a compound are one sample, its
/// candidates are the true structure, `isomers` and the library.
///
/// # Errors
/// [`EvaluationError`] when the folder cannot be read or the network fails. A dataset that cannot
/// be read is left out, a sample without a spectrum that shows every carbon not judged: notes say
/// so.
pub fn fids(
    system: &ShiftSystem,
    trained_on: &TrainedOn,
    folder: &Path,
    library: Option<Library>,
    isomers: Option<&Path>,
    only: Option<&str>,
) -> Result<Report, EvaluationError> {
    let mut compounds = known_compounds(folder)?;
    compounds.retain(|compound| only.is_none_or(|name| compound.name == name));
    let mut notes = Vec::new();
    compounds.retain(|compound| {
        let seen = trained_on.contains(compound.truth.molecule.inchikey_block());
        if seen {
            notes.push(format!("{}: left out, the model was trained on it", compound.name));
        }
        !seen
    });
    if compounds.is_empty() {
        return Err(EvaluationError::Nothing(folder.display().to_string()));
    }
    let pool = match &library {
        Some(library) => format!(", library '{}' of {}", library.name(), library.len()),
        None => String::new(),
    };
    let (others, dropped) = isomers_of(&compounds, isomers)?;
    if let Some(path) = isomers.filter(|_| !dropped.is_empty()) {
        notes.push(format!("left out of {}: {dropped}", path.display()));
    }
    let libraries = library.into_iter().map(Arc::new).collect();
    let elucidator = Elucidator::new(system.predictor().clone(), libraries)
        .with_parameters(*system.parameters());
    let mut table = Table::new(&[
        "compound",
        "spectra",
        "lines 13C / 1H",
        "rank of",
        "rank with formula of",
        "carbons right",
        "as listed",
        "axis, ppm",
        "1H right",
        "verdict",
        "seconds",
    ]);
    let mut outcomes = Vec::new();
    for (compound, isomers) in compounds.iter().zip(&others) {
        let begun = Instant::now();
        let mut spectra = Vec::new();
        for dataset in &compound.datasets {
            match read_dataset(dataset, &ProcessingParameters::default()) {
                Ok(spectrum) => spectra.push(spectrum),
                Err(reason) => {
                    let name = dataset.file_name().unwrap_or_default().to_string_lossy();
                    notes.push(format!("{} {name}: left out: {reason}", compound.name));
                }
            }
        }
        let Some(query) = Query::of_processed(&spectra) else {
            notes.push(format!(
                "{}: not judged, neither a 1H spectrum nor one of every carbon",
                compound.name
            ));
            continue;
        };
        let outcome = rank_and_assign(&elucidator, compound, isomers, &query)?;
        let of = |(rank, considered): (u32, u64)| format!("{rank} of {considered}");
        table.push(vec![
            compound.name.clone(),
            spectra.len().to_string(),
            format!("{} / {}", query.c13.len(), query.h1.len()),
            of(outcome.ranks[0]),
            of(outcome.ranks[1]),
            share(&outcome.carbons),
            share(&outcome.carbons_as_listed),
            format!("{:+.2}", outcome.axis),
            share(&outcome.protons),
            outcome.verdict.clone(),
            format!("{:.1}", begun.elapsed().as_secs_f64()),
        ]);
        outcomes.push(outcome);
    }
    notes.push(format!(
        "candidates: the true structure, its isomers among the structures given{pool}; ranks count \
         constitutions",
    ));
    notes.push(format!(
        "right: the line given to a carbon (to the hydrogens of a heavy atom) lies within \
         {CARBON_TOLERANCE} ppm ({PROTON_TOLERANCE} ppm) of the truth or of that of an equivalent \
         one, the truth moved to the spectrum's axis, or as listed",
    ));
    Ok(Report {
        protocol: "acquisitions, shift network".to_owned(),
        notes,
        tables: vec![table, totals(&outcomes, compounds.len())],
    })
}

/// Ranks the true structure with and without its formula known, and assigns its lines.
fn rank_and_assign(
    elucidator: &Elucidator,
    compound: &KnownCompound,
    isomers: &[ProposedStructure],
    query: &Query,
) -> Result<Outcome, EvaluationError> {
    let molecule = &compound.truth.molecule;
    // ProposedStructure only so that it is reported whatever its rank: that is no advantage.
    let proposed = [ProposedStructure {
        text: compound.molblock.clone(),
        format: StructureFormat::Molblock,
        name: None,
    }];
    let pool = CandidatePool { proposed: &proposed, candidates: isomers, libraries: true };
    let options = ElucidationOptions { top: TOP, threads: 1, ..ElucidationOptions::default() };
    let open = elucidator.elucidate_among(query, &pool, &options)?;
    let formula = Query { formula: Some(molecule.formula.clone()), ..query.clone() };
    let filtered = elucidator.elucidate_among(&formula, &pool, &options)?;
    let block = molecule.inchikey_block();
    let found = own(&filtered)
        .ok_or_else(|| EvaluationError::Unsuited(format!("{} cannot be read", compound.name)))?;
    let ppm = |nucleus: &str| -> Vec<f64> {
        let peaks = if nucleus == "13C" { &query.c13 } else { &query.h1 };
        peaks.iter().map(|peak| peak.ppm).collect()
    };
    let listed: Vec<f64> = compound.truth.c13.iter().flatten().copied().collect();
    let axis = axis_offset(&ppm("13C"), &listed, CARBON_TOLERANCE, MOST_CARBON_OFFSET);
    let protons: Vec<f64> = compound.truth.h1.iter().flatten().copied().collect();
    let proton_axis = axis_offset(&ppm("1H"), &protons, PROTON_TOLERANCE, MOST_PROTON_OFFSET);
    let carbons = |axis: f64| -> Vec<bool> {
        // Without a 13C spectrum of all carbons there is nothing to give them.
        if query.c13.is_empty() {
            return Vec::new();
        }
        let checks = check_assignment(molecule, &found.assignments, &compound.truth, axis);
        checks.unwrap_or_default().iter().map(|check| check.right).collect()
    };
    Ok(Outcome {
        ranks: [
            (rank(&open, block), open.considered),
            (rank(&filtered, block), filtered.considered),
        ],
        carbons: carbons(axis),
        carbons_as_listed: carbons(0.0),
        axis,
        protons: check_protons(molecule, &found.assignments, &compound.truth, proton_axis)
            .unwrap_or_default(),
        verdict: format!("{:?}, p {:.2}", open.verdict, found.probability).to_lowercase(),
    })
}

fn own(elucidation: &Elucidation) -> Option<&Candidate> {
    elucidation.candidates.iter().find(|candidate| candidate.is_proposed())
}

/// Place among constitutions: stereoisomers show the same lines to a network of graphs.
fn rank(elucidation: &Elucidation, block: &str) -> u32 {
    let Some(own) = own(elucidation) else { return u32::MAX };
    let before = elucidation.candidates.iter().filter(|c| c.rank < own.rank);
    let alike = before.filter(|c| c.inchikey.starts_with(block)).count();
    own.rank.saturating_sub(u32::try_from(alike).unwrap_or(0))
}

/// Structures of a file that are isomers of each compound, none of its own constitution, and what of
/// the file is none.
fn isomers_of(
    compounds: &[KnownCompound],
    path: Option<&Path>,
) -> Result<(Vec<Vec<ProposedStructure>>, Dropped), EvaluationError> {
    let (mut found, mut dropped) = (vec![Vec::new(); compounds.len()], Dropped::default());
    let Some(path) = path else { return Ok((found, dropped)) };
    let unread = |error: larmor_elucidation::library::LibraryError| {
        EvaluationError::Unsuited(error.to_string())
    };
    for record in StructureReader::open(path).map_err(unread)? {
        let record = record.map_err(unread)?;
        let (Ok(text), StructureFormat::Smiles) = (record.text, record.format) else {
            dropped.count("that are no SMILES");
            continue;
        };
        let Ok(molecule) = Molecule::graph_only(&text) else {
            dropped.count(NOT_UNDERSTOOD);
            continue;
        };
        for (compound, isomers) in compounds.iter().zip(&mut found) {
            if compound.truth.molecule.formula == molecule.formula
                && larmor_chemistry::isomorphism(&molecule, &compound.truth.molecule).is_none()
            {
                isomers.push(ProposedStructure {
                    name: record.name.clone(),
                    ..ProposedStructure::smiles(&text)
                });
            }
        }
    }
    Ok((found, dropped))
}

fn totals(outcomes: &[Outcome], compounds: usize) -> Table {
    let mut table = Table::new(&["in all", "right", "of", "% [95 %]"]);
    let mut push = |name: &str, items: Vec<(f64, f64)>| {
        let Some(found) = Estimate::of_ratio(&items) else { return };
        let sum = items.iter().fold((0.0, 0.0), |sum, item| (sum.0 + item.0, sum.1 + item.1));
        let (right, of) = (format!("{:.0}", sum.0), format!("{:.0}", sum.1));
        table.push(vec![name.to_owned(), right, of, found.percent()]);
    };
    let first = |which: usize| -> Vec<(f64, f64)> {
        outcomes.iter().map(|o| (f64::from(o.ranks[which].0 == 1), 1.0)).collect()
    };
    push("first without a filter", first(0));
    push("first with the formula", first(1));
    let every = compounds - outcomes.len();
    let with_lost: Vec<(f64, f64)> =
        first(1).into_iter().chain((0..every).map(|_| (0.0, 1.0))).collect();
    if every > 0 {
        push("first with the formula, samples that are not judged counted", with_lost);
    }
    let of = |values: fn(&Outcome) -> &Vec<bool>| -> Vec<(f64, f64)> {
        let count = |list: &Vec<bool>| list.iter().filter(|right| **right).count() as f64;
        outcomes.iter().map(|o| (count(values(o)), values(o).len() as f64)).collect()
    };
    push("carbons", of(|o| &o.carbons));
    push("carbons as listed", of(|o| &o.carbons_as_listed));
    push("1H of heavy atoms", of(|o| &o.protons));
    table
}

fn share(checks: &[bool]) -> String {
    format!("{}/{}", checks.iter().filter(|right| **right).count(), checks.len())
}
