//! Hydrogens of multiplets, on the scale of a structure.

use std::collections::BTreeMap;

use larmor_chemistry::{Molecule, MoleculeError};
use larmor_nmr::elucidation::PeakAssignment;
use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::{Multiplet, PeakClass};

use crate::sample_report::SAME;
use crate::{ReportedSpectrum, ReportedStructure, SampleReport};

/// Least share of the hydrogens on carbon that must be assigned before they set the scale.
const LEAST_ASSIGNED: f64 = 0.5;
/// By what share of its hydrogens a multiplet may miss them and still agree.
const TOLERATED: f64 = 0.2;
/// Hydrogens that are looked at for whole numbers: less is a trace, of more a few per cent are one.
const LEAST: f64 = 0.2;
const MOST_WHOLE: f64 = 5.0;

impl SampleReport {
    /// Counts the hydrogens of 1H multiplets anew, on the scale on which those that the structure is
    /// assigned to have as many as their atoms, as far as they agree on one. The integrals of a spectrum alone tell only what
    /// their common measure may be; a structure knows. One that does not fit shows it: its multiplets
    /// have no whole hydrogens then.
    ///
    /// # Errors
    /// When the SMILES of the structure cannot be read.
    pub fn count_hydrogens(&mut self) -> Result<(), MoleculeError> {
        let Some(structure) = &self.structure else { return Ok(()) };
        let hydrogens = hydrogens(&Molecule::graph_only(&structure.smiles)?);
        let whole: u32 = hydrogens.values().sum();
        let counted = self.spectra.iter_mut().filter(|one| one.experiment.shows_all_multiplets());
        for spectrum in counted {
            let assigned = assigned(spectrum, structure, &hydrogens);
            let expected: f64 = assigned.iter().map(|one| one.expected).sum();
            if expected < LEAST_ASSIGNED * f64::from(whole) {
                continue;
            }
            let compound = spectrum.multiplets.iter().filter(|one| is_compound(one));
            let areas: Vec<f64> = compound.map(|one| one.area).collect();
            if let Some(scale) = scale(&assigned, &areas) {
                for one in spectrum.multiplets.iter_mut().filter(|one| is_compound(one)) {
                    one.hydrogens = Some(scale * one.area);
                }
            }
        }
        Ok(())
    }
}

/// Hydrogens on each carbon, by its place in the SMILES: those on other atoms exchange, and their
/// integrals tell little.
fn hydrogens(molecule: &Molecule) -> BTreeMap<u32, u32> {
    let graph = &molecule.graph;
    let atoms = molecule.source.iter().zip(graph.element.iter().zip(&graph.hydrogens));
    atoms
        .filter(|(_, (element, count))| **element == 6 && **count > 0)
        .map(|(place, (_, count))| (*place, u32::from(*count)))
        .collect()
}

fn is_compound(multiplet: &Multiplet) -> bool {
    multiplet.class == PeakClass::Compound && multiplet.area.is_finite() && multiplet.area > 0.0
}

/// A multiplet that atoms are given to.
struct Assigned {
    /// Hydrogens on its atoms.
    expected: f64,
    area: f64,
}

/// The assigned compound multiplets of a spectrum.
fn assigned(
    spectrum: &ReportedSpectrum,
    structure: &ReportedStructure,
    hydrogens: &BTreeMap<u32, u32>,
) -> Vec<Assigned> {
    let given: Vec<&PeakAssignment> =
        structure.assignments.iter().filter(|one| one.nucleus == Nucleus::Proton).collect();
    // Hydrogens of a CH2 with two shifts are shared out between them.
    let mut shifts: BTreeMap<u32, f64> = BTreeMap::new();
    for one in &given {
        *shifts.entry(one.atom).or_default() += 1.0;
    }
    let compound = spectrum.multiplets.iter().filter(|one| is_compound(one));
    let all = compound.map(|multiplet| {
        let at_it = given.iter().filter(|one| (one.ppm - multiplet.ppm).abs() < SAME);
        let share = |atom: &u32| Some(f64::from(*hydrogens.get(atom)?) / shifts.get(atom)?);
        let expected = at_it.filter_map(|one| share(&one.atom)).sum();
        Assigned { expected, area: multiplet.area }
    });
    all.filter(|one| one.expected > 0.0).collect()
}

/// Hydrogens an area: of the scales that single assigned multiplets ask for, the one on which the others
/// have most nearly what they should and all have whole hydrogens; then the mean of those that agree
/// with it. A signal given to the wrong atoms, or one that hides beneath another, does not count.
fn scale(assigned: &[Assigned], areas: &[f64]) -> Option<f64> {
    let misfit = |scale: f64| {
        let of_atoms = assigned.iter().map(|one| {
            let off = (scale * one.area - one.expected).abs();
            (off / (TOLERATED * one.expected).max(1.0)).min(1.0)
        });
        let counted = areas.iter().map(|area| scale * area);
        let of_whole = counted.filter(|count| (LEAST..MOST_WHOLE).contains(count));
        let of_whole = of_whole.map(|count| (count - count.round().max(1.0)).abs());
        of_atoms.sum::<f64>() + of_whole.sum::<f64>()
    };
    let scales = assigned.iter().map(|one| one.expected / one.area);
    let best = scales.min_by(|a, b| misfit(*a).total_cmp(&misfit(*b)))?;
    let agrees =
        |one: &&Assigned| (best * one.area - one.expected).abs() <= TOLERATED * one.expected;
    let (expected, area) = assigned
        .iter()
        .filter(agrees)
        .fold((0.0, 0.0), |sum, one| (sum.0 + one.expected, sum.1 + one.area));
    Some(expected / area)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::test_report::{assignment, multiplet, proton_report};

    #[test]
    fn the_structure_sets_the_scale_of_the_integrals() {
        // Ethyl acetate whose integrals were taken for twice what they are.
        let mut report = proton_report(
            "CC(=O)OCC",
            vec![
                multiplet(1.26, "t", 0.375, Some(6.0)),
                multiplet(2.04, "s", 0.370, Some(6.0)),
                multiplet(4.12, "q", 0.255, Some(4.0)),
            ],
            vec![assignment(5, 1.26), assignment(0, 2.04), assignment(4, 4.12)],
        );
        report.count_hydrogens().unwrap();
        let counted: Vec<f64> =
            report.spectra[0].multiplets.iter().filter_map(|one| one.hydrogens).collect();
        for (found, wanted) in counted.iter().zip([3.0, 2.96, 2.04]) {
            assert!((found - wanted).abs() < 1e-9, "{counted:?}");
        }
    }

    #[test]
    fn two_shifts_of_a_ch2_share_its_hydrogens() {
        let multiplets = vec![
            multiplet(1.2, "s", 0.6, None),
            multiplet(3.5, "d", 0.2, None),
            multiplet(3.7, "d", 0.2, None),
        ];
        let given = vec![assignment(0, 1.2), assignment(1, 3.5), assignment(1, 3.7)];
        let mut report = proton_report("CCO", multiplets, given);
        report.count_hydrogens().unwrap();
        let counted: Vec<f64> =
            report.spectra[0].multiplets.iter().filter_map(|one| one.hydrogens).collect();
        assert!((counted[0] - 3.0).abs() < 1e-9 && (counted[1] - 1.0).abs() < 1e-9, "{counted:?}");
    }

    #[test]
    fn a_signal_given_to_the_wrong_atom_sets_no_scale() {
        // 4-Bromo-2-fluoro-6-nitroaniline: the NH2 at 7.48 was given to a CH, the CH at 7.74 to none.
        let multiplets = vec![
            multiplet(7.48, "s", 0.54, None),
            multiplet(7.74, "dd", 0.23, None),
            multiplet(7.95, "s", 0.23, None),
        ];
        let given = vec![assignment(4, 7.48), assignment(7, 7.95)];
        let mut report = proton_report("Nc1c(F)cc(Br)cc1[N+](=O)[O-]", multiplets, given);
        report.count_hydrogens().unwrap();
        let counted: Vec<f64> =
            report.spectra[0].multiplets.iter().filter_map(|one| one.hydrogens).collect();
        assert!((counted[1] - 1.0).abs() < 0.05 && (counted[0] - 2.3).abs() < 0.1, "{counted:?}");
    }

    #[test]
    fn too_little_that_is_assigned_sets_no_scale() {
        let multiplets = vec![multiplet(1.26, "t", 0.4, Some(3.0))];
        let mut report = proton_report("CC(=O)OCC", multiplets, vec![assignment(5, 1.26)]);
        report.count_hydrogens().unwrap();
        assert_eq!(report.spectra[0].multiplets[0].hydrogens, Some(3.0));
        report.structure = None;
        assert!(report.count_hydrogens().is_ok());
    }
}
