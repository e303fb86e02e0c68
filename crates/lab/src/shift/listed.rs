//! Molecules whose spectra are lists: what belongs to which atom is found anew at each step, in the
//! order of what the network predicts.

use super::example::ShiftExample;
use super::open_peaks::OpenPeaks;
use crate::data::{
    Dropped, HeldOut, ListedFiles, ListedRecord, Measured, NO_KEY, NOT_UNDERSTOOD, PrintedSignal,
    SAME, place, validates,
};
use crate::error::TrainingError;
use crate::verification::Half;
use larmor_chemistry::Molecule;
use larmor_networks::{GraphFeatures, solvent_code};
use larmor_nmr::fid::Solvent;
use std::collections::HashSet;

/// A line further than this from what is predicted is another's, or the structure is wrong, ppm.
const CARBON_WITHIN: f32 = 12.0;
const PROTON_WITHIN: f32 = 1.0;

/// Reads the molecules of all files that may be learned from, each constitution once: not those that
/// are tested on, held out, validate, or whose printed lists are kept for tests; nor those of
/// `assigned`, of which more is known.
pub(super) fn read_listed(
    files: &ListedFiles,
    tested: &HashSet<String>,
    held_out: &HeldOut,
    assigned: HashSet<String>,
) -> Result<(Vec<ShiftExample>, Dropped), TrainingError> {
    let (mut examples, mut dropped, mut seen) = (Vec::new(), Dropped::default(), assigned);
    files.read(|record| {
        let Some(block) = record.inchikey.get(..14).map(str::to_owned) else {
            return dropped.count(NO_KEY);
        };
        let printed = matches!(record.measured, Measured::Printed { .. });
        if tested.contains(&block) || printed && Half::of(&block) == Half::Test {
            dropped.count("tested on");
        } else if held_out.contains(&block) || validates(&block) {
            dropped.count("held out or to validate");
        } else if seen.contains(&block) {
            dropped.count(SAME);
        } else {
            match listed(&record, &block) {
                Ok(example) => {
                    seen.insert(block);
                    examples.push(example);
                }
                Err(reason) => dropped.count(reason),
            }
        }
    })?;
    Ok((examples, dropped))
}

/// Or why the record is of no use.
fn listed(record: &ListedRecord, block: &str) -> Result<ShiftExample, &'static str> {
    let molecule = Molecule::graph_only(&record.smiles).map_err(|_| NOT_UNDERSTOOD)?;
    let mut example = ShiftExample {
        block: block.to_owned(),
        fold: None,
        exact: false,
        features: GraphFeatures::from(&molecule.graph),
        c13: vec![f32::NAN; molecule.graph.len()],
        h1: vec![f32::NAN; molecule.graph.len()],
        geminal: vec![f32::NAN; molecule.graph.len()],
        open: Vec::new(),
        open_h1: Vec::new(),
        solvent: 0,
    };
    match &record.measured {
        Measured::Spins { shifts, h_atom_in_smiles } => {
            example.solvent = solvent_code(Some(Solvent::Water));
            let each = shifts.iter().filter_map(|(name, &ppm)| {
                Some((place(&molecule, *h_atom_in_smiles.get(name)?)?, ppm))
            });
            hydrogens(&mut example, &molecule, each);
        }
        Measured::Printed { c13, h1 } => {
            let carbons = kinds(&molecule, |atom| molecule.graph.element[atom] == 6);
            example.open.extend(one_each(&carbons, c13.clone(), CARBON_WITHIN));
            example.open_h1.extend(by_integrals(&molecule, h1));
        }
        Measured::Shifts { h1 } => {
            let carriers = kinds(&molecule, |atom| {
                molecule.graph.element[atom] == 6 && molecule.graph.hydrogens[atom] > 0
            });
            let longest = h1.iter().max_by_key(|list| list.len()).cloned().unwrap_or_default();
            example.open_h1.extend(one_each(&carriers, longest, PROTON_WITHIN));
        }
    }
    let known = example.h1.iter().any(|ppm| !ppm.is_nan());
    if known || !example.open.is_empty() || !example.open_h1.is_empty() {
        Ok(example)
    } else {
        Err("with other lines than atoms")
    }
}

/// Shifts of single hydrogens: their mean on each atom, and how far apart those of a CH2 lie.
#[allow(clippy::cast_possible_truncation)]
fn hydrogens(
    example: &mut ShiftExample,
    molecule: &Molecule,
    each: impl Iterator<Item = (usize, f64)>,
) {
    let mut on = vec![Vec::new(); molecule.graph.len()];
    each.for_each(|(atom, ppm)| on[atom].push(ppm));
    for (atom, shifts) in on.iter().enumerate().filter(|(_, shifts)| !shifts.is_empty()) {
        example.h1[atom] = (shifts.iter().sum::<f64>() / shifts.len() as f64) as f32;
        if let ([one, other], 6, 2) =
            (shifts.as_slice(), molecule.graph.element[atom], molecule.graph.hydrogens[atom])
        {
            example.geminal[atom] = (one - other).abs() as f32;
        }
    }
}

/// The atoms that `of` holds for, equivalent ones together.
fn kinds(molecule: &Molecule, of: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let mut kinds: Vec<Vec<usize>> = Vec::new();
    for atom in (0..molecule.graph.len()).filter(|&atom| of(atom)) {
        let same = |kind: &&mut Vec<usize>| molecule.symmetry[kind[0]] == molecule.symmetry[atom];
        match kinds.iter_mut().find(same) {
            Some(kind) => kind.push(atom),
            None => kinds.push(vec![atom]),
        }
    }
    kinds
}

/// A shift for each kind of atom or for each atom, whichever there are as many of.
fn one_each(kinds: &[Vec<usize>], shifts: Vec<f64>, within: f32) -> Option<OpenPeaks> {
    let every = kinds.iter().map(Vec::len).sum::<usize>();
    let atoms = match shifts.len() {
        0 => return None,
        n if n == kinds.len() => kinds.iter().map(|kind| kind[0]).collect(),
        n if n == every => kinds.iter().flatten().copied().collect(),
        _ => return None,
    };
    Some(OpenPeaks::new(atoms, shifts, within))
}

/// Each hydrogen once on both sides, where the integrals add up.
fn by_integrals(molecule: &Molecule, signals: &[PrintedSignal]) -> Option<OpenPeaks> {
    let mut shifts = Vec::new();
    for signal in signals {
        if signal.3.fract() != 0.0 || !(1.0..=60.0).contains(&signal.3) {
            return None;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        shifts.extend(std::iter::repeat_n(signal.0, signal.3 as usize));
    }
    let on = |of: &dyn Fn(usize) -> bool| -> Vec<usize> {
        let atoms = (0..molecule.graph.len()).filter(|&atom| of(atom));
        atoms
            .flat_map(|atom| std::iter::repeat_n(atom, usize::from(molecule.graph.hydrogens[atom])))
            .collect()
    };
    let every = on(&|_| true);
    let on_carbon = on(&|atom| molecule.graph.element[atom] == 6);
    let atoms = [every, on_carbon].into_iter().find(|atoms| atoms.len() == shifts.len())?;
    (!atoms.is_empty()).then(|| OpenPeaks::new(atoms, shifts, PROTON_WITHIN))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn example(line: &str) -> Result<ShiftExample, &'static str> {
        listed(&serde_json::from_str(line).unwrap(), "BLOCK")
    }

    #[test]
    fn printed_lists_are_taken_where_they_have_a_line_for_every_atom() {
        // Toluene: five kinds of carbon; eight hydrogens.
        let line = |c13: &str, last: u8| {
            format!(
                r#"{{"smiles":"Cc1ccccc1","inchikey":"YXFVVABEGXRONW-UHFFFAOYSA-N","c13":{c13},
                "h1":[[7.2,"m",[],5],[2.35,"s",[],{last}]]}}"#
            )
        };
        let full = example(&line("[137.9,129.1,128.3,125.4,21.4]", 3)).unwrap();
        assert_eq!(full.open[0].ppm, [21.4, 125.4, 128.3, 129.1, 137.9]);
        assert_eq!(full.open_h1[0].atoms, [0, 0, 0, 2, 3, 4, 5, 6]);
        assert_eq!(full.open_h1[0].ppm[..4], [2.35, 2.35, 2.35, 7.2]);
        let protons = example(&line("[137.9,129.1,21.4]", 3)).unwrap();
        assert!(protons.open.is_empty() && protons.open_h1.len() == 1);
        assert!(example(&line("[137.9,129.1,21.4]", 2)).is_err());
    }

    #[test]
    fn what_is_tested_on_held_out_or_known_better_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lists.jsonl");
        let (mut lines, mut fit) = (String::new(), Vec::new());
        for carbons in 1..20 {
            let molecule = Molecule::from_smiles(&"C".repeat(carbons)).unwrap();
            let c13: Vec<f64> = (0..carbons).map(|_| 20.0).collect();
            lines += &format!(
                "{}\n",
                serde_json::json!({"smiles": molecule.smiles, "inchikey": molecule.inchikey, "c13": c13})
            );
            let block = molecule.inchikey_block().to_owned();
            if Half::of(&block) == Half::Fit && !validates(&block) {
                fit.push(block);
            }
        }
        std::fs::write(&path, lines).unwrap();
        let files = ListedFiles { paths: vec![path] };
        let one = |block: &String| HashSet::from([block.clone()]);
        let (nothing, none) = (HeldOut::default(), HashSet::new());
        let mut held_out = HeldOut::default();
        held_out.insert(&fit[1]);
        let read = |tested, held_out, assigned| {
            let (examples, _) = read_listed(&files, &tested, held_out, assigned).unwrap();
            examples.into_iter().map(|example| example.block).collect::<Vec<_>>()
        };
        assert_eq!(read(none.clone(), &nothing, none), fit);
        assert_eq!(read(one(&fit[0]), &held_out, one(&fit[2])), fit[3..]);
    }

    #[test]
    fn spins_are_the_shifts_of_their_atoms() {
        let spins = example(
            r#"{"smiles":"NCC(=O)O","inchikey":"DHMQDGOQFOQNFH-UHFFFAOYSA-N",
            "shifts":{"6":3.5,"7":3.6},"h_atom_in_smiles":{"6":1,"7":1}}"#,
        )
        .unwrap();
        assert!((spins.h1[1] - 3.55).abs() < 1e-6 && (spins.geminal[1] - 0.1).abs() < 1e-6);
        assert!(spins.h1[0].is_nan());
    }

    #[test]
    fn shifts_alone_are_one_for_each_kind_of_atom_with_hydrogen() {
        let line = |h1: &str| {
            format!(
                r#"{{"smiles":"CCOC(C)=O","inchikey":"XEKOWRVHYACXOJ-UHFFFAOYSA-N","h1":[{h1}]}}"#
            )
        };
        let shifts = example(&line("[1.26,2.04,4.12]")).unwrap();
        assert_eq!(shifts.open_h1[0], OpenPeaks::new(vec![0, 1, 4], vec![1.26, 2.04, 4.12], 1.0));
        assert!(example(&line("[1.26,2.04]")).is_err());
    }
}
