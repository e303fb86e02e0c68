//! From scored candidates to a ranking, a verdict and its reasons.

use std::collections::HashSet;

use super::elucidator::Elucidator;
use super::networks::COMPARED;
use super::options::{CandidatePool, ElucidationOptions};
use super::scored_candidate::{
    Gathered, Origin, ScoredCandidate, share_probability, sort_by_score,
};
use super::second_opinion;
use crate::error::ElucidationError;
use crate::query::Query;
use crate::ranking::verdict::{self, Standing};
use crate::score_part::ScorePart;
use crate::scoring::lines::Lines;
use crate::verification::{Assessment, Observed, Other, Others};
use larmor_nmr::elucidation::{Elucidation, PeakAssignment, Verdict};
use larmor_nmr::fid::Nucleus;

/// Probability of "none of these" from which it is reported.
const WORTH_REPORTING: f64 = 0.1;
/// Candidates that are tried as a second compound in the tube.
const MOST_BESIDE: usize = 300;
/// Of a candidate less probable than this no assignment is shown.
const WORTH_ASSIGNING: f64 = 0.01;

/// Whom a verdict is on, by places among the candidates.
struct Judged {
    place: usize,
    /// Of a mixture the other compound.
    second: Option<usize>,
}

impl Elucidator {
    /// Ranks, explains and reports.
    pub(crate) fn rank_and_report(
        &self,
        query: &Query,
        pool: &CandidatePool<'_>,
        lines: &Lines,
        gathered: Gathered,
        options: &ElucidationOptions,
    ) -> Result<Elucidation, ElucidationError> {
        let Gathered { mut scored, considered, unread } = gathered;
        sort_by_score(&mut scored);
        // Keys are costly: further down they are found only where networks compare, too.
        let compared = if self.comparers.is_empty() { 0 } else { COMPARED };
        let observed = Observed::of(query)?;
        let mut dropped = self.drop_repeated(&mut scored, options.top.max(compared));
        if self.weigh_discrepancies(&observed, &mut scored) {
            sort_by_score(&mut scored);
        }
        if self.weigh_whole_spectra(query, &mut scored)? {
            sort_by_score(&mut scored);
        }
        let none = self.parameters.none_score(lines.carbon.len(), lines.proton.len());
        dropped += self.drop_repeated(&mut scored, options.top);
        // Before two that explain the spectra only together come first: the best leads here.
        let share = share_probability(&mut scored, none, self.parameters.temperature);
        let (judged, assessment) = self.judge(&observed, pool, &mut scored)?;
        let mixture = judged.as_ref().is_some_and(|judged| judged.second.is_some());
        let target = judged.as_ref().map(|judged| judged.place);
        let first = assessment.as_ref().filter(|_| target == Some(0)).map(|first| first.own);
        let none = self.none_of_these(&observed, &mut scored, share, first);
        let reported = |at: usize, candidate: &ScoredCandidate| {
            at < options.top || candidate.proposed || target == Some(at)
        };
        self.ask_networks(query, &mut scored, &reported)?;
        let mut candidates = Vec::new();
        let mut decisive = None;
        for (at, scored_candidate) in scored.iter().enumerate() {
            if !reported(at, scored_candidate) {
                continue;
            }
            // The judged one has the lines that are left for it.
            let own = assessment.as_ref().filter(|_| target == Some(at));
            let lines = own.map_or(lines, |assessment| &assessment.left.lines);
            let (mut candidate, fit) = self.report(at, scored_candidate, lines);
            if let Some(own) = own.filter(|own| !own.proton_assignments.is_empty()) {
                candidate.assignments.retain(|pair| pair.nucleus != Nucleus::Proton);
                let places = candidate.smiles_places.as_deref();
                candidate.assignments.extend(as_given(&own.proton_assignments, places));
            }
            let believed = own.map_or(0.0, |assessment| assessment.probability);
            if candidate.probability.max(believed) < WORTH_ASSIGNING {
                candidate.assignments.clear();
            }
            if target == Some(at) {
                candidate.judged = true;
                let standing = self.standing(&scored, at, none);
                decisive = Some((fit, Standing { beside: mixture, ..standing }));
            }
            candidates.push(candidate);
        }
        let (verdict, mut reasons) = match decisive {
            Some((fit, standing)) => verdict::decide(&fit, assessment.as_ref(), standing),
            None => {
                let nothing = self.nothing_found(query, pool, options, !scored.is_empty());
                (Verdict::Inconclusive, vec![nothing])
            }
        };
        // Of one alone the verdict's probability tells it.
        let told = mixture || verdict == Verdict::NoneFits || scored.len() < 2;
        if none >= WORTH_REPORTING && !told {
            reasons.push(format!("probability {none:.2} that it is none of the candidates"));
        }
        let opinion = target.and_then(|at| scored[at].parts.get(&ScorePart::SpecMol));
        reasons.extend(opinion.and_then(|&odds| second_opinion::disagreement(verdict, odds)));
        reasons.extend(unread);
        let considered = considered - dropped;
        let verdict_probability = assessment.as_ref().map(|assessment| assessment.probability);
        let (components, unexplained) =
            assessment.map_or_else(Default::default, |found| (found.components, found.unexplained));
        Ok(Elucidation {
            candidates,
            considered,
            none_of_these: Some(none),
            verdict,
            verdict_probability,
            reasons,
            components,
            unexplained,
        })
    }

    /// Whom the verdict is on, and what is said of it. Two that explain the spectra only together
    /// come before all others.
    fn judge(
        &self,
        observed: &Observed,
        pool: &CandidatePool<'_>,
        scored: &mut [ScoredCandidate],
    ) -> Result<(Option<Judged>, Option<Assessment>), ElucidationError> {
        let Some(judged) = self.judged(observed, pool, scored) else { return Ok((None, None)) };
        let assessment = self.assess_among(observed, scored, &judged)?;
        let Some(second) = judged.second else { return Ok((Some(judged), assessment)) };
        let name = self.other(&scored[second]).smiles;
        let of_both = |found: &Assessment| found.components.iter().any(|one| one.name == name);
        if assessment.as_ref().is_some_and(of_both) {
            let before = |place: usize| place + usize::from(place < judged.place);
            scored[..=judged.place].rotate_right(1);
            scored[1..=before(second)].rotate_right(1);
            return Ok((Some(Judged { place: 0, second: Some(1) }), assessment));
        }
        let first = Judged { place: 0, second: None };
        let assessment = self.assess_among(observed, scored, &first)?;
        Ok((Some(first), assessment))
    }

    /// Whom the verdict is on: the first of the proposed structures, also when none of them can be
    /// read; of a search the first candidate, or the first of two that explain the spectra only
    /// together.
    fn judged(
        &self,
        observed: &Observed,
        pool: &CandidatePool<'_>,
        scored: &[ScoredCandidate],
    ) -> Option<Judged> {
        if !pool.proposed.is_empty() {
            let place = scored.iter().position(|candidate| candidate.proposed);
            return place.map(|place| Judged { place, second: None });
        }
        if scored.is_empty() {
            return None;
        }
        let first: Vec<Other> =
            scored.iter().take(MOST_BESIDE).map(|candidate| self.other(candidate)).collect();
        let pair = self.pair_of(observed, &first);
        let (place, second) = pair.map_or((0, None), |(place, second)| (place, Some(second)));
        Some(Judged { place, second })
    }

    /// Assesses one candidate; the others may be in the tube, too.
    fn assess_among(
        &self,
        observed: &Observed,
        scored: &[ScoredCandidate],
        judged: &Judged,
    ) -> Result<Option<Assessment>, ElucidationError> {
        let others = || {
            let others = scored.iter().enumerate().take(MOST_BESIDE);
            let others = others.filter(|(other, _)| match judged.second {
                Some(second) => *other == second,
                None => *other != judged.place,
            });
            others.map(|(_, other)| self.other(other)).collect()
        };
        let others = Others { list: &others, first: judged.second.is_some() };
        self.assess(observed, &self.other(&scored[judged.place]).smiles, &others)
    }

    /// A candidate as a compound that may be in the tube.
    pub(super) fn other(&self, candidate: &ScoredCandidate) -> Other {
        match &candidate.origin {
            Origin::Structure(predicted, _) => {
                Other { smiles: predicted.smiles.clone(), profile: predicted.profile.clone() }
            }
            Origin::Library(library, number) => Other {
                smiles: candidate.text.clone(),
                profile: self.libraries[*library].profile(*number).unwrap_or_default(),
            },
        }
    }

    /// Drops candidates that are the same compound written differently: they score alike, so
    /// they lie side by side. Returns how many went.
    fn drop_repeated(&self, scored: &mut Vec<ScoredCandidate>, top: usize) -> u64 {
        let before = scored.len();
        let mut keys = HashSet::new();
        let mut at = 0;
        while at < scored.len().min(top) {
            let key = self.key(&scored[at].origin);
            if key.is_empty() || keys.insert(key) {
                at += 1;
            } else {
                scored.remove(at);
            }
        }
        (before - scored.len()) as u64
    }

    pub(crate) fn key(&self, origin: &Origin) -> String {
        match origin {
            Origin::Structure(predicted, _) => predicted.inchikey().to_owned(),
            Origin::Library(library, number) => {
                self.libraries[*library].entry(*number).map(|e| e.inchikey).unwrap_or_default()
            }
        }
    }
}

/// Assignments that count the atoms of the SMILES, counting those of the structure as it was given:
/// `places` has the place in the SMILES of each atom of a mol block.
fn as_given(pairs: &[PeakAssignment], places: Option<&[Option<u32>]>) -> Vec<PeakAssignment> {
    let Some(places) = places else { return pairs.to_vec() };
    let given = pairs.iter().filter_map(|pair| {
        let atom = places.iter().position(|place| *place == Some(pair.atom))?;
        Some(PeakAssignment { atom: u32::try_from(atom).ok()?, ..pair.clone() })
    });
    given.collect()
}
