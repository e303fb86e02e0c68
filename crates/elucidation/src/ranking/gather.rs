//! Gathers the candidates of a sample and scores them by their shifts.

use std::collections::{BTreeMap, HashSet};

use super::elucidator::Elucidator;
use super::options::ElucidationOptions;
use super::scored_candidate::{Gathered, Origin, ScoredCandidate};
use crate::error::ElucidationError;
use crate::library::{Library, Profile};
use crate::query::Query;
use crate::score_part::ScorePart;
use crate::scoring::lines::Lines;
use crate::scoring::prescore::Prescorer;
use crate::scoring::score::parts;
use larmor_chemistry::Formula;
use larmor_nmr::structure::ProposedStructure;

impl Elucidator {
    /// Reads, predicts and scores structures; those that cannot be read are named in words.
    pub(super) fn score_structures(
        &self,
        query: &Query,
        lines: &Lines,
        structures: &[ProposedStructure],
        source: &str,
        proposed: bool,
    ) -> Result<(Vec<ScoredCandidate>, Vec<String>), ElucidationError> {
        let outcomes = self.predictions.predict(&structures.iter().collect::<Vec<_>>())?;
        let (mut scored, mut unread) = (Vec::new(), Vec::new());
        let mut texts = HashSet::new();
        for (structure, outcome) in structures.iter().zip(outcomes) {
            if !texts.insert((structure.format, structure.text.as_str())) {
                continue;
            }
            match outcome {
                Ok(predicted) => {
                    let differs = differs(query.formula.as_ref(), &predicted.formula);
                    let (score, parts) = self.score(&predicted.profile, lines, differs);
                    scored.push(ScoredCandidate {
                        score,
                        parts,
                        source: source.to_owned(),
                        proposed,
                        formula_differs: differs,
                        probability: 0.0,
                        text: predicted.smiles.clone(),
                        origin: Origin::Structure(predicted, structure.name.clone()),
                    });
                }
                Err(reason) => {
                    let text: String =
                        structure.text.lines().next().unwrap_or("").chars().take(60).collect();
                    let what = if proposed { "proposed structure" } else { "candidate" };
                    unread.push(format!("{what} '{text}' was left out: {reason}"));
                }
            }
        }
        Ok((scored, unread))
    }

    /// Scores what the libraries hold, all of it or what a fast estimate puts first, but not the
    /// molecules of `keys`.
    pub(super) fn search_libraries(
        &self,
        query: &Query,
        lines: &Lines,
        mut keys: HashSet<String>,
        options: &ElucidationOptions,
    ) -> Result<Gathered, ElucidationError> {
        let mut gathered = Gathered::default();
        let prescorer = Prescorer::of(lines, &self.parameters);
        let keep = self.parameters.shortlist.max(options.top);
        for (at, library) in self.libraries.iter().enumerate() {
            let among = among(library, query.formula.as_ref(), options.mass_window_da);
            gathered.considered += among.len() as u64;
            let short: Vec<u32> = if among.len() <= keep {
                among
            } else {
                let best = prescorer.shortlist(library, &among, keep, options.threads)?;
                best.into_iter().map(|(_, number)| number).collect()
            };
            for number in short {
                let Some((entry, profile)) = library.entry(number).zip(library.profile(number))
                else {
                    continue;
                };
                if !entry.inchikey.is_empty() && !keys.insert(entry.inchikey) {
                    gathered.considered -= 1;
                    continue;
                }
                let (score, parts) = self.score(&profile, lines, false);
                gathered.scored.push(ScoredCandidate {
                    score,
                    parts,
                    origin: Origin::Library(at, number),
                    source: format!("library:{}", library.name()),
                    proposed: false,
                    formula_differs: false,
                    probability: 0.0,
                    text: entry.smiles,
                });
            }
        }
        Ok(gathered)
    }

    /// The score by shifts, and its parts.
    fn score(
        &self,
        profile: &Profile,
        lines: &Lines,
        formula_differs: bool,
    ) -> (f64, BTreeMap<ScorePart, f64>) {
        let penalty = if formula_differs { self.parameters.wrong_formula } else { 0.0 };
        let parts: BTreeMap<ScorePart, f64> =
            parts(profile, lines, &self.parameters).into_iter().collect();
        (parts.values().sum::<f64>() - penalty, parts)
    }
}

fn differs(wanted: Option<&Formula>, formula: &str) -> bool {
    wanted.is_some_and(|wanted| wanted.to_string() != formula)
}

/// Library entries that the formula leaves.
fn among(library: &Library, formula: Option<&Formula>, window: Option<f64>) -> Vec<u32> {
    match (formula, window) {
        (None, _) => (0..library.len()).collect(),
        (Some(formula), None) => library.with_formula(formula),
        (Some(formula), Some(window)) => match formula.monoisotopic_mass() {
            Some(mass) => library.within_mass(mass - window, mass + window),
            None => library.with_formula(formula),
        },
    }
}
