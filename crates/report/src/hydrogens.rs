//! Hydrogens of multiplets, on the scale of a structure.

use std::collections::BTreeMap;

use larmor_chemistry::{Molecule, MoleculeError};
use larmor_nmr::elucidation::PeakAssignment;
use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::PeakClass;

use crate::{ReportedSpectrum, ReportedStructure, SampleReport};

/// Shifts nearer than this are one multiplet's, ppm.
const SAME: f64 = 1e-3;
/// Least share of the hydrogens on carbon that must be assigned before they set the scale.
const LEAST_ASSIGNED: f64 = 0.5;

impl SampleReport {
    /// Counts the hydrogens of 1H multiplets anew, so that those which the structure is assigned to
    /// have as many, all together, as their atoms. The integrals of a spectrum alone tell only what
    /// their common measure may be; a structure knows. One that does not fit shows it: its multiplets
    /// have no whole hydrogens then.
    ///
    /// # Errors
    /// When the SMILES of the structure cannot be read.
    pub fn count_hydrogens(&mut self) -> Result<(), MoleculeError> {
        let Some(structure) = &self.structure else { return Ok(()) };
        let hydrogens = hydrogens(&Molecule::from_smiles(&structure.smiles)?);
        let whole: u32 = hydrogens.values().sum();
        for spectrum in &mut self.spectra {
            let (expected, area) = assigned(spectrum, structure, &hydrogens);
            if area > 0.0 && expected >= LEAST_ASSIGNED * f64::from(whole) {
                let scale = expected / area;
                for one in &mut spectrum.multiplets {
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

/// Hydrogens that the assigned compound multiplets of a spectrum should have, and their area.
fn assigned(
    spectrum: &ReportedSpectrum,
    structure: &ReportedStructure,
    hydrogens: &BTreeMap<u32, u32>,
) -> (f64, f64) {
    let given: Vec<&PeakAssignment> =
        structure.assignments.iter().filter(|one| one.nucleus == Nucleus::Proton).collect();
    // Hydrogens of a CH2 with two shifts are shared out between them.
    let mut shifts: BTreeMap<u32, f64> = BTreeMap::new();
    for one in &given {
        *shifts.entry(one.atom).or_default() += 1.0;
    }
    let compound = spectrum.multiplets.iter().filter(|one| one.class == PeakClass::Compound);
    let mut total = (0.0, 0.0);
    for multiplet in compound {
        let at_it = given.iter().filter(|one| (one.ppm - multiplet.ppm).abs() < SAME);
        let share = |atom: &u32| Some(f64::from(*hydrogens.get(atom)?) / shifts.get(atom)?);
        let expected: f64 = at_it.filter_map(|one| share(&one.atom)).sum();
        if expected > 0.0 {
            total = (total.0 + expected, total.1 + multiplet.area);
        }
    }
    total
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
    fn too_little_that_is_assigned_sets_no_scale() {
        let multiplets = vec![multiplet(1.26, "t", 0.4, Some(3.0))];
        let mut report = proton_report("CC(=O)OCC", multiplets, vec![assignment(5, 1.26)]);
        report.count_hydrogens().unwrap();
        assert_eq!(report.spectra[0].multiplets[0].hydrogens, Some(3.0));
        report.structure = None;
        assert!(report.count_hydrogens().is_ok());
    }
}
