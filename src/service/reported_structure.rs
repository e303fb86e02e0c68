//! The structure that a report is on: the program's, with what chemists said of it.

use larmor_chemistry::{Molecule, MoleculeError, isomorphism};
use larmor_nmr::elucidation::{Candidate, Elucidation, PeakAssignment, Verdict};
use larmor_nmr::fid::Nucleus;
use larmor_nmr::review::{Decision, ReviewedAssignment};
use larmor_report::{ForeignSignal, ReportedStructure};
use larmor_store::{NewReview, Review};

/// A signal that a review names is the nearest to its shift, no further than this: processing anew may
/// move it a little, ppm.
const CARBON_OFF: f64 = 0.1;
const PROTON_OFF: f64 = 0.02;

/// A structure to be reported.
pub(super) struct Reported {
    pub(super) structure: ReportedStructure,
    /// Signals that are none of it, as a chemist said.
    pub(super) foreign: Vec<ForeignSignal>,
}

/// The structure that a chemist confirmed, else the one that the judgement is on unless it fits badly;
/// none that a chemist rejected. The last review of a structure counts.
pub(super) fn of(
    judged: &Elucidation,
    reviews: &[Review],
) -> Result<Option<Reported>, MoleculeError> {
    let reviews: Vec<&NewReview> = reviews.iter().map(|one| &one.review).collect();
    let confirmed = reviews.iter().rev().find_map(|one| {
        let structure = one.structure.as_ref()?;
        let stands = decision(&reviews, &structure.inchikey) == Some(Decision::Confirmed);
        (one.decision == Decision::Confirmed && stands).then_some(structure)
    });
    let structure = match confirmed {
        Some(structure) => {
            let found = judged.candidates.iter().find(|one| one.inchikey == structure.inchikey);
            found.map_or_else(
                || ReportedStructure {
                    smiles: structure.smiles.clone(),
                    inchikey: structure.inchikey.clone(),
                    formula: structure.formula.clone(),
                    name: None,
                    assignments: Vec::new(),
                },
                reported,
            )
        }
        None => match judged_candidate(judged) {
            Some(candidate)
                if decision(&reviews, &candidate.inchikey) != Some(Decision::Rejected) =>
            {
                reported(candidate)
            }
            _ => return Ok(None),
        },
    };
    corrected(structure, &reviews).map(Some)
}

/// The last that was decided of a structure.
fn decision(reviews: &[&NewReview], inchikey: &str) -> Option<Decision> {
    let of_it = reviews.iter().rev().filter(|one| is_on(one, inchikey));
    of_it.map(|one| one.decision).find(|decision| *decision != Decision::Open)
}

fn is_on(review: &NewReview, inchikey: &str) -> bool {
    review.structure.as_ref().is_some_and(|structure| structure.inchikey == inchikey)
}

/// The candidate that a verdict is on, where it may be right.
fn judged_candidate(judged: &Elucidation) -> Option<&Candidate> {
    let flagged = judged.candidates.iter().find(|candidate| candidate.judged);
    // Judgements of earlier versions do not say which it is.
    let proposed = judged.candidates.iter().find(|candidate| candidate.is_proposed());
    let on = flagged.or(proposed).or(judged.candidates.first());
    match judged.verdict {
        Verdict::Consistent | Verdict::BestMatch => on,
        Verdict::Inconclusive => on.filter(|candidate| candidate.is_proposed()),
        Verdict::Inconsistent | Verdict::NoneFits => None,
    }
}

fn reported(candidate: &Candidate) -> ReportedStructure {
    ReportedStructure {
        smiles: candidate.smiles.clone(),
        inchikey: candidate.inchikey.clone(),
        formula: candidate.formula.clone(),
        name: candidate.name.clone(),
        assignments: candidate.assignments_by_smiles(),
    }
}

/// With what the last review that assigns anything says: a signal that it names belongs to the atoms
/// that it names, and to those that symmetry makes equal, and to no others.
fn corrected(
    mut structure: ReportedStructure,
    reviews: &[&NewReview],
) -> Result<Reported, MoleculeError> {
    let of_it = |one: &&&NewReview| is_on(one, &structure.inchikey) && !one.assignments.is_empty();
    let mut foreign = Vec::new();
    let Some(review) = reviews.iter().rev().find(of_it) else {
        return Ok(Reported { structure, foreign });
    };
    let molecule = Molecule::graph_only(&structure.smiles)?;
    let written = review.structure.as_ref().map_or("", |one| one.smiles.as_str());
    let places = if written == structure.smiles {
        Places::same(&molecule)
    } else {
        Places::between(&Molecule::graph_only(written)?, &molecule)
    };
    for said in &review.assignments {
        let ppm = nearest(&structure.assignments, said).unwrap_or(said.ppm);
        let is_signal =
            |one: &PeakAssignment| one.nucleus == said.nucleus && (one.ppm - ppm).abs() < 1e-6;
        let Some(atom) = said.atom else {
            structure.assignments.retain(|one| !is_signal(one));
            foreign.push(ForeignSignal { nucleus: said.nucleus.clone(), ppm });
            continue;
        };
        let equal = places.equal(&molecule, atom);
        // An atom keeps its other signals, such as the second of a CH2, where the review names both.
        let is_named = |one: &PeakAssignment| {
            one.nucleus == said.nucleus
                && equal.contains(&one.atom)
                && !review.assignments.iter().any(|other| is_near(other, one))
        };
        let expected = structure
            .assignments
            .iter()
            .find(|one| one.nucleus == said.nucleus && equal.contains(&one.atom));
        let predicted_ppm = expected.map_or(ppm, |one| one.predicted_ppm);
        structure.assignments.retain(|one| !is_signal(one) && !is_named(one));
        structure.assignments.extend(equal.iter().map(|&atom| PeakAssignment {
            atom,
            nucleus: said.nucleus.clone(),
            ppm,
            predicted_ppm,
            probability: 1.0,
        }));
    }
    Ok(Reported { structure, foreign })
}

fn is_near(said: &ReviewedAssignment, one: &PeakAssignment) -> bool {
    let off = if said.nucleus == Nucleus::Proton { PROTON_OFF } else { CARBON_OFF };
    said.nucleus == one.nucleus && (said.ppm - one.ppm).abs() <= off
}

/// Shift of the assigned signal that a review means.
fn nearest(assignments: &[PeakAssignment], said: &ReviewedAssignment) -> Option<f64> {
    let near = assignments.iter().filter(|one| is_near(said, one)).map(|one| one.ppm);
    near.min_by(|a, b| (a - said.ppm).abs().total_cmp(&(b - said.ppm).abs()))
}

/// Which atom of a review's SMILES is which of the reported one.
struct Places(Vec<(u32, u32)>);

impl Places {
    /// Of one SMILES.
    fn same(molecule: &Molecule) -> Self {
        Self(molecule.source.iter().map(|&atom| (atom, atom)).collect())
    }

    /// Empty where they are different molecules.
    fn between(review: &Molecule, reported: &Molecule) -> Self {
        let pairs = isomorphism(review, reported).unwrap_or_default();
        let pairs = pairs.into_iter().zip(&review.source);
        Self(pairs.map(|(place, &atom)| (atom, reported.source[place])).collect())
    }

    /// The reported atoms that are equal by symmetry to an atom of the review.
    fn equal(&self, reported: &Molecule, atom: u32) -> Vec<u32> {
        let place = self.0.iter().find(|(of_review, _)| *of_review == atom);
        let class = place.and_then(|(_, place)| {
            let found = reported.source.iter().position(|source| source == place)?;
            reported.symmetry.get(found)
        });
        let atoms = reported.source.iter().zip(&reported.symmetry);
        atoms.filter(|(_, other)| Some(*other) == class).map(|(source, _)| *source).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::Utc;
    use uuid::Uuid;

    use super::*;
    use larmor_store::ReviewedStructure;

    fn given(atom: u32, ppm: f64) -> PeakAssignment {
        let nucleus = Nucleus::Proton;
        PeakAssignment { atom, nucleus, ppm, predicted_ppm: ppm, probability: 0.9 }
    }

    /// 4-Bromotoluene, its two doublets given to the wrong pairs.
    fn judged() -> Elucidation {
        let smiles = "Cc1ccc(Br)cc1";
        let atoms = [(0, 2.3), (2, 7.4), (7, 7.4), (3, 7.05), (6, 7.05)];
        let candidate = Candidate {
            rank: 1,
            smiles: smiles.to_owned(),
            inchikey: Molecule::from_smiles(smiles).unwrap().inchikey,
            formula: "C7H7Br".to_owned(),
            smiles_places: None,
            name: None,
            source: Candidate::PROPOSED.to_owned(),
            judged: true,
            score: 0.0,
            parts: std::collections::BTreeMap::new(),
            probability: 0.9,
            assignments: atoms.map(|(atom, ppm)| given(atom, ppm)).to_vec(),
        };
        Elucidation {
            candidates: vec![candidate],
            considered: 1,
            none_of_these: None,
            verdict: Verdict::Consistent,
            verdict_probability: None,
            reasons: Vec::new(),
            components: Vec::new(),
            unexplained: Vec::new(),
        }
    }

    fn review(smiles: &str, decision: Decision, said: &[(Option<u32>, f64)]) -> Review {
        let molecule = Molecule::from_smiles(smiles).unwrap();
        let assignments = said.iter().map(|&(atom, ppm)| ReviewedAssignment {
            nucleus: Nucleus::Proton,
            atom,
            ppm,
        });
        Review {
            id: Uuid::now_v7(),
            sample: Uuid::now_v7(),
            review: NewReview {
                elucidation: Uuid::now_v7(),
                reviewed_by: "Rossi".to_owned(),
                decision,
                structure: Some(ReviewedStructure {
                    smiles: smiles.to_owned(),
                    inchikey: molecule.inchikey,
                    formula: molecule.formula.to_string(),
                }),
                note: String::new(),
                assignments: assignments.collect(),
            },
            created_at: Utc::now(),
        }
    }

    fn atoms_at(found: &Reported, ppm: f64) -> Vec<u32> {
        let at = found.structure.assignments.iter().filter(|one| (one.ppm - ppm).abs() < 1e-9);
        let mut atoms: Vec<u32> = at.map(|one| one.atom).collect();
        atoms.sort_unstable();
        atoms
    }

    #[test]
    fn a_correction_is_of_all_equal_atoms_however_the_structure_was_written() {
        // The other way round: atom 3 of this SMILES is beside the bromine, and the signal has moved.
        let swapped = [(Some(2), 7.0505), (Some(3), 7.3995)];
        let reviews =
            [review("Brc1ccc(C)cc1", Decision::Confirmed, &[(Some(3), 7.0505), (Some(2), 7.3995)])];
        let found = of(&judged(), &reviews).unwrap().unwrap();
        assert_eq!((atoms_at(&found, 7.4), atoms_at(&found, 7.05)), (vec![3, 6], vec![2, 7]));
        let reviews = [review("Cc1ccc(Br)cc1", Decision::Open, &swapped)];
        let found = of(&judged(), &reviews).unwrap().unwrap();
        assert_eq!((atoms_at(&found, 7.4), atoms_at(&found, 7.05)), (vec![3, 6], vec![2, 7]));
        assert_eq!(atoms_at(&found, 2.3), [0]);
    }

    #[test]
    fn a_signal_that_is_no_atoms_is_foreign() {
        let reviews = [review("Cc1ccc(Br)cc1", Decision::Open, &[(None, 2.31)])];
        let found = of(&judged(), &reviews).unwrap().unwrap();
        assert!(atoms_at(&found, 2.3).is_empty() && found.structure.assignments.len() == 4);
        assert_eq!(found.foreign, [ForeignSignal { nucleus: Nucleus::Proton, ppm: 2.3 }]);
    }

    #[test]
    fn the_last_decision_on_a_structure_counts() {
        let confirmed = review("CCO", Decision::Confirmed, &[]);
        let rejected = review("OCC", Decision::Rejected, &[]);
        let judged = judged();
        let smiles =
            |reviews: &[Review]| of(&judged, reviews).unwrap().map(|found| found.structure.smiles);
        assert_eq!(smiles(&[]).as_deref(), Some("Cc1ccc(Br)cc1"));
        assert_eq!(smiles(std::slice::from_ref(&confirmed)).as_deref(), Some("CCO"));
        let both = [confirmed, rejected];
        assert_eq!(smiles(&both).as_deref(), Some("Cc1ccc(Br)cc1"));
        assert_eq!(smiles(&[review("Cc1ccc(Br)cc1", Decision::Rejected, &[])]), None);
    }

    #[test]
    fn what_does_not_fit_is_not_reported() {
        let mut judged = judged();
        for (verdict, is_reported) in [
            (Verdict::Inconclusive, true),
            (Verdict::Inconsistent, false),
            (Verdict::NoneFits, false),
        ] {
            judged.verdict = verdict;
            assert_eq!(of(&judged, &[]).unwrap().is_some(), is_reported, "{verdict}");
        }
        judged.verdict = Verdict::Inconclusive;
        judged.candidates[0].source = "library:known".to_owned();
        assert!(of(&judged, &[]).unwrap().is_none());
    }
}
