//! What do a graph encoder's vectors know beside spectra? A ridge regression on them, frozen, predicts
//! a property; beside it stand those of an untrained encoder and of the mere composition, and a
//! graph network of the same size that learns nothing but this property.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use tch::{Device, Kind, Tensor};

use crate::acml::{AcmlSystem, predict_property};
use crate::data::{Dropped, NOT_UNDERSTOOD};
use crate::error::EvaluationError;
use crate::evaluation::{Report, Table};
use crate::statistics::Estimate;
use larmor_chemistry::{MolecularGraph, Molecule, crippen_logp};
use larmor_networks::{Acml, NetworkError, Parameters};

/// One molecule in this many tests.
const TEST_SHARE: usize = 5;
/// Penalty on the squared weights of standardised columns, for each molecule fitted.
const RIDGE: f64 = 1e-4;

/// Crippen's logP of those structures that are understood, as RDKit computes it.
#[must_use]
pub fn with_logp(smiles: Vec<String>) -> Vec<(String, f64)> {
    let with = |text: String| crippen_logp(&text).ok().map(|value| (text, value));
    smiles.into_iter().filter_map(with).collect()
}

/// Predicts a property of molecules, given as SMILES with its values, from the vectors of the
/// encoder.
///
/// # Errors
/// [`EvaluationError`] when the network fails or too few structures are understood.
#[allow(clippy::cast_precision_loss)]
pub fn probe(
    system: &AcmlSystem,
    property: &str,
    mut molecules: Vec<(String, f64)>,
    seed: u64,
) -> Result<Report, EvaluationError> {
    molecules.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let (mut graphs, mut values, mut dropped) = (Vec::new(), Vec::new(), Dropped::default());
    for (smiles, value) in molecules {
        match Molecule::graph_only(&smiles) {
            Ok(molecule) => {
                graphs.push(molecule.graph);
                values.push(value);
            }
            Err(_) => dropped.count(NOT_UNDERSTOOD),
        }
    }
    let test = graphs.len() / TEST_SHARE;
    if test < 10 {
        let reason = format!("{} structures are too few to fit and to test", graphs.len());
        return Err(EvaluationError::Nothing(reason));
    }
    if values[..test].iter().all(|value| *value == values[0]) {
        let reason = format!("{property} is the same for all {test} molecules that test");
        return Err(EvaluationError::Nothing(reason));
    }
    let trained = system.net();
    let mut random = Parameters::random(seed, trained.device());
    let untrained = Acml::build(&mut random, trained.config(), trained.device())?;
    let describe = |net: &Acml| -> Result<Vec<Vec<f64>>, NetworkError> {
        let rows = net.describe_molecules(&graphs)?;
        Ok(rows.into_iter().map(|row| row.into_iter().map(f64::from).collect()).collect())
    };
    let ours = describe(trained)?;
    let counts: Vec<Vec<f64>> = graphs.iter().map(composition).collect();
    let both = counts.iter().zip(&ours).map(|(a, b)| [a.as_slice(), b].concat()).collect();
    let mut table = Table::new(&["from", "columns", "MAE [95 %]", "R2"]);
    let mean = values[..test].iter().sum::<f64>() / test as f64;
    let spread: f64 = values[..test].iter().map(|y| (y - mean).powi(2)).sum();
    let mut row = |name: &str, width: String, predicted: &[f64]| {
        let errors: Vec<f64> = predicted.iter().zip(&values).map(|(p, y)| (p - y).abs()).collect();
        let left: f64 = errors.iter().map(|e| e * e).sum();
        let mae = Estimate::of(&errors).map_or_else(String::new, |e| e.number());
        table.push(vec![name.to_owned(), width, mae, format!("{:.3}", 1.0 - left / spread)]);
    };
    for (name, rows) in [
        ("mean of the fitted", vec![Vec::new(); graphs.len()]),
        ("composition", counts),
        ("untrained encoder", describe(&untrained)?),
        ("this encoder", ours),
        ("composition and this encoder", both),
    ] {
        let width = rows.first().map_or(0, Vec::len).to_string();
        row(name, width, &ridge(&rows, &values, test)?);
    }
    let (tested, fitted) = graphs.split_at(test);
    let learned = predict_property(
        trained.config(),
        fitted,
        &values[test..],
        tested,
        seed,
        trained.device(),
    )?;
    row("a graph network of this size, trained for it", "-".to_owned(), &learned);
    let mut notes = vec![format!(
        "{property}, by ridge regression on what is named: {} molecules fitted, {test} tested",
        graphs.len() - test
    )];
    if !dropped.is_empty() {
        notes.push(format!("left out: {dropped}"));
    }
    Ok(Report { protocol: "property probe".to_owned(), notes, tables: vec![table] })
}

/// How many atoms of each common element and hybridisation, hydrogens, rings and charges.
fn composition(graph: &MolecularGraph) -> Vec<f64> {
    const ELEMENTS: [u8; 10] = [6, 7, 8, 9, 15, 16, 17, 35, 53, 0];
    let mut counts = vec![0.0; ELEMENTS.len() + 4];
    for atom in 0..graph.len() {
        let element = ELEMENTS.iter().position(|&z| z == graph.element[atom]);
        counts[element.unwrap_or(ELEMENTS.len() - 1)] += 1.0;
        counts[ELEMENTS.len()] += f64::from(graph.hydrogens[atom]);
        counts[ELEMENTS.len() + 1] += f64::from(u8::from(graph.aromatic[atom]));
        counts[ELEMENTS.len() + 2] += f64::from(graph.ring_count[atom].min(1));
        counts[ELEMENTS.len() + 3] += f64::from(graph.charge[atom].unsigned_abs());
    }
    counts
}

/// Fits all but the first `test` rows, predicts those.
#[allow(clippy::cast_possible_wrap, clippy::cast_precision_loss)]
fn ridge(rows: &[Vec<f64>], values: &[f64], test: usize) -> Result<Vec<f64>, EvaluationError> {
    let fitted = values.len() - test;
    let mean = values[test..].iter().sum::<f64>() / fitted as f64;
    let width = rows.first().map_or(0, Vec::len) as i64;
    if width == 0 {
        return Ok(vec![mean; test]);
    }
    let flat: Vec<f64> = rows.iter().flatten().copied().collect();
    let x = Tensor::f_from_slice(&flat)?.f_view([rows.len() as i64, width])?;
    let learn = x.f_narrow(0, test as i64, fitted as i64)?;
    let centre = learn.f_mean_dim(0, true, Kind::Double)?;
    let scale = learn.f_sub(&centre)?.f_square()?.f_mean_dim(0, true, Kind::Double)?.f_sqrt()?;
    let x = x.f_sub(&centre)?.f_div(&scale.f_add_scalar(1e-9)?)?;
    let learn = x.f_narrow(0, test as i64, fitted as i64)?;
    let right: Vec<f64> = values[test..].iter().map(|y| y - mean).collect();
    let right = learn.f_tr()?.f_matmul(&Tensor::f_from_slice(&right)?.f_unsqueeze(1)?)?;
    let penalty = Tensor::f_eye(width, (Kind::Double, Device::Cpu))?;
    let normal =
        learn.f_tr()?.f_matmul(&learn)?.f_add(&penalty.f_mul_scalar(RIDGE * fitted as f64)?)?;
    let weights = Tensor::f_linalg_solve(&normal, &right, true)?;
    let found = x.f_narrow(0, 0, test as i64)?.f_matmul(&weights)?.f_flatten(0, -1)?;
    Ok(Vec::<f64>::try_from(&found)?.into_iter().map(|y| y + mean).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_property_is_found_and_a_constant_column_does_no_harm() {
        let rows: Vec<Vec<f64>> =
            (0..50).map(|i| vec![f64::from(i), f64::from(i * i % 7), 1.0]).collect();
        let values: Vec<f64> = rows.iter().map(|row| 2.0 * row[0] - 3.0 * row[1] + 5.0).collect();
        let found = ridge(&rows, &values, 10).unwrap();
        assert!(found.iter().zip(&values).all(|(p, y)| (p - y).abs() < 0.1), "{found:?}");
        let mean = ridge(&vec![Vec::new(); 50], &values, 10).unwrap();
        assert!((mean[0] - values[10..].iter().sum::<f64>() / 40.0).abs() < 1e-9);
    }
}
