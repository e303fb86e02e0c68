//! Proposes the right structure and wrong ones, each alone, as the daemon judges a proposed
//! structure.

use super::case::VerificationCase;
use super::judgement::{JudgedMolecule, Judgement};
use crate::error::EvaluationError;
use crate::evaluation::Nuclei;
use larmor_chemistry::Molecule;
use larmor_elucidation::alternatives::{Change, alternatives};
use larmor_elucidation::{ElucidationOptions, Elucidator, Query};
use larmor_nmr::structure::ProposedStructure;

/// Choices of spectra that a structure is judged by.
pub const NUCLEI: [Nuclei; 3] = [Nuclei::Carbon, Nuclei::Proton, Nuclei::Both];

/// Judges the right structure of a case and at most `most` wrong ones of each kind, each alone.
///
/// # Errors
/// [`EvaluationError`] when predictions fail.
pub fn judge(
    elucidator: &Elucidator,
    case: &VerificationCase,
    most: usize,
    seed: u64,
) -> Result<JudgedMolecule, EvaluationError> {
    let right = &case.right;
    let wrong = alternatives(right, most, seed)?;
    let mut structures: Vec<(Option<Change>, &Molecule)> = vec![(None, right)];
    structures.extend(wrong.iter().map(|wrong| (Some(wrong.change), &wrong.molecule)));
    let proposed: Vec<ProposedStructure> = structures
        .iter()
        .map(|(_, molecule)| ProposedStructure::smiles(&molecule.smiles))
        .collect();
    elucidator.predict_ahead(&proposed)?;
    let mut judgements = Vec::new();
    for nuclei in NUCLEI {
        let Some(query) = case.shown(nuclei) else { continue };
        for ((kind, molecule), proposed) in structures.iter().zip(&proposed) {
            let formula_kept = molecule.formula == right.formula;
            let said = alone(elucidator, &query, proposed)?;
            judgements.extend(said.map(|said| Judgement {
                nuclei,
                kind: *kind,
                formula_kept,
                ..said
            }));
        }
    }
    Ok(JudgedMolecule { name: case.name.clone(), right: right.smiles.clone(), judgements })
}

/// What is said of one structure; `None` where it cannot be read.
fn alone(
    elucidator: &Elucidator,
    query: &Query,
    proposed: &ProposedStructure,
) -> Result<Option<Judgement>, EvaluationError> {
    let options = ElucidationOptions { top: 1, threads: 1, ..ElucidationOptions::default() };
    let said = elucidator.elucidate(query, std::slice::from_ref(proposed), &options)?;
    let (verdict, reasons, weighed) = (said.verdict, said.reasons, said.verdict_probability);
    Ok(said.candidates.into_iter().next().map(|candidate| Judgement {
        nuclei: Nuclei::Both,
        kind: None,
        smiles: candidate.smiles,
        formula_kept: true,
        verdict,
        // Where nothing was weighed, what stands beside "none of these".
        probability: weighed.unwrap_or(candidate.probability),
        score: candidate.score,
        parts: candidate.parts,
        reasons,
    }))
}
