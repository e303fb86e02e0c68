//! Cases searched for in a library: ranks, and whether what is said of the first candidate and of
//! "none of these" comes true.

use crate::error::EvaluationError;
use crate::evaluation::{Nuclei, Report, Table};
use crate::statistics::{class_name, classes, share_of};
use crate::verification::{CaseSet, NUCLEI, SearchOutcome, SearchSetting, search as search_for};
use larmor_elucidation::Elucidator;

/// One search with whether the right structure was among the candidates.
type Searched = (bool, SearchOutcome);

/// Searches for every case by 13C, 1H and both, with and without its formula, with the right structure
/// among the candidates and without it.
///
/// # Errors
/// [`EvaluationError`] when predictions fail.
pub fn search(elucidator: &Elucidator, cases: &CaseSet) -> Result<Report, EvaluationError> {
    let mut ranks = Table::new(&["spectra", "formula", "n", "first, %", "among five, %"]);
    let mut said = Table::new(&[
        "spectra",
        "formula",
        "said",
        "probability",
        "n",
        "mean said, %",
        "came true, % [95 %]",
    ]);
    let mut molecules = 0;
    for nuclei in NUCLEI {
        for formula in [false, true] {
            let mut all: Vec<Searched> = Vec::new();
            for case in &cases.list {
                for present in [true, false] {
                    let setting = SearchSetting { nuclei, present, formula };
                    all.extend(
                        search_for(elucidator, case, setting)?.map(|found| (present, found)),
                    );
                }
            }
            molecules = elucidator.libraries().iter().map(|library| library.len()).sum();
            let words = if formula { "stated" } else { "-" };
            ranks.push(rank_row(nuclei, words, &all));
            reliability(&mut said, nuclei, words, &all);
        }
    }
    let notes = vec![
        cases.described(),
        format!(
            "each searched for among {molecules} molecules of a library, once with the right \
             structure added and once without"
        ),
    ];
    Ok(Report { protocol: "search, shift network".to_owned(), notes, tables: vec![ranks, said] })
}

fn rank_row(nuclei: Nuclei, formula: &str, all: &[Searched]) -> Vec<String> {
    let present = || all.iter().filter(|(present, _)| *present);
    let within = |most: usize| {
        share_of(present().map(move |(_, found)| found.rank.is_some_and(|rank| rank <= most)))
    };
    vec![
        nuclei.name().to_owned(),
        formula.to_owned(),
        present().count().to_string(),
        within(1),
        within(5),
    ]
}

fn reliability(table: &mut Table, nuclei: Nuclei, formula: &str, all: &[Searched]) {
    let first = all.iter().map(|(_, found)| (found.first, found.rank == Some(1)));
    let none = all.iter().map(|(present, found)| (found.none, !present));
    let kinds: [(&str, Vec<(f64, bool)>); 2] =
        [("the first candidate", first.collect()), ("none of these", none.collect())];
    for (what, said) in kinds {
        for class in classes() {
            let inside: Vec<(f64, bool)> =
                said.iter().copied().filter(|(p, _)| *p >= class[0] && *p < class[1]).collect();
            if inside.is_empty() {
                continue;
            }
            let mean = inside.iter().map(|(p, _)| p).sum::<f64>() / inside.len() as f64;
            table.push(vec![
                nuclei.name().to_owned(),
                formula.to_owned(),
                what.to_owned(),
                class_name(class),
                inside.len().to_string(),
                format!("{:.1}", 100.0 * mean),
                share_of(inside.iter().map(|(_, true_)| *true_)),
            ]);
        }
    }
}
