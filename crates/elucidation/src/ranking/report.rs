//! What is reported of candidates, and of none.

use super::elucidator::Elucidator;
use super::options::{CandidatePool, ElucidationOptions};
use super::scored_candidate::{Origin, ScoredCandidate};
use crate::query::Query;
use crate::scoring::explanation::explain;
use crate::scoring::fit::Fit;
use crate::scoring::lines::Lines;
use larmor_nmr::elucidation::Candidate;

impl Elucidator {
    /// A candidate as results hold it, and how well it fits.
    pub(super) fn report(
        &self,
        at: usize,
        scored_candidate: &ScoredCandidate,
        lines: &Lines,
    ) -> (Candidate, Fit) {
        let mut smiles_places = None;
        let (smiles, formula, name, profile) = match &scored_candidate.origin {
            Origin::Structure(predicted, name) => {
                smiles_places.clone_from(&predicted.smiles_places);
                (
                    predicted.smiles.clone(),
                    predicted.formula.clone(),
                    name.clone(),
                    predicted.profile.clone(),
                )
            }
            Origin::Library(library, number) => {
                let library = &self.libraries[*library];
                let profile = library.profile(*number).unwrap_or_default();
                match library.entry(*number) {
                    Some(entry) => (entry.smiles, entry.formula, entry.name, profile),
                    None => (scored_candidate.text.clone(), String::new(), None, profile),
                }
            }
        };
        let (fit, assignments) = explain(&profile, lines, &self.parameters);
        let candidate = Candidate {
            rank: u32::try_from(at + 1).unwrap_or(u32::MAX),
            smiles,
            inchikey: self.key(&scored_candidate.origin),
            formula,
            smiles_places,
            name,
            source: scored_candidate.source.clone(),
            score: scored_candidate.score,
            parts: scored_candidate
                .parts
                .iter()
                .map(|(part, v)| (part.name().to_owned(), *v))
                .collect(),
            probability: scored_candidate.probability,
            judged: false,
            assignments,
        };
        (candidate, fit)
    }

    /// Says what was searched and what was given, of which nothing is left to judge; others may have
    /// been ranked.
    pub(super) fn nothing_found(
        &self,
        query: &Query,
        pool: &CandidatePool<'_>,
        options: &ElucidationOptions,
        ranked: bool,
    ) -> String {
        if ranked {
            return match pool.proposed.len() {
                1 => "the proposed structure cannot be read: nothing is judged in its place".into(),
                more => format!(
                    "none of the {more} proposed structures can be read: nothing is judged in \
                     their place"
                ),
            };
        }
        let given = match pool.proposed.len() + pool.candidates.len() {
            0 => None,
            1 => Some("the structure given cannot be read".to_owned()),
            more => Some(format!("none of the {more} structures given can be read")),
        };
        let searched = (pool.libraries && !self.libraries.is_empty()).then(|| {
            match (&query.formula, options.mass_window_da) {
                (Some(formula), Some(window)) if formula.monoisotopic_mass().is_some() => {
                    format!("no library holds a molecule within {window} Da of {formula}")
                }
                (Some(formula), _) => format!("no library holds a molecule of formula {formula}"),
                (None, _) => "the libraries hold no molecule".to_owned(),
            }
        });
        match (given, searched) {
            (None, None) => "no candidates were given".to_owned(),
            (given, searched) => given.into_iter().chain(searched).collect::<Vec<_>>().join("; "),
        }
    }
}
