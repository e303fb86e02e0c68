//! Labels: atoms that share a shift because they are equivalent.

use larmor_chemistry::Molecule;
use larmor_nmr::elucidation::PeakAssignment;
use larmor_nmr::fid::Nucleus;

/// What interchanging two doubtful labels may cost in fit, ppm: about twice the usual error of a
/// predicted shift.
const CARBON_COST: f64 = 3.0;
const PROTON_COST: f64 = 0.3;
/// Shifts that are printed alike are one, ppm.
const SAME: f64 = 5e-5;
/// How far a signal may lie from the shift given to its atoms, ppm: that may have been read off
/// another spectrum of the sample.
const CARBON_OFF: f64 = 0.1;
const PROTON_OFF: f64 = 0.02;

/// Atoms with a common shift.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Label {
    /// Unique whatever the case of letters: nucleus and first atom, with a letter behind where the
    /// hydrogens on it have several shifts.
    pub name: String,
    pub nucleus: Nucleus,
    pub ppm: f64,
    pub predicted_ppm: f64,
    /// That the shift is these atoms', 0 to 1.
    pub probability: f64,
    /// Counted from 1, ascending; of 1H those that carry the hydrogens.
    pub atoms: Vec<u32>,
    /// Class of equivalent atoms.
    class: u32,
}

impl Label {
    /// Its line of the assignment.
    pub fn line(&self) -> String {
        let hydrogen = if self.nucleus == Nucleus::Proton { "H" } else { "" };
        let atoms: Vec<String> =
            self.atoms.iter().map(|atom| format!("{hydrogen}{atom}")).collect();
        format!("{}, {:.4}, {}", self.name, self.ppm, atoms.join(", "))
    }

    /// Which of these signals shows it: the nearest of those that lie near or whose region holds its
    /// shift.
    pub fn signal(&self, signals: impl Iterator<Item = Place>) -> Option<usize> {
        let off = if self.nucleus == Nucleus::Carbon { CARBON_OFF } else { PROTON_OFF };
        let far = |place: Place| (place.ppm - self.ppm).abs();
        let is_near =
            |place: Place| far(place) <= off || (place.from_ppm..=place.to_ppm).contains(&self.ppm);
        let near = signals.enumerate().filter(|&(_, place)| is_near(place));
        near.min_by(|a, b| far(a.1).total_cmp(&far(b.1))).map(|(number, _)| number)
    }
}

/// Where a signal lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub ppm: f64,
    pub from_ppm: f64,
    pub to_ppm: f64,
}

/// The labels of an assignment by atom, carbon before its hydrogens. What is given to an atom that
/// the molecule does not have, or that cannot show it, is left out.
pub(crate) fn labels(molecule: &Molecule, assignments: &[PeakAssignment]) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for given in assignments.iter().filter(|given| given.ppm.is_finite()) {
        let Some(place) = molecule.source.iter().position(|&atom| atom == given.atom) else {
            continue;
        };
        let shown = match given.nucleus {
            Nucleus::Carbon => molecule.graph.element[place] == 6,
            Nucleus::Proton => molecule.graph.hydrogens[place] > 0,
            Nucleus::Other(_) => false,
        };
        if !shown {
            continue;
        }
        let (class, atom) = (molecule.symmetry[place], given.atom + 1);
        let same = |label: &&mut Label| {
            label.nucleus == given.nucleus
                && label.class == class
                && (label.ppm - given.ppm).abs() < SAME
        };
        match labels.iter_mut().find(same) {
            Some(label) if label.atoms.contains(&atom) => {}
            Some(label) => label.atoms.push(atom),
            None => labels.push(Label {
                name: String::new(),
                nucleus: given.nucleus.clone(),
                ppm: given.ppm,
                predicted_ppm: given.predicted_ppm,
                probability: given.probability,
                atoms: vec![atom],
                class,
            }),
        }
    }
    labels.iter_mut().for_each(|label| label.atoms.sort_unstable());
    labels.sort_by(|a, b| {
        let order = |label: &Label| (label.atoms[0], label.nucleus == Nucleus::Proton);
        order(a).cmp(&order(b)).then(b.ppm.total_cmp(&a.ppm))
    });
    // An atom's probability is shared out among its shifts, and an equivalent atom may have the
    // others: what is left is the doubt whether they are theirs at all.
    let alike = |a: &Label, b: &Label| a.class == b.class && a.nucleus == b.nucleus;
    let shifts: Vec<usize> =
        labels.iter().map(|one| labels.iter().filter(|other| alike(one, other)).count()).collect();
    for (label, shifts) in labels.iter_mut().zip(shifts) {
        label.probability = (label.probability * shifts as f64).min(1.0);
    }
    name(&mut labels);
    labels
}

fn name(labels: &mut [Label]) {
    let kind = |label: &Label| {
        let letter = if label.nucleus == Nucleus::Proton { 'H' } else { 'C' };
        format!("{letter}{}", label.atoms[0])
    };
    let kinds: Vec<String> = labels.iter().map(kind).collect();
    for (place, label) in labels.iter_mut().enumerate() {
        let own = &kinds[place];
        let before = kinds[..place].iter().filter(|other| *other == own).count();
        let all = kinds.iter().filter(|other| *other == own).count();
        label.name = match u8::try_from(before) {
            _ if all == 1 => own.clone(),
            Ok(before @ ..26) => format!("{own}{}", char::from(b'a' + before)),
            _ => format!("{own}_{before}"),
        };
    }
}

/// Pairs of labels that may be the other way round, by name.
pub(crate) fn interchangeable(labels: &[Label], doubtful: f64) -> Vec<[&str; 2]> {
    let mut pairs = Vec::new();
    for (place, one) in labels.iter().enumerate() {
        let rest = labels[place + 1..].iter().filter(|other| other.nucleus == one.nucleus);
        for other in rest {
            let apart = one.atoms.iter().all(|atom| !other.atoms.contains(atom));
            let may_be = if one.class == other.class {
                apart
            } else {
                let both = one.probability < doubtful && other.probability < doubtful;
                both && cost(one, other) < most_cost(&one.nucleus)
            };
            if may_be {
                pairs.push([one.name.as_str(), other.name.as_str()]);
            }
        }
    }
    pairs
}

/// By how much expected and observed shifts lie further apart the other way round, ppm.
fn cost(one: &Label, other: &Label) -> f64 {
    let apart = |a: &Label, b: &Label| (a.ppm - b.predicted_ppm).abs();
    apart(one, other) + apart(other, one) - apart(one, one) - apart(other, other)
}

fn most_cost(nucleus: &Nucleus) -> f64 {
    if *nucleus == Nucleus::Carbon { CARBON_COST } else { PROTON_COST }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use Nucleus::{Carbon, Proton};

    fn given(
        (atom, nucleus): (u32, Nucleus),
        ppm: f64,
        predicted_ppm: f64,
        probability: f64,
    ) -> PeakAssignment {
        PeakAssignment { atom, nucleus, ppm, predicted_ppm, probability }
    }

    fn lines(labels: &[Label]) -> Vec<String> {
        labels.iter().map(Label::line).collect()
    }

    #[test]
    fn equivalent_atoms_share_a_label_and_the_hydrogens_of_a_ch2_have_two() {
        // Ethyl benzene: ortho and meta, and (as if they were diastereotopic) two hydrogens.
        let molecule = Molecule::graph_only("CCc1ccccc1").unwrap();
        let found = labels(
            &molecule,
            &[
                given((7, Carbon), 128.3, 128.3, 0.97),
                given((3, Carbon), 128.3, 128.3, 0.97),
                given((1, Proton), 2.61, 2.64, 0.5),
                given((1, Proton), 2.65, 2.64, 0.5),
                given((1, Carbon), 28.9, 29.0, 1.0),
            ],
        );
        let expected =
            ["C2, 28.9000, 2", "H2a, 2.6500, H2", "H2b, 2.6100, H2", "C4, 128.3000, 4, 8"];
        assert_eq!(lines(&found), expected);
        assert_eq!(found[1].probability, 1.0, "a share of the hydrogens is no doubt");
        assert!(interchangeable(&found, 0.8).is_empty());
    }

    #[test]
    fn equivalent_atoms_with_shifts_of_their_own_may_be_interchanged() {
        let isopropyl = Molecule::graph_only("CC(C)C(N)CO").unwrap();
        let both = [given((0, Carbon), 18.1, 19.0, 0.5), given((2, Carbon), 19.4, 19.0, 0.5)];
        let found = labels(&isopropyl, &both);
        assert_eq!(interchangeable(&found, 0.8), [["C1", "C3"]]);
        assert_eq!(found[0].probability, 1.0);
    }

    #[test]
    fn doubtful_labels_may_be_interchanged_where_their_expected_shifts_allow() {
        let molecule = Molecule::graph_only("CCCCO").unwrap();
        let pair = |first: f64, second: f64| {
            let near = [
                given((0, Carbon), 14.0, 14.5, first),
                given((1, Carbon), 15.0, 15.0, second),
                given((2, Carbon), 35.0, 35.0, 0.5),
            ];
            interchangeable(&labels(&molecule, &near), 0.8).len()
        };
        assert_eq!(pair(0.55, 0.6), 1, "the third lies too far off");
        assert_eq!(pair(0.95, 0.6), 0, "one is sure");
    }

    #[test]
    fn a_label_is_shown_by_the_nearest_signal_of_those_that_can() {
        let molecule = Molecule::graph_only("CO").unwrap();
        let found = labels(&molecule, &[given((0, Proton), 3.46, 3.4, 1.0)]);
        let place = |ppm: f64, half: f64| Place { ppm, from_ppm: ppm - half, to_ppm: ppm + half };
        let signal = |places: &[Place]| found[0].signal(places.iter().copied());
        assert_eq!(signal(&[place(3.1, 0.4), place(3.5, 0.05), place(3.9, 0.1)]), Some(1));
        assert_eq!(signal(&[place(3.45, 0.0)]), Some(0));
        assert_eq!(signal(&[place(3.43, 0.0)]), None);
        assert_eq!(signal(&[]), None);
    }

    #[test]
    fn what_an_atom_cannot_show_is_left_out() {
        let molecule = Molecule::graph_only("CO").unwrap();
        let wrong = [
            given((1, Carbon), 50.0, 50.0, 1.0),
            given((9, Carbon), 50.0, 50.0, 1.0),
            given((0, Carbon), f64::NAN, 50.0, 1.0),
            given((0, Nucleus::Other("19F".to_owned())), 50.0, 50.0, 1.0),
        ];
        assert_eq!(labels(&molecule, &wrong), []);
    }
}
