//! Does the molecule match the spectra? Every molecule with its own spectra against another
//! molecule with the same ones, chosen at random, structurally different, similar, or isomeric.

use std::time::Instant;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tch::{Device, Tensor};

use crate::error::EvaluationError;
use crate::evaluation::{Report, Table};
use crate::specmol::{MoleculeWithSpectra, NegativeKind, SpecmolEvaluationSet, SpecmolMolecule};
use crate::statistics::{Estimate, area_under_curve};
use larmor_chemistry::MolecularGraph;
use larmor_networks::SpecMol;

/// Molecules run at a time.
const AT_ONCE: usize = 32;

/// Logits of a spectrum's own molecule and of the wrong one.
#[derive(Debug, Clone, Copy)]
struct Logits {
    own: f64,
    wrong: f64,
}

/// Scores every subject beside one wrong molecule of each kind out of `pool`, which holds none the
/// model was trained on.
///
/// # Errors
/// [`EvaluationError`] when the network fails.
#[allow(clippy::cast_precision_loss)]
pub fn specmol(
    net: &SpecMol,
    subjects: &SpecmolEvaluationSet,
    pool: &[SpecmolMolecule],
    kinds: &[NegativeKind],
    seed: u64,
) -> Result<Report, EvaluationError> {
    let _no_gradients = tch::no_grad_guard();
    let started = Instant::now();
    let spectra = subjects
        .list
        .chunks(AT_ONCE)
        .map(|chunk| {
            let pairs: Vec<_> = chunk.iter().map(|subject| &subject.spectra).collect();
            net.encode_spectra(&net.prepare(&pairs)?)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let spectra = Tensor::f_cat(&spectra, 0)?;
    let of_spectra = started.elapsed().as_secs_f64() * 1e3 / subjects.list.len() as f64;
    let started = Instant::now();
    let all: Vec<usize> = (0..subjects.list.len()).collect();
    let own: Vec<&SpecmolMolecule> = subjects.list.iter().map(|s| &s.molecule).collect();
    let own = logits(net, &own, &spectra, &all)?;
    let of_molecules = started.elapsed().as_secs_f64() * 1e3 / subjects.list.len() as f64;
    let mut table = Table::new(&[
        "wrong molecules",
        "n",
        "AUC [95 %]",
        "accuracy, % [95 %]",
        "precision, % [95 %]",
        "recall, % [95 %]",
        "F1, % [95 %]",
        "own above wrong, % [95 %]",
        "published AUC / accuracy",
    ]);
    for &kind in kinds {
        let chosen = choose(kind, &subjects.list, pool, seed);
        let (rows, wrong): (Vec<usize>, Vec<&SpecmolMolecule>) =
            chosen.iter().map(|&(row, index)| (row, &pool[index])).unzip();
        let wrong = logits(net, &wrong, &spectra, &rows)?;
        let pairs: Vec<Logits> =
            rows.iter().zip(wrong).map(|(&row, wrong)| Logits { own: own[row], wrong }).collect();
        table.push(row(kind, &pairs));
    }
    let mut tables = vec![table];
    if subjects.one_by_one {
        tables.push(each(net, &subjects.list, pool, &spectra, &own)?);
    }
    let mut notes = vec![
        format!(
            "{} molecules, {}; {} left out because the model was trained on them, {} because \
                 they are not of the kind it was made for",
            subjects.list.len(),
            subjects.origin,
            subjects.trained_on,
            subjects.unsuited
        ),
        format!(
            "every molecule with its own spectra, and the same spectra with a wrong molecule out \
                 of {}; a pair matches above one half",
            pool.len()
        ),
        format!(
            "{} weights; {of_spectra:.2} ms for a pair of spectra, {of_molecules:.2} ms for a \
                 molecule, on this machine as loaded",
            net.weights()
        ),
    ];
    if !subjects.dropped.is_empty() {
        notes.push(format!("left out besides: {}", subjects.dropped));
    }
    Ok(Report { protocol: "matching, SpecMol".to_owned(), notes, tables })
}

/// A row for each subject: the probability of its own molecule, and how many of the others in the
/// pool score lower.
#[allow(clippy::cast_precision_loss)]
fn each(
    net: &SpecMol,
    subjects: &[MoleculeWithSpectra],
    pool: &[SpecmolMolecule],
    spectra: &Tensor,
    own: &[f64],
) -> Result<Table, EvaluationError> {
    let mut table = Table::new(&["molecule", "match, %", "others below, %", "of"]);
    for (row, subject) in subjects.iter().enumerate() {
        let others: Vec<&SpecmolMolecule> =
            pool.iter().filter(|other| other.block != subject.molecule.block).collect();
        let scores = logits(net, &others, spectra, &vec![row; others.len()])?;
        let below = scores.iter().filter(|&&score| score < own[row]).count() as f64;
        table.push(vec![
            subject.name.clone().unwrap_or_else(|| subject.molecule.block.clone()),
            format!("{:.1}", 100.0 / (1.0 + (-own[row]).exp())),
            format!("{:.1}", 100.0 * below / others.len().max(1) as f64),
            others.len().to_string(),
        ]);
    }
    Ok(table)
}

/// The wrong molecule for each subject that has one of the kind.
fn choose(
    kind: NegativeKind,
    subjects: &[MoleculeWithSpectra],
    pool: &[SpecmolMolecule],
    seed: u64,
) -> Vec<(usize, usize)> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    subjects
        .iter()
        .enumerate()
        .filter_map(|(row, subject)| {
            Some((row, kind.choose(&subject.molecule, pool, &mut random)?))
        })
        .collect()
}

/// Logits of molecules with the spectra of the given rows.
fn logits(
    net: &SpecMol,
    molecules: &[&SpecmolMolecule],
    spectra: &Tensor,
    rows: &[usize],
) -> Result<Vec<f64>, EvaluationError> {
    let mut all = Vec::with_capacity(rows.len());
    for (chunk, rows) in molecules.chunks(AT_ONCE).zip(rows.chunks(AT_ONCE)) {
        let graphs: Vec<&MolecularGraph> = chunk.iter().map(|m| &m.graph).collect();
        let vectors = net.encode_molecules(&net.collate(&graphs)?, false)?;
        let rows: Vec<i64> = rows.iter().filter_map(|&row| i64::try_from(row).ok()).collect();
        let rows = Tensor::f_from_slice(&rows)?.f_to_device(spectra.device())?;
        let found = net.logits(&vectors, &spectra.f_index_select(0, &rows)?, false)?;
        let found = Vec::<f32>::try_from(&found.f_to_device(Device::Cpu)?)?;
        all.extend(found.into_iter().map(f64::from));
    }
    Ok(all)
}

fn row(kind: NegativeKind, pairs: &[Logits]) -> Vec<String> {
    let figure = |statistic: fn(&[&Logits]) -> f64| Estimate::of_statistic(pairs, statistic);
    let percent = |statistic: fn(&[&Logits]) -> f64| {
        figure(statistic).map_or_else(|| "-".into(), |e| e.percent())
    };
    let published = match kind {
        NegativeKind::Random => ".922 / 86.3",
        NegativeKind::Different => ".989 / 94.1",
        NegativeKind::Similar | NegativeKind::NearIsomer => "-",
    };
    vec![
        kind.name().to_owned(),
        pairs.len().to_string(),
        figure(area).map_or_else(|| "-".into(), |e| e.number()),
        percent(|pairs| {
            let right = count(pairs, |j| j.own > 0.0) + count(pairs, |j| j.wrong <= 0.0);
            right / (2.0 * count(pairs, |_| true))
        }),
        percent(precision),
        percent(recall),
        percent(|pairs| {
            let (precision, recall) = (precision(pairs), recall(pairs));
            2.0 * precision * recall / (precision + recall)
        }),
        percent(|pairs| count(pairs, |j| j.own > j.wrong) / count(pairs, |_| true)),
        published.to_owned(),
    ]
}

#[allow(clippy::cast_precision_loss)]
fn count(pairs: &[&Logits], is: impl Fn(&Logits) -> bool) -> f64 {
    pairs.iter().filter(|j| is(j)).count() as f64
}

fn precision(pairs: &[&Logits]) -> f64 {
    let matched = count(pairs, |j| j.own > 0.0);
    matched / (matched + count(pairs, |j| j.wrong > 0.0))
}

fn recall(pairs: &[&Logits]) -> f64 {
    count(pairs, |j| j.own > 0.0) / count(pairs, |_| true)
}

fn area(pairs: &[&Logits]) -> f64 {
    let scored: Vec<(f64, bool)> =
        pairs.iter().flat_map(|j| [(j.own, true), (j.wrong, false)]).collect();
    area_under_curve(&scored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_four_cells() {
        let pairs: Vec<Logits> = [(2.0, -1.0), (1.0, 0.5), (-0.5, -2.0), (3.0, -3.0)]
            .map(|(own, wrong)| Logits { own, wrong })
            .into();
        let cells = row(NegativeKind::Random, &pairs);
        // Three of four own pairs match, one of four wrong ones does.
        for (cell, expected) in
            [(1, "4"), (3, "75.0"), (4, "75.0"), (5, "75.0"), (6, "75.0"), (7, "100.0")]
        {
            assert!(cells[cell].starts_with(expected), "{cells:?}");
        }
        // 15 of 16 comparisons are in order: only -0.5 is below 0.5.
        assert!(cells[2].starts_with("0.938"), "{cells:?}");
        assert_eq!(row(NegativeKind::Similar, &[])[2], "-");
    }
}
