//! A case searched for in a library, with the right structure there or not, and what is said of it.

use super::case::VerificationCase;
use crate::error::EvaluationError;
use crate::evaluation::Nuclei;
use larmor_elucidation::{
    Candidate, CandidatePool, ElucidationOptions, Elucidator, Ranked, ShiftScorer,
};
use larmor_nmr::structure::ProposedStructure;

/// Candidates that are asked for: beyond, nothing adds to the share of "none of these".
const TOP: usize = 200;
/// Name of the discrepancies among the parts of a candidate.
const DISCREPANCIES: &str = "discrepancies";

/// How a case is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchSetting {
    /// Spectra that are shown.
    pub nuclei: Nuclei,
    /// Whether the right structure is among the candidates.
    pub present: bool,
    /// Whether its formula is stated.
    pub formula: bool,
}

/// What a search came to.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchOutcome {
    /// Rank of the right structure, by constitution; `None` beyond those asked for.
    pub rank: Option<usize>,
    /// Probability said of the first candidate.
    pub first: f64,
    /// Probability said that it is none of them.
    pub none: f64,
    /// What "none of these" was said by; `None` where the first was not judged by discrepancies.
    pub ranked: Option<Ranked>,
}

/// Searches for a case in the elucidator's libraries; `None` where the nuclei were not measured,
/// nothing of the formula is there, or a library holds the structure that should be absent.
///
/// # Errors
/// [`EvaluationError`] when predictions fail.
pub fn search(
    elucidator: &Elucidator,
    case: &VerificationCase,
    setting: SearchSetting,
) -> Result<Option<SearchOutcome>, EvaluationError> {
    let Some(mut query) = case.shown(setting.nuclei) else { return Ok(None) };
    query.formula = setting.formula.then(|| case.right.formula.clone());
    let right = [ProposedStructure::smiles(&case.right.smiles)];
    let candidates: &[ProposedStructure] = if setting.present { &right } else { &[] };
    let pool = CandidatePool { proposed: &[], candidates, libraries: true };
    let options = ElucidationOptions { top: TOP, threads: 2, ..ElucidationOptions::default() };
    let found = elucidator.elucidate_among(&query, &pool, &options)?;
    let block = case.right.inchikey_block();
    let is_right = |candidate: &Candidate| candidate.inchikey.starts_with(block);
    let rank = found.candidates.iter().position(is_right).map(|place| place + 1);
    let Some(first) = found.candidates.first() else { return Ok(None) };
    if !setting.present && rank.is_some() {
        return Ok(None);
    }
    let parameters = elucidator.parameters();
    let (carbon, proton) = ShiftScorer::new(&query, parameters)?.line_counts();
    let none = parameters.none_score(carbon, proton);
    let weight = |score: f64| ((score - first.score) / parameters.temperature).exp();
    let all: f64 = found.candidates.iter().map(|candidate| weight(candidate.score)).sum();
    let share = weight(none) / (weight(none) + all);
    let constitution = |candidate: &Candidate| block_of(&candidate.inchikey).to_owned();
    let next = found.candidates.iter().find(|other| constitution(other) != constitution(first));
    let odds = first.parts.get(DISCREPANCIES).copied();
    let lead = next.map(|next| first.score - next.score);
    let ranked = odds.zip(lead).map(|(odds, lead)| Ranked { share, odds, lead });
    let (first, none) = (first.probability, found.none_of_these.unwrap_or(0.0));
    Ok(Some(SearchOutcome { rank, first, none, ranked }))
}

fn block_of(inchikey: &str) -> &str {
    inchikey.split('-').next().unwrap_or_default()
}
