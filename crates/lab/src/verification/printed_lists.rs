//! 13C and 1H lists printed in papers: to fit a judgement on one half of them and to measure it on
//! the other.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::case_set::CaseSet;
use super::proton_text::proton_signals_of;
use crate::data::{PrintedSignal, TrainedOn, key_hash, read_json_lines};
use crate::error::{EvaluationError, TrainingError};
use crate::evaluation::{Selection, plausible};
use larmor_chemistry::Molecule;
use larmor_elucidation::{ObservedMultiplet, ObservedPeak, Query};

/// Half of the printed lists, by the digest of the constitution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// To fit on.
    Fit,
    /// To measure on, and never to fit on.
    Test,
}

impl Half {
    /// The half that a constitution (first block of the InChIKey) is of.
    #[must_use]
    pub fn of(block: &str) -> Self {
        // Molecules that validate networks go by the low bits.
        if key_hash(block) >> 63 == 0 { Self::Fit } else { Self::Test }
    }
}

/// A compound as a paper prints it.
#[derive(Deserialize)]
struct Printed {
    inchikey: String,
    smiles: String,
    c13: Vec<f64>,
    #[serde(default)]
    h1: Vec<PrintedSignal>,
    #[serde(default)]
    in_nmrshiftdb2: bool,
}

impl PrintedSignal {
    /// What is no pattern or no coupling counts as unread.
    fn observed(&self) -> ObservedPeak {
        let Self(ppm, pattern, couplings, hydrogens) = self;
        let couplings: Vec<f64> =
            couplings.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let multiplet = ObservedMultiplet::new(Some(*hydrogens).filter(|h| *h > 0.0))
            .split(pattern.as_str().unwrap_or_default(), &couplings);
        ObservedPeak::of_multiplet(*ppm, multiplet)
    }
}

/// The same with its 1H spectrum as text.
#[derive(Deserialize)]
struct PrintedText {
    inchikey: String,
    smiles: String,
    c13: Vec<f64>,
    #[serde(default)]
    h1: String,
}

impl CaseSet {
    /// Half of the lists in a file of JSON lines with `inchikey`, `smiles`, `c13` (ppm), `h1`
    /// (`[ppm, pattern, [Hz], hydrogens]`) and `in_nmrshiftdb2`: those whose constitution no network
    /// of this project was trained on and which `without` does not name.
    ///
    /// # Errors
    /// [`EvaluationError`] when a file cannot be read or nothing is left.
    pub fn of_lists(
        path: &Path,
        half: Half,
        without: &HashSet<String>,
        selection: &Selection,
        trained_on: &TrainedOn,
    ) -> Result<Self, EvaluationError> {
        let mut found = Self::new(match half {
            Half::Fit => "printed lists, the half to FIT on: nothing is claimed by it",
            Half::Test => "printed lists, the half to test on",
        });
        read_json_lines(path, |printed: Printed| {
            let block: String = printed.inchikey.chars().take(14).collect();
            if printed.in_nmrshiftdb2 || trained_on.contains(&block) {
                found.dropped.count("trained on or in its data base");
            } else if without.contains(&block) {
                found.dropped.count("that are tested on elsewhere");
            } else if Half::of(&block) == half {
                let query = Query {
                    c13: carbons(&printed.c13),
                    h1: printed.h1.iter().map(PrintedSignal::observed).collect(),
                    ..Query::default()
                };
                found.add(&block, Molecule::from_smiles(&printed.smiles).ok(), query);
            }
        })?;
        found.draw(selection.most, selection.seed)
    }

    /// Lists in a file of JSON lines with `inchikey`, `smiles`, `c13` (ppm) and `h1`, the text of the
    /// paper. A 1H text that is not understood as a whole is left out.
    ///
    /// # Errors
    /// [`EvaluationError`] when the file cannot be read or nothing is left.
    pub fn of_literature(
        path: &Path,
        selection: &Selection,
        trained_on: &TrainedOn,
    ) -> Result<Self, EvaluationError> {
        let mut found = Self::new("lists from the literature");
        read_json_lines(path, |printed: PrintedText| {
            let block: String = printed.inchikey.chars().take(14).collect();
            if trained_on.contains(&block) {
                found.dropped.count("trained on");
                return;
            }
            let query = Query {
                c13: carbons(&printed.c13),
                h1: proton_signals_of(&printed.h1).unwrap_or_default(),
                ..Query::default()
            };
            found.add(&block, Molecule::from_smiles(&printed.smiles).ok(), query);
        })?;
        found.draw(selection.most, selection.seed)
    }
}

/// First blocks of the keys in a file of JSON lines with `inchikey`.
///
/// # Errors
/// [`TrainingError`] when the file cannot be read.
pub fn read_blocks(path: &Path) -> Result<HashSet<String>, TrainingError> {
    #[derive(Deserialize)]
    struct Keyed {
        inchikey: String,
    }
    let mut blocks = HashSet::new();
    read_json_lines(path, |line: Keyed| {
        blocks.insert(line.inchikey.chars().take(14).collect());
    })?;
    Ok(blocks)
}

fn carbons(shifts: &[f64]) -> Vec<ObservedPeak> {
    let shifts = shifts.iter().filter(|&&ppm| plausible(ppm));
    shifts.map(|&ppm| ObservedPeak::carbon(ppm, None)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_elucidation::SplittingPattern;

    #[test]
    fn halves_are_fixed_and_of_about_one_size() {
        let of_test = |at: &usize| Half::of(&format!("BLOCK{at:09}")) == Half::Test;
        let tested = (0..1_000).filter(of_test).count();
        assert!((450..550).contains(&tested), "{tested}");
        assert_eq!(Half::of("BSYNRYMUTXBXSQ"), Half::of("BSYNRYMUTXBXSQ"));
    }

    #[test]
    fn lists_are_split_and_what_was_trained_on_or_named_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lists.jsonl");
        let mut lines = String::new();
        for (smiles, known) in [("CCO", false), ("CCCO", false), ("CCCCO", true), ("CCN", false)] {
            let key = Molecule::from_smiles(smiles).unwrap().inchikey;
            lines += &format!(
                "{{\"inchikey\":\"{key}\",\"smiles\":\"{smiles}\",\"c13\":[18.2,58.0,400.0],\
                 \"h1\":[[1.2,\"t\",[7.1],3],[3.7,null,[],2]],\"in_nmrshiftdb2\":{known}}}\n"
            );
        }
        std::fs::write(&path, lines).unwrap();
        let without = HashSet::from(["QUSNBJAOOMFDIB".to_owned()]);
        let read = |half| {
            CaseSet::of_lists(&path, half, &without, &Selection::default(), &TrainedOn::default())
        };
        let mut names: Vec<String> = Vec::new();
        for half in [Half::Fit, Half::Test] {
            let Ok(set) = read(half) else { continue };
            assert!(set.list.iter().all(|case| Half::of(&case.name) == half));
            assert!(set.list.iter().all(|c| c.query.c13.len() == 2 && c.query.h1.len() == 2));
            for case in &set.list {
                let triplet = case.query.h1[0].as_multiplet().unwrap();
                assert_eq!(triplet.splitting, SplittingPattern::Triplet);
                assert_eq!(triplet.largest_coupling_hz, Some(7.1));
                assert_eq!(case.query.h1[1], ObservedPeak::multiplet(3.7, Some(2.0)));
            }
            names.extend(set.list.into_iter().map(|case| case.name));
        }
        names.sort();
        assert_eq!(names, ["BDERNNFJNOPAEC", "LFQSCWFLJHTTHZ"]);
    }
}
