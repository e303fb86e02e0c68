//! Fits how probable it is that none of the candidates of a search is right.

use super::case_set::CaseSet;
use super::regression_fit::{Row, fit};
use super::search::{SearchSetting, search};
use crate::error::EvaluationError;
use crate::evaluation::Nuclei;
use larmor_elucidation::{Elucidator, NoneOfThese, NoneRegression, Ranked};

/// Fits regressions for every choice of spectra to searches with the right structure among the
/// candidates and without it.
///
/// # Errors
/// [`EvaluationError`] when predictions fail.
pub fn train_none(
    elucidator: &Elucidator,
    cases: &CaseSet,
) -> Result<NoneOfThese, EvaluationError> {
    let fitted = |nuclei: Nuclei| {
        let mut seen: Vec<(Ranked, bool)> = Vec::new();
        for case in &cases.list {
            for present in [true, false] {
                let setting = SearchSetting { nuclei, present, formula: false };
                let found = search(elucidator, case, setting)?;
                let Some((ranked, rank)) = found.and_then(|f| Some((f.ranked?, f.rank))) else {
                    continue;
                };
                // One that is not among the first is as good as absent.
                seen.push((ranked, rank.is_none()));
            }
        }
        Ok::<_, EvaluationError>(regression(&seen))
    };
    Ok(NoneOfThese {
        carbon: fitted(Nuclei::Carbon)?,
        proton: fitted(Nuclei::Proton)?,
        both: fitted(Nuclei::Both)?,
    })
}

fn regression(seen: &[(Ranked, bool)]) -> NoneRegression {
    let row = |(ranked, none): &(Ranked, bool)| Row {
        columns: ranked.columns().to_vec(),
        right: *none,
        weight: 1.0,
    };
    let rows: Vec<Row> = seen.iter().map(row).collect();
    let (weights, constant) = fit(&rows, 0);
    NoneRegression {
        constant,
        weights: [0, 1, 2].map(|at| weights.get(at).copied().unwrap_or(0.0)),
    }
}
