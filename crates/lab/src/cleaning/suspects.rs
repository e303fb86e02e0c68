//! Which assignments of a record are wrong: atoms whose shifts belong to one another, and shifts that
//! belong to none.

use larmor_elucidation::one_to_one;

/// What an expert expects of an atom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Expected {
    pub(super) ppm: f64,
    /// Scale of the distribution around it, ppm.
    pub(super) scale: f64,
}

/// An assigned shift and what the experts expect of its atom; every expert may be silent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Assigned {
    pub(super) ppm: f64,
    pub(super) hydrogens: u8,
    pub(super) experts: Vec<Option<Expected>>,
}

/// What is wrong with an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suspicion {
    /// Its shift belongs to another atom of the same kind, and that one's to it, or around a circle.
    Exchanged,
    /// No atom of the molecule is expected there.
    Foreign,
}

/// A deviation counts for no more than so many scales.
const MOST: f64 = 8.0;
/// Shifts nearer to one another than this may be exchanged without harm, ppm.
const NEAR_PPM: f64 = 1.0;
/// By so many scales together a circle must become better, and for each expert by itself.
const GAIN: f64 = 6.0;
const GAIN_OF_EACH: f64 = 2.0;
/// A shift is foreign beyond so many scales and so many ppm for every expert.
const FOREIGN: f64 = 6.0;
const FOREIGN_PPM: f64 = 8.0;
/// So many experts must speak.
const EXPERTS: usize = 2;

/// What is wrong with each assignment of a record, if anything.
pub(super) fn suspects(assigned: &[Assigned]) -> Vec<Option<Suspicion>> {
    let mut found = vec![None; assigned.len()];
    for hydrogens in 0..=3 {
        let kind: Vec<usize> = (0..assigned.len())
            .filter(|&i| assigned[i].hydrogens.min(3) == hydrogens && spoken(&assigned[i]))
            .collect();
        for circle in circles(assigned, &kind) {
            for i in circle {
                found[i] = Some(Suspicion::Exchanged);
            }
        }
    }
    for (one, suspicion) in assigned.iter().zip(&mut found) {
        let foreign = |expected: &Expected| {
            let off = (one.ppm - expected.ppm).abs();
            off > FOREIGN_PPM && off / expected.scale > FOREIGN
        };
        if suspicion.is_none() && spoken(one) && one.experts.iter().flatten().all(foreign) {
            *suspicion = Some(Suspicion::Foreign);
        }
    }
    found
}

fn spoken(one: &Assigned) -> bool {
    one.experts.iter().flatten().count() >= EXPERTS
}

/// How far a shift is from what one expert, or all together, expect of an atom, in scales.
fn strain(of: &Assigned, ppm: f64, expert: Option<usize>) -> f64 {
    let asked = of.experts.iter().enumerate().filter(|(i, _)| expert.is_none_or(|e| e == *i));
    let strains: Vec<f64> = asked
        .filter_map(|(_, expected)| *expected)
        .map(|expected| ((ppm - expected.ppm).abs() / expected.scale).min(MOST))
        .collect();
    #[allow(clippy::cast_precision_loss)]
    let mean = strains.iter().sum::<f64>() / strains.len().max(1) as f64;
    mean
}

/// Circles of atoms that would all be better off with the shift of the next.
fn circles(assigned: &[Assigned], kind: &[usize]) -> Vec<Vec<usize>> {
    let size = kind.len();
    if size < 2 {
        return Vec::new();
    }
    let score: Vec<f64> = kind
        .iter()
        .flat_map(|&atom| kind.iter().map(move |&peak| (atom, peak)))
        .map(|(atom, peak)| -strain(&assigned[atom], assigned[peak].ppm, None))
        .collect();
    let chosen = one_to_one(&score, size);
    let experts = assigned.iter().map(|one| one.experts.len()).max().unwrap_or(0);
    let (mut seen, mut found) = (vec![false; size], Vec::new());
    for start in 0..size {
        let mut circle = Vec::new();
        let mut at = start;
        while !std::mem::replace(&mut seen[at], true) {
            circle.push((kind[at], kind[chosen[at]]));
            at = chosen[at];
        }
        let gain = |expert: Option<usize>| -> f64 {
            let better = |&(atom, peak): &(usize, usize)| {
                let (own, other) = (assigned[atom].ppm, assigned[peak].ppm);
                strain(&assigned[atom], own, expert) - strain(&assigned[atom], other, expert)
            };
            circle.iter().map(better).sum()
        };
        let far = circle
            .iter()
            .any(|&(atom, peak)| (assigned[atom].ppm - assigned[peak].ppm).abs() > NEAR_PPM);
        let agreed = (0..experts).all(|expert| gain(Some(expert)) >= GAIN_OF_EACH);
        if circle.len() > 1 && far && gain(None) >= GAIN && agreed {
            found.push(circle.into_iter().map(|(atom, _)| atom).collect());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assigned(ppm: f64, hydrogens: u8, expected: [f64; 2]) -> Assigned {
        let experts = expected.map(|ppm| Some(Expected { ppm, scale: 1.0 })).into();
        Assigned { ppm, hydrogens, experts }
    }

    #[test]
    fn two_methylenes_whose_shifts_are_exchanged_are_found_and_the_others_left() {
        let record = [
            assigned(22.0, 2, [31.5, 31.9]),
            assigned(31.7, 2, [22.3, 21.8]),
            assigned(14.1, 3, [14.0, 14.2]),
            assigned(29.0, 2, [29.4, 28.9]),
        ];
        let found = suspects(&record);
        let exchanged = Some(Suspicion::Exchanged);
        assert_eq!(found, [exchanged, exchanged, None, None]);
    }

    #[test]
    fn one_expert_alone_proves_nothing() {
        let mut record = [assigned(22.0, 2, [31.5, 22.1]), assigned(31.7, 2, [22.3, 31.5])];
        assert_eq!(suspects(&record), [None, None], "the other one disagrees");
        record[0].experts[1] = None;
        record[1].experts[1] = None;
        assert_eq!(suspects(&record), [None, None], "the other one is silent");
    }

    #[test]
    fn kinds_of_carbon_are_not_exchanged_and_a_shift_of_nothing_is_foreign() {
        let record = [assigned(22.0, 2, [60.0, 61.0]), assigned(60.4, 1, [22.0, 23.0])];
        assert_eq!(suspects(&record), [Some(Suspicion::Foreign); 2]);
        let fine = [assigned(22.0, 2, [27.0, 26.0]), assigned(60.4, 1, [58.0, 66.0])];
        assert_eq!(suspects(&fine), [None, None]);
    }
}
