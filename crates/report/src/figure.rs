//! Spectra of a report as figures.

use larmor_chemistry::{Molecule, MoleculeError, draw};
use larmor_figure::{Figure, PicturedAtom, SignalAtoms, StructurePicture, View};
use larmor_nmr::fid::{Experiment, Nucleus};

use crate::labels::labels;
use crate::{ReportedSpectrum, ReportedStructure, SampleReport};

/// Size of the structure in a figure, pixels.
const STRUCTURE: (u16, u16) = (300, 190);
/// What is less likely than this is marked with a question mark.
const SURE: f64 = 0.5;
/// Shifts nearer than this are one, ppm.
const SAME: f64 = 1e-6;

/// The figure of a spectrum, as SVG; `None` where its points were not kept.
///
/// # Errors
/// When the structure cannot be read.
pub fn figure(
    report: &SampleReport,
    spectrum: &ReportedSpectrum,
) -> Result<Option<String>, MoleculeError> {
    let Some(trace) = &spectrum.trace else { return Ok(None) };
    let structure = report.structure.as_ref();
    let picture = structure.map(picture).transpose()?;
    let atoms = structure.map(|known| atoms(known, &spectrum.nucleus)).transpose()?;
    let figure = Figure {
        title: title(spectrum),
        subtitle: report.sample.clone(),
        nucleus: &spectrum.nucleus,
        trace,
        peaks: &spectrum.peaks,
        multiplets: &spectrum.multiplets,
        atoms: &atoms.unwrap_or_default(),
        structure: picture.as_ref(),
        view: View::Paper,
    };
    Ok(Some(figure.svg()))
}

fn title(spectrum: &ReportedSpectrum) -> String {
    let experiment = match spectrum.experiment {
        Experiment::Plain => String::new(),
        other => format!(" {other}"),
    };
    let solvent = spectrum.solvent.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
    format!("{} NMR{experiment} ({:.0} MHz{solvent})", spectrum.nucleus, spectrum.frequency_mhz)
}

fn picture(structure: &ReportedStructure) -> Result<StructurePicture, MoleculeError> {
    let drawing = draw(&structure.smiles, STRUCTURE.0, STRUCTURE.1)?;
    let caption = match &structure.name {
        Some(name) => format!("{name}, {}", structure.formula),
        None => structure.formula.clone(),
    };
    let atoms = drawing.atoms.iter().map(|atom| PicturedAtom {
        x: atom.x,
        y: atom.y,
        is_written: atom.element != "C" && atom.hydrogens > 0,
    });
    Ok(StructurePicture {
        atoms: atoms.collect(),
        svg: drawing.svg,
        width: STRUCTURE.0.into(),
        height: STRUCTURE.1.into(),
        caption,
    })
}

/// The atoms of each shift. Atoms that symmetry makes equal share a letter: `C2,6`; others stand beside
/// one another: `C2/C7`.
fn atoms(
    structure: &ReportedStructure,
    nucleus: &Nucleus,
) -> Result<Vec<SignalAtoms>, MoleculeError> {
    let labels = labels(&Molecule::graph_only(&structure.smiles)?, &structure.assignments);
    let letter = if *nucleus == Nucleus::Proton { "H" } else { "C" };
    let mut by_shift: Vec<SignalAtoms> = Vec::new();
    for label in labels.iter().filter(|label| label.nucleus == *nucleus) {
        let numbers: Vec<String> = label.atoms.iter().map(ToString::to_string).collect();
        let doubt = if label.probability < SURE { "?" } else { "" };
        let name = format!("{letter}{}{doubt}", numbers.join(","));
        match by_shift.iter_mut().find(|other| (other.ppm - label.ppm).abs() < SAME) {
            Some(other) => other.names = format!("{}/{name}", other.names),
            None => by_shift.push(SignalAtoms { ppm: label.ppm, names: name }),
        }
    }
    Ok(by_shift)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::test_report::{assignment, proton_report};

    #[test]
    fn atoms_are_named_by_symmetry_and_doubt() {
        // Toluene: 2 and 6 are one kind, 3 and 5 another that shares their shift.
        let shifts = [(0, 2.35), (2, 7.17), (6, 7.17), (3, 7.17), (5, 7.17), (4, 7.25)];
        let mut assignments = shifts.map(|(atom, ppm)| assignment(atom, ppm));
        assignments[5].probability = 0.4;
        let report = proton_report("Cc1ccccc1", Vec::new(), assignments.to_vec());
        let mut found = atoms(report.structure.as_ref().unwrap(), &Nucleus::Proton).unwrap();
        found.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        let names: Vec<&str> = found.iter().map(|one| one.names.as_str()).collect();
        assert_eq!(names, ["H1", "H3,7/H4,6", "H5?"]);
        assert!(atoms(report.structure.as_ref().unwrap(), &Nucleus::Carbon).unwrap().is_empty());
    }

    #[test]
    fn both_shifts_of_a_ch2_are_its_own() {
        let mut assignments = vec![assignment(1, 3.7), assignment(1, 3.5)];
        assignments.iter_mut().for_each(|one| one.probability = 0.45);
        let report = proton_report("CCO", Vec::new(), assignments);
        let found = atoms(report.structure.as_ref().unwrap(), &Nucleus::Proton).unwrap();
        assert!(found.len() == 2 && found.iter().all(|one| one.names == "H2"), "{found:?}");
    }

    #[test]
    fn a_spectrum_without_points_has_no_figure() {
        let report = proton_report("CCO", Vec::new(), Vec::new());
        assert_eq!(figure(&report, &report.spectra[0]).unwrap(), None);
    }
}
