//! A structure held against the spectra beside what somebody might have made in its place.

use super::contents::Contents;
use super::discrepancy;
use super::elements;
use super::evidence::{Evidence, JudgedNuclei};
use super::examination::Examination;
use super::observed::Observed;
use super::proton_assignment;
use super::second::{self, Other, Others};
use super::stereoisomers;
use crate::alternatives::{Change, alternatives_to_compare};
use crate::error::ElucidationError;
use crate::query::Query;
use crate::ranking::Elucidator;
use larmor_chemistry::Molecule;
use larmor_nmr::elucidation::{Component, PeakAssignment, UnexplainedSignal};
use larmor_nmr::structure::ProposedStructure;

/// What discrepancies say of a structure.
#[derive(Debug, Clone)]
pub(crate) struct Assessment {
    /// What it was judged by.
    pub nuclei: JudgedNuclei,
    /// Probability that it is right, were it as likely as not to be one of its alternatives.
    pub probability: f64,
    /// Log-odds by its own discrepancies.
    pub own: f64,
    /// The alternative that fits best: its SMILES, what is changed, its log-odds.
    pub alternative: Option<(String, Change, f64)>,
    /// What speaks against it, in words, the heaviest first.
    pub against: Vec<String>,
    /// Stereoisomers that the spectra do not tell from it, in words.
    pub not_told_apart: Vec<&'static str>,
    /// It holds an element that the network hardly knows.
    pub unknown_element: bool,
    /// What is in the tube, where that is more than the structure.
    pub components: Vec<Component>,
    /// What none of them explains.
    pub unexplained: Vec<UnexplainedSignal>,
    /// Which 1H signal is whose; none where hydrogens were not brought under signals.
    pub proton_assignments: Vec<PeakAssignment>,
    /// What is left for the structure, all else taken out.
    pub left: Observed,
}

/// Probability of a structure that has next to nothing to do with its spectra.
const OF_ANOTHER: f64 = 0.01;

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
        let found = self.examine(&[&Observed::of(query)?], smiles)?;
        let only = |mut held: Vec<Option<Examination>>| held.pop().flatten().map(|e| e.evidence);
        Ok(found.into_iter().map(only).collect())
    }

    /// Each structure held against each of several readings of the same spectra.
    fn examine(
        &self,
        observed: &[&Observed],
        smiles: &[&str],
    ) -> Result<Vec<Vec<Option<Examination>>>, ElucidationError> {
        let structures: Vec<ProposedStructure> =
            smiles.iter().map(|smiles| ProposedStructure::smiles(smiles)).collect();
        let predicted = self.predictions.predict(&structures.iter().collect::<Vec<_>>())?;
        let examinations = smiles.iter().zip(predicted).map(|(smiles, predicted)| {
            let Some((molecule, predicted)) = self.molecules.graph_only(smiles).zip(predicted.ok())
            else {
                return vec![None; observed.len()];
            };
            let hold = |one: &&Observed| {
                Examination::of(&molecule, &predicted.profile, one, &self.parameters)
            };
            observed.iter().map(hold).collect()
        });
        Ok(examinations.collect())
    }

    fn odds(&self, examination: &Examination) -> Option<f64> {
        let evidence = &examination.evidence;
        Some(self.weights.by_nuclei.get(&evidence.nuclei)?.log_odds(evidence))
    }

    /// Assesses a structure beside its alternatives, and beside others that may be in the tube, too;
    /// `None` where it cannot be read, there is nothing to judge by, or no weights are there for
    /// what there is.
    pub(crate) fn assess(
        &self,
        observed: &Observed,
        smiles: &str,
        others: &Others<'_>,
    ) -> Result<Option<Assessment>, ElucidationError> {
        let Ok(molecule) = Molecule::from_smiles(smiles) else { return Ok(None) };
        let structure = ProposedStructure::smiles(smiles);
        let Some(Ok(predicted)) = self.predictions.predict(&[&structure])?.pop() else {
            return Ok(None);
        };
        let judge = |observed: &Observed| {
            let found = Examination::of(&molecule, &predicted.profile, observed, &self.parameters)?;
            let odds = self.odds(&found)?;
            Some((found, odds))
        };
        let Some((examination, odds)) = judge(observed) else { return Ok(None) };
        let observed = observed.clone();
        let whole =
            Contents { observed, examination, odds, cost: 0.0, surplus: 0.0, found: Vec::new() };
        let with_second = |contents: &Contents| {
            let held = (&contents.examination, &contents.observed);
            let second = second::find(held, &others.list, &self.molecules)?;
            let next = contents.without(second, judge)?;
            (next.net_odds() > contents.net_odds()).then_some(next)
        };
        // Impurities are likelier than compounds, but for one that is known to explain the rest.
        let contents = if others.first {
            with_second(&whole).unwrap_or_else(|| whole.clone()).without_impurities(judge)
        } else {
            let clean = whole.clone().without_impurities(judge);
            with_second(&clean).map_or(clean, |next| next.without_impurities(judge))
        };
        let best = self.best_alternative(&molecule, &whole, &contents)?;
        let Contents { examination, .. } = &contents;
        let Some(weights) = self.weights.by_nuclei.get(&examination.evidence.nuclei) else {
            return Ok(None);
        };
        let own = contents.net_odds();
        let probability = if examination.evidence.is_of_another() {
            OF_ANOTHER
        } else {
            weights.probability(own, best.as_ref().map(|best| best.2))
        };
        Ok(Some(Assessment {
            nuclei: examination.evidence.nuclei,
            probability,
            own,
            alternative: best,
            against: discrepancy::in_words(examination, weights),
            not_told_apart: stereoisomers::not_told_apart(&molecule, &whole.observed.query),
            unknown_element: elements::has_unknown(&molecule.graph),
            components: contents.components(smiles),
            unexplained: contents.unexplained(),
            proton_assignments: examination.proton.as_ref().map_or_else(Vec::new, |fit| {
                proton_assignment::assignments(fit, &contents.observed.query)
            }),
            left: contents.observed,
        }))
    }

    /// Two of the candidates that explain the spectra only together, by their places, the one that
    /// leaves less first.
    pub(crate) fn pair_of(
        &self,
        observed: &Observed,
        candidates: &[Other],
    ) -> Option<(usize, usize)> {
        let hold = |other: &Other| self.hold(other, observed);
        let fits = |first: &Examination| self.odds(first).is_some_and(|odds| odds >= FITS_ALONE);
        second::pair(observed, candidates, &self.molecules, hold, fits)
    }

    /// Log-odds of a candidate by its own discrepancies, and what it was judged by; `None` where
    /// there is nothing to judge by.
    pub(crate) fn odds_of(
        &self,
        candidate: &Other,
        observed: &Observed,
    ) -> Option<(JudgedNuclei, f64)> {
        let examination = self.hold(candidate, observed)?;
        Some((examination.evidence.nuclei, self.odds(&examination)?))
    }

    fn hold(&self, candidate: &Other, observed: &Observed) -> Option<Examination> {
        let molecule = self.molecules.graph_only(&candidate.smiles)?;
        Examination::of(&molecule, &candidate.profile, observed, &self.parameters)
    }

    /// The alternative that explains the spectra best, whole or without what was taken out.
    fn best_alternative(
        &self,
        molecule: &Molecule,
        whole: &Contents,
        left: &Contents,
    ) -> Result<Option<(String, Change, f64)>, ElucidationError> {
        let alternatives = alternatives_to_compare(molecule).unwrap_or_default();
        let written: Vec<&str> =
            alternatives.iter().map(|one| one.molecule.smiles.as_str()).collect();
        let mut readings = vec![&whole.observed];
        if !left.found.is_empty() {
            readings.push(&left.observed);
        }
        let found = self.examine(&readings, &written)?;
        let likeliest = |held: Vec<Option<Examination>>| {
            let costs = [0.0, left.cost + left.surplus];
            let odds = held.into_iter().zip(costs);
            let odds = odds.filter_map(|(held, cost)| Some(self.odds(&held?)? - cost));
            odds.reduce(f64::max)
        };
        let odds = alternatives.into_iter().zip(found.into_iter().map(likeliest));
        let odds = odds.filter_map(|(one, odds)| Some((one.molecule.smiles, one.change, odds?)));
        Ok(odds.max_by(|a, b| a.2.total_cmp(&b.2)))
    }
}

/// Log-odds from which on a candidate needs no other beside it.
const FITS_ALONE: f64 = 1.0;
/// Components that are named in words.
const MOST_NAMED: usize = 5;
const LEAST_NAMED_PERCENT: f64 = 0.5;

impl Assessment {
    /// What is in the tube beside it.
    pub fn contents_in_words(&self) -> Option<String> {
        let own = self.components.iter().find(|one| one.judged)?;
        let share = |one: &Component| match (one.mol_percent, one.mol_percent_error) {
            (Some(percent), Some(error)) => {
                format!("{percent:.1} ± {:.1} mol-%", error.max(0.1))
            }
            _ => "share not known".to_owned(),
        };
        // Traces and wet solvent are no news.
        let is_told = |one: &&Component| {
            let seen = match one.mol_percent {
                Some(percent) => percent >= LEAST_NAMED_PERCENT,
                None => one.name.as_str() != "water",
            };
            seen && !one.judged
        };
        let others: Vec<String> = self
            .components
            .iter()
            .filter(is_told)
            .take(MOST_NAMED)
            .map(|one| format!("{} ({})", one.name, share(one)))
            .collect();
        if others.is_empty() {
            return None;
        }
        Some(format!("in the tube: the structure ({}), with {}", share(own), others.join(", ")))
    }

    /// How probable it is, beside what.
    pub fn in_words(&self) -> String {
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
}
