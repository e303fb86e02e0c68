//! Where among N molecules does the right one come? The pool is each spectrum's own molecule and N-1
//! others of a library or a list, drawn at random, larger pools holding the smaller ones.

use super::retrieval_pool::{FILTERS, Filter, PUBLISHED, Pool, Ranks, Rivals};
use super::system::System;
use crate::error::EvaluationError;
use crate::evaluation::{EvaluationMolecule, EvaluationSet, Nuclei, Report, Table};
use crate::statistics::Estimate;

/// Ranks that are counted, and those of ACML's paper.
const TOP: [usize; 4] = [1, 5, 10, 25];
const TOP_ACML: [usize; 3] = [1, 10, 100];

/// Ranks of each spectrum's own molecule among pools of 10^2 and more rivals. With
/// [`Nuclei::Both`] also what 1H brings beside 13C alone, on the same molecules.
///
/// # Errors
/// [`EvaluationError`] when the network fails or there are too few rivals.
pub fn retrieval(
    system: &System,
    evaluation_set: &EvaluationSet,
    rivals: &Rivals<'_>,
    seed: u64,
    nuclei: Nuclei,
) -> Result<Report, EvaluationError> {
    Ok(measure(system, evaluation_set, rivals, seed, nuclei)?.0)
}

/// What was ranked by, and the ranks.
pub(super) type Run = (&'static str, Nuclei, Ranks);

/// The report, and for each way of ranking the ranks behind it: the first lists are those of the
/// pools without a filter, the smallest pool first.
#[allow(clippy::cast_precision_loss)]
pub(super) fn measure(
    system: &System,
    evaluation_set: &EvaluationSet,
    rivals: &Rivals<'_>,
    seed: u64,
    nuclei: Nuclei,
) -> Result<(Report, Vec<Run>), EvaluationError> {
    let pool = Pool::new(rivals, seed)?;
    let acml = matches!(system, System::Acml(_));
    let top: &[usize] = if acml { &TOP_ACML } else { &TOP };
    let mut columns: Vec<String> =
        ["N", "filter", "multiplicities", "spectra"].map(str::to_owned).into();
    columns.extend(top.iter().enumerate().map(|(at, top)| {
        if at == 0 { format!("top-{top}, % [95 %]") } else { format!("top-{top}") }
    }));
    if acml {
        columns.push("at random".to_owned());
    } else {
        columns.extend(["published top-1", "published top-25"].map(str::to_owned));
    }
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new(&columns);
    let mut runs: Vec<Run> = Vec::new();
    let without =
        |tested: &EvaluationMolecule| tested.peaks.iter().all(|p| p.multiplicity.is_none());
    let none_known = evaluation_set.list.iter().all(without);
    for (said, view) in views(system, nuclei)? {
        if none_known && said == "with" {
            continue;
        }
        let ranks = match system {
            System::Shift(shift) => {
                let Rivals::Library(library) = rivals else {
                    let reason = "the shift network ranks the molecules of a library".to_owned();
                    return Err(EvaluationError::Unsuited(reason));
                };
                pool.rank_by_shifts(shift, library, evaluation_set, said == "with", view)?
            }
            System::Kmaid(kmaid) => pool.rank_in_space(&**kmaid, evaluation_set)?,
            System::Acml(acml) => pool.rank_in_space(&**acml, evaluation_set)?,
        };
        runs.push((said, view, ranks));
    }
    for (multiplicities, view, ranks) in &runs {
        for (of, ranks) in ranks.iter().enumerate() {
            let size = pool.sizes[of % pool.sizes.len()];
            let (filter, name) = FILTERS[of / pool.sizes.len()];
            let hits = |top: usize| {
                let values: Vec<f64> = ranks.iter().map(|&r| f64::from(r <= top)).collect();
                Estimate::of(&values)
            };
            let mut row = vec![size.to_string(), name.to_owned(), (*multiplicities).to_owned()];
            row.push(view.name().to_owned());
            for (at, &top) in top.iter().enumerate() {
                let Some(found) = hits(top) else { continue };
                row.push(if at == 0 {
                    found.percent()
                } else {
                    format!("{:.1}", 100.0 * found.mean)
                });
            }
            if acml {
                let random =
                    |&top: &usize| format!("{}", 100.0 * top.min(size) as f64 / size as f64);
                let cells: Vec<String> = top.iter().map(random).collect();
                let any = filter == Filter::Nothing;
                row.push(if any { cells.join(" / ") } else { "-".to_owned() });
                table.push(row);
                continue;
            }
            let published = PUBLISHED.iter().find(|p| p.0 == size && filter == Filter::Nothing);
            row.push(published.map_or("-", |p| p.1).to_owned());
            row.push(published.map_or("-", |p| p.2).to_owned());
            table.push(row);
        }
    }
    let mut notes = vec![
        evaluation_set.note(),
        format!(
            "pool: {} of {} molecules; a molecule of the same constitution is no rival; ties count \
             against",
            rivals.name(),
            rivals.len()
        ),
    ];
    notes.extend(system.note());
    let report = Report {
        protocol: format!("retrieval, {}", system.name()),
        notes,
        tables: std::iter::once(table).chain(gain(&runs, &pool.sizes)).collect(),
    };
    Ok((report, runs))
}

/// What is ranked by: whether multiplicities are known, and which spectra.
fn views(system: &System, nuclei: Nuclei) -> Result<Vec<(&'static str, Nuclei)>, EvaluationError> {
    let unsuited = |reason: &str| Err(EvaluationError::Unsuited(reason.to_owned()));
    Ok(match (system, nuclei) {
        (System::Kmaid(_), Nuclei::Carbon) => vec![("without", Nuclei::Carbon)],
        (System::Kmaid(_), _) => return unsuited("K-M3AID reads 13C spectra alone"),
        (System::Acml(acml), nuclei) if acml.spectra() == nuclei => vec![("without", nuclei)],
        (System::Acml(acml), _) => {
            return unsuited(&format!(
                "this network reads {} spectra alone",
                acml.spectra().name()
            ));
        }
        (System::Shift(_), Nuclei::Carbon) => {
            vec![("with", Nuclei::Carbon), ("without", Nuclei::Carbon)]
        }
        (System::Shift(_), Nuclei::Proton) => vec![("without", Nuclei::Proton)],
        (System::Shift(_), Nuclei::Both) => vec![
            ("with", Nuclei::Carbon),
            ("with", Nuclei::Both),
            ("without", Nuclei::Carbon),
            ("without", Nuclei::Both),
        ],
    })
}

/// What 1H brings beside 13C alone: differences of hits on the same molecules, and their mean's
/// bootstrap interval. `None` unless both were measured.
fn gain(runs: &[Run], sizes: &[usize]) -> Option<Table> {
    let mut table = Table::new(&[
        "13C + 1H beside 13C alone",
        "filter",
        "multiplicities",
        "top-1, points [95 %]",
        "top-5",
        "top-10",
        "top-25",
    ]);
    for (said, _, both) in runs.iter().filter(|run| run.1 == Nuclei::Both) {
        let (_, _, alone) = runs.iter().find(|run| run.0 == *said && run.1 == Nuclei::Carbon)?;
        for (of, (both, alone)) in both.iter().zip(alone).enumerate() {
            let mut row = vec![
                sizes[of % sizes.len()].to_string(),
                FILTERS[of / sizes.len()].1.to_owned(),
                (*said).to_owned(),
            ];
            for top in TOP {
                let hit = |rank: usize| f64::from(rank <= top);
                let differences: Vec<f64> =
                    both.iter().zip(alone).map(|(b, a)| hit(*b) - hit(*a)).collect();
                let found = Estimate::of(&differences)?;
                let points = [found.mean, found.low, found.high].map(|share| 100.0 * share);
                row.push(format!("{:+.1} [{:+.1} {:+.1}]", points[0], points[1], points[2]));
            }
            table.push(row);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}
