//! What networks that read whole spectra add to the shifts: their weights, set on molecules that
//! training stopped by, and the ranking with each of them on molecules nothing was trained on.

use std::sync::Arc;

use crate::error::EvaluationError;
use crate::evaluation::{EvaluationMolecule, EvaluationSet, Report, Table};
use crate::statistics::Estimate;
use larmor_elucidation::library::Library;
use larmor_elucidation::{
    CandidatePool, DrawnSpectrum, ElucidationOptions, Elucidator, Parameters, Query,
    RunningNetworks, ScorePart, SimilarityWeights,
};
use larmor_nmr::spectrum::simulation::{Stick, split};
use larmor_nmr::structure::ProposedStructure;

/// Candidates kept of a ranking: those the networks hold against the spectra.
const KEPT: usize = 50;
/// Field of the drawn 1H spectra, MHz, and of 13C beside it.
const PROTON_MHZ: f64 = 500.0;
const CARBON_MHZ: f64 = 125.7;
/// Width of drawn lines, Hz.
const WIDTH_HZ: f64 = 1.0;
/// The parts that are weighed.
const WEIGHED: [ScorePart; PARTS] = [
    ScorePart::KmaidGraph,
    ScorePart::KmaidNodes,
    ScorePart::AcmlCarbon,
    ScorePart::AcmlProton,
    ScorePart::SpecMol,
];
const PARTS: usize = 5;
/// What is tried beside the shifts: places in [`WEIGHED`].
const TRIED: [(&str, &[usize]); 6] = [
    ("shifts alone", &[]),
    ("and K-M3AID", &[0, 1]),
    ("and ACML 13C", &[2]),
    ("and ACML 1H", &[3]),
    ("and SpecMol", &[4]),
    ("and all of them", &[0, 1, 2, 3, 4]),
];

/// A ranking by shifts with what the networks say of it.
struct Case {
    /// The right candidate's place.
    right: usize,
    /// Score by shifts of each candidate.
    shifts: Vec<f64>,
    /// What each of [`WEIGHED`] says of each candidate; empty where it says nothing.
    said: [Vec<f64>; PARTS],
}

impl Case {
    fn score(&self, at: usize, weights: &[f64; PARTS]) -> f64 {
        let said = self.said.iter().zip(weights);
        self.shifts[at] + said.map(|(s, w)| s.get(at).map_or(0.0, |v| w * v)).sum::<f64>()
    }

    fn is_first(&self, weights: &[f64; PARTS]) -> bool {
        let own = self.score(self.right, weights);
        (0..self.shifts.len()).all(|at| at == self.right || self.score(at, weights) < own)
    }

    /// Surprise of the right candidate, nats.
    fn surprise(&self, weights: &[f64; PARTS], temperature: f64) -> f64 {
        let own = self.score(self.right, weights);
        let odds = |at| ((self.score(at, weights) - own) / temperature).exp();
        (0..self.shifts.len()).map(odds).sum::<f64>().ln()
    }
}

/// Weights set on `validation`, and rankings of `test` with and without each network.
///
/// # Errors
/// [`EvaluationError`] when a network fails or there is nothing to rank.
pub fn fusion(
    running: &RunningNetworks,
    library: Library,
    validation: &EvaluationSet,
    test: &EvaluationSet,
) -> Result<Report, EvaluationError> {
    // All take part, and none changes a score.
    let silent = SimilarityWeights::equal(f64::MIN_POSITIVE);
    let parameters = Parameters { similarity: silent, ..Parameters::default() };
    let (name, size) = (library.name().to_owned(), library.len());
    let elucidator = Elucidator::new(Arc::clone(&running.predictor), vec![Arc::new(library)])
        .with_parameters(parameters)
        .comparing(running.comparers.clone());
    let cases = |evaluation_set: &EvaluationSet| -> Result<Vec<Case>, EvaluationError> {
        let found = evaluation_set.list.iter().map(|tested| case(&elucidator, tested));
        Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    };
    let (known, unknown) = (cases(validation)?, cases(test)?);
    if known.is_empty() || unknown.is_empty() {
        return Err(EvaluationError::Nothing("no molecule has both spectra".to_owned()));
    }
    let temperature = parameters.temperature;
    let mut table = Table::new(&[
        "ranked by",
        "weights: K-M3AID graph, nodes, ACML 13C, 1H, SpecMol",
        "first, % [95 %]",
        "beside shifts alone, points [95 %]",
        "surprise, nats",
    ]);
    let said = |which: usize| unknown.iter().any(|case| !case.said[which].is_empty());
    for (name, parts) in TRIED {
        let all = parts.len() == PARTS;
        let parts: Vec<usize> = parts.iter().copied().filter(|&which| said(which)).collect();
        if parts.is_empty() && name != TRIED[0].0 || all && parts.len() < 2 {
            continue;
        }
        let weights = fit(&known, &parts, temperature);
        let hits: Vec<f64> = unknown.iter().map(|c| f64::from(c.is_first(&weights))).collect();
        let gains: Vec<f64> = unknown
            .iter()
            .zip(&hits)
            .map(|(c, hit)| hit - f64::from(c.is_first(&[0.0; PARTS])))
            .collect();
        let surprise = mean(&unknown, |case| case.surprise(&weights, temperature));
        let points = |e: Estimate| {
            format!("{:+.1} [{:+.1} {:+.1}]", 100.0 * e.mean, 100.0 * e.low, 100.0 * e.high)
        };
        table.push(vec![
            name.to_owned(),
            weights.map(|weight| format!("{weight:.3}")).join(", "),
            Estimate::of(&hits).map_or_else(String::new, |e| e.percent()),
            Estimate::of(&gains).map_or_else(String::new, points),
            format!("{surprise:.3}"),
        ]);
    }
    Ok(Report {
        protocol: "fusion".to_owned(),
        notes: vec![
            test.note(),
            format!("weights are set on {}", validation.note()),
            format!(
                "{} and {} rankings: the others do not have the right molecule among those kept",
                unknown.len(),
                known.len()
            ),
            format!(
                "candidates: library '{name}' of {size} molecules and the right one, {KEPT} kept by \
                 shifts of 13C and 1H without multiplicities; 1H spectra are drawn from measured \
                 shifts with couplings expected of the constitution"
            ),
        ],
        tables: vec![table],
    })
}

/// `None` when the right molecule is not among those kept.
fn case(
    elucidator: &Elucidator,
    tested: &EvaluationMolecule,
) -> Result<Option<Case>, EvaluationError> {
    let stick = |ppm: f64| Stick { ppm, area: 1.0, width_hz: Some(WIDTH_HZ) };
    let carbons = tested.peaks.iter().map(|peak| stick(peak.ppm)).collect();
    let protons = tested.signals.iter().flat_map(|signal| split(signal, PROTON_MHZ));
    let mut c13 = tested.peaks.clone();
    c13.iter_mut().for_each(|peak| peak.multiplicity = None);
    let query = Query {
        c13,
        h1: tested.protons.clone(),
        c13_drawn: DrawnSpectrum::of_sticks(carbons, CARBON_MHZ),
        h1_drawn: DrawnSpectrum::of_sticks(protons.collect(), PROTON_MHZ),
        ..Query::default()
    };
    let own = [ProposedStructure::smiles(&tested.smiles)];
    let pool = CandidatePool { candidates: &own, libraries: true, ..CandidatePool::default() };
    let options = ElucidationOptions { top: KEPT, ..ElucidationOptions::default() };
    let elucidation = elucidator.elucidate_among(&query, &pool, &options)?;
    let candidates = elucidation.candidates;
    let of = |candidate: &larmor_elucidation::Candidate, part: ScorePart| {
        candidate.parts.get(part.name()).copied()
    };
    let right = candidates.iter().position(|c| c.inchikey.starts_with(&tested.block));
    Ok(right.map(|right| Case {
        right,
        shifts: candidates
            .iter()
            .map(|c| [ScorePart::Carbon, ScorePart::Proton].iter().filter_map(|&p| of(c, p)).sum())
            .collect(),
        said: WEIGHED.map(|part| candidates.iter().filter_map(|c| of(c, part)).collect()),
    }))
}

/// The weights under which the right candidates surprise least, by a pattern search; only those
/// parts that `parts` names are weighed.
fn fit(cases: &[Case], parts: &[usize], temperature: f64) -> [f64; PARTS] {
    let loss = |weights: &[f64; PARTS]| mean(cases, |case| case.surprise(weights, temperature));
    let mut best = [0.0; PARTS];
    let (mut least, mut step) = (loss(&best), 0.4);
    while step > 1e-3 {
        let mut moved = false;
        for &which in parts {
            for way in [step, -step] {
                let mut tried = best;
                tried[which] = f64::max(tried[which] + way, 0.0);
                let found = loss(&tried);
                if found < least - 1e-9 {
                    (best, least, moved) = (tried, found, true);
                }
            }
        }
        if !moved {
            step /= 2.0;
        }
    }
    best
}

#[allow(clippy::cast_precision_loss)]
fn mean(cases: &[Case], figure: impl Fn(&Case) -> f64) -> f64 {
    cases.iter().map(figure).sum::<f64>() / cases.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two candidates; shifts prefer the wrong one now and then, a network hardly ever.
    fn cases() -> Vec<Case> {
        (0..60)
            .map(|i| {
                let lead = if i % 3 == 0 { -1.0 } else { 4.0 };
                let sure = if i % 10 == 0 { -2.0 } else { 6.0 };
                let noise = f64::from(i % 7) - 3.0;
                Case {
                    right: 0,
                    shifts: vec![lead, 0.0],
                    said: [vec![sure, 0.0], vec![noise, 0.0], vec![], vec![], vec![]],
                }
            })
            .collect()
    }

    #[test]
    fn what_helps_gets_weight_and_what_does_not_gets_none() {
        let cases = cases();
        let weights = fit(&cases, &[0, 1, 2, 3, 4], 1.0);
        assert!(weights[0] > 0.1 && weights[1] < 0.1 && weights[2] == 0.0, "{weights:?}");
        let first = |weights| cases.iter().filter(|case| case.is_first(weights)).count();
        assert!(first(&weights) > first(&[0.0; PARTS]));
        assert_eq!(fit(&cases, &[], 1.0), [0.0; PARTS]);
    }
}
