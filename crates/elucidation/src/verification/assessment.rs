//! A structure held against the spectra beside what somebody might have made in its place.

use super::evidence::{Evidence, JudgedNuclei};
use super::feature::FEATURES;
use super::regression::Regression;
use super::stereoisomers;
use crate::alternatives::{Change, alternatives_to_compare};
use crate::error::ElucidationError;
use crate::query::Query;
use crate::ranking::Elucidator;
use crate::scoring::lines::Lines;
use larmor_chemistry::Molecule;
use larmor_nmr::structure::ProposedStructure;

/// What discrepancies say of a structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// What it was judged by.
    pub nuclei: JudgedNuclei,
    /// Probability that it is right, were it as likely as not to be one of its alternatives.
    pub probability: f64,
    /// Log-odds by its own discrepancies.
    pub own: f64,
    /// The alternative that fits best: its SMILES, what is changed, its log-odds.
    pub alternative: Option<(String, Change, f64)>,
    /// What counts most against it: names of discrepancies, their values, what they take from the
    /// log-odds; the heaviest first.
    pub against: Vec<(&'static str, f64, f64)>,
    /// Stereoisomers that the spectra do not tell from it, in words.
    pub not_told_apart: Vec<&'static str>,
}

/// Probability of a structure that has next to nothing to do with its spectra.
const OF_ANOTHER: f64 = 0.01;
/// Discrepancies that are told.
const MOST_WORDS: usize = 4;
/// What takes less than this from the log-odds is not worth a word.
const WORTH_A_WORD: f64 = 0.3;

impl Elucidator {
    /// What speaks against each of these structures; `None` of one that cannot be read, and where
    /// there is nothing to judge by.
    ///
    /// # Errors
    /// [`ElucidationError`] when the peaks cannot be judged or predictions fail.
    pub fn evidence(
        &self,
        query: &Query,
        smiles: &[&str],
    ) -> Result<Vec<Option<Evidence>>, ElucidationError> {
        self.evidence_by(query, &Lines::of(query)?, smiles)
    }

    fn evidence_by(
        &self,
        query: &Query,
        lines: &Lines,
        smiles: &[&str],
    ) -> Result<Vec<Option<Evidence>>, ElucidationError> {
        let structures: Vec<ProposedStructure> =
            smiles.iter().map(|smiles| ProposedStructure::smiles(smiles)).collect();
        let predicted = self.predictions.predict(&structures.iter().collect::<Vec<_>>())?;
        let evidence = smiles.iter().zip(predicted).map(|(smiles, predicted)| {
            let molecule = Molecule::graph_only(smiles).ok()?;
            Evidence::of(&molecule, &predicted.ok()?.profile, query, lines, &self.parameters)
        });
        Ok(evidence.collect())
    }

    /// Assesses a structure beside its alternatives; `None` where it cannot be read, there is
    /// nothing to judge by, or no weights are there for what there is.
    ///
    /// # Errors
    /// As [`Elucidator::evidence`].
    pub fn assessment(
        &self,
        query: &Query,
        smiles: &str,
    ) -> Result<Option<Assessment>, ElucidationError> {
        self.assess(query, &Lines::of(query)?, smiles)
    }

    pub(crate) fn assess(
        &self,
        query: &Query,
        lines: &Lines,
        smiles: &str,
    ) -> Result<Option<Assessment>, ElucidationError> {
        let Some(Some(own)) = self.evidence_by(query, lines, &[smiles])?.into_iter().next() else {
            return Ok(None);
        };
        let Some(weights) = self.weights.by_nuclei.get(&own.nuclei) else { return Ok(None) };
        let Ok(molecule) = Molecule::from_smiles(smiles) else { return Ok(None) };
        let alternatives = alternatives_to_compare(&molecule).unwrap_or_default();
        let written: Vec<&str> =
            alternatives.iter().map(|one| one.molecule.smiles.as_str()).collect();
        let found = self.evidence_by(query, lines, &written)?;
        let best = alternatives
            .iter()
            .zip(found)
            .filter_map(|(one, evidence)| Some((one, weights.log_odds(&evidence?))))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(one, odds)| (one.molecule.smiles.clone(), one.change, odds));
        let odds = weights.log_odds(&own);
        Ok(Some(Assessment {
            nuclei: own.nuclei,
            probability: if own.is_of_another() {
                OF_ANOTHER
            } else {
                weights.probability(odds, best.as_ref().map(|best| best.2))
            },
            own: odds,
            alternative: best,
            against: against(weights, &own),
            not_told_apart: stereoisomers::not_told_apart(&molecule, query),
        }))
    }
}

impl Assessment {
    /// How probable it is, beside what.
    pub(crate) fn in_words(&self) -> String {
        let beside = match &self.alternative {
            Some((smiles, change, odds)) if *odds > self.own => {
                format!("; {smiles} ({change}) explains the spectra better")
            }
            Some((smiles, change, _)) => format!("; next to it comes {smiles} ({change})"),
            None => String::new(),
        };
        format!(
            "probability {:.2}, were it as likely as not one change away{beside}",
            self.probability
        )
    }

    /// What counts most against it.
    pub(crate) fn against_in_words(&self) -> impl Iterator<Item = String> + '_ {
        let most = self.against.iter().take(MOST_WORDS);
        most.map(|(name, value, _)| format!("{name}: {value:.1}"))
    }
}

fn against(weights: &Regression, evidence: &Evidence) -> Vec<(&'static str, f64, f64)> {
    let mut found: Vec<(&'static str, f64, f64)> = FEATURES
        .iter()
        .enumerate()
        .map(|(at, feature)| (feature.name, evidence.values[at], -weights.weight(evidence, at)))
        .filter(|(_, _, taken)| *taken >= WORTH_A_WORD)
        .collect();
    found.sort_by(|a, b| b.2.total_cmp(&a.2));
    found
}
