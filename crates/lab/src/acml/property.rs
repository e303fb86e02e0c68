//! A graph network trained for one property of molecules and nothing else: what the vectors of a
//! trained encoder are held against.

use std::path::Path;

use tch::{Device, Kind, Tensor};

use crate::error::TrainingError;
use crate::training::{AdamW, OneCycle, random, shown, shuffled, trained};
use larmor_chemistry::MolecularGraph;
use larmor_networks::{Acml, AcmlConfig, GinBatch, GinFeatures, Parameters};

/// One molecule in this many is kept to stop by.
const VALIDATES: usize = 10;
const BATCH: usize = 32;
const RATE: f64 = 1e-3;
const DECAY: f64 = 1e-3;
/// Molecules shown in all, and passes at least and at most.
const SHOWN: usize = 400_000;
const PASSES: [usize; 2] = [10, 150];
const SALT: u64 = 0x9109;

/// Predicts a property of the tested molecules with ACML's graph network, trained from scratch on the
/// fitted ones; of all passes the one counts that is best on a tenth of these.
///
/// # Errors
/// [`TrainingError`] when libtorch refuses.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
pub fn predict_property(
    config: &AcmlConfig,
    fitted: &[MolecularGraph],
    values: &[f64],
    tested: &[MolecularGraph],
    seed: u64,
    device: Device,
) -> Result<Vec<f64>, TrainingError> {
    let mut parameters = Parameters::random(seed, device);
    let net = Acml::build(&mut parameters, config, device)?;
    let weights = parameters.finish(Path::new("a network for a property"))?;
    let mut optimiser = AdamW::new(trained(&weights), DECAY, 1.0, device)?;
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let spread = (values.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / count).sqrt().max(1e-9);
    let features = |graphs: &[MolecularGraph]| graphs.iter().map(GinFeatures::from).collect();
    let (fitted, tested): (Vec<GinFeatures>, Vec<GinFeatures>) =
        (features(fitted), features(tested));
    let validating = fitted.len() / VALIDATES;
    let (validation, train) = fitted.split_at(validating);
    let passes = (SHOWN / train.len().max(1)).clamp(PASSES[0], PASSES[1]);
    let steps = passes * train.len().div_ceil(BATCH);
    let cycle = OneCycle { peak: RATE, steps: steps as i64 };
    let predict = |molecules: &[GinFeatures]| -> Result<Vec<f64>, TrainingError> {
        let _no_gradients = tch::no_grad_guard();
        let mut found = Vec::with_capacity(molecules.len());
        for chunk in molecules.chunks(BATCH) {
            let chunk: Vec<&GinFeatures> = chunk.iter().collect();
            let read = property(&net, &chunk, device, false)?.f_to_kind(Kind::Double)?;
            found.extend(Vec::<f64>::try_from(&read)?.iter().map(|y| y * spread + mean));
        }
        Ok(found)
    };
    let (mut least, mut best) = (f64::INFINITY, predict(&tested)?);
    for pass in 0..passes {
        let mut random = random(seed, SALT, pass as i64);
        let order = shuffled(train.len(), &mut random);
        for chunk in order.chunks(BATCH).filter(|chunk| chunk.len() > 1) {
            tch::manual_seed(seed.cast_signed() ^ (optimiser.steps << 16));
            let shown: Vec<_> = chunk.iter().map(|&i| shown(&train[i], &mut random)).collect();
            let wanted: Vec<f32> =
                chunk.iter().map(|&i| ((values[validating + i] - mean) / spread) as f32).collect();
            let wanted = Tensor::f_from_slice(&wanted)?.f_to_device(device)?;
            let read = property(&net, &shown.iter().collect::<Vec<_>>(), device, true)?;
            read.f_sub(&wanted)?.f_abs()?.f_mean(None)?.f_backward()?;
            optimiser.step(cycle.rate(optimiser.steps))?;
        }
        let found = predict(validation)?;
        let off: f64 = found.iter().zip(values).map(|(p, y)| (p - y).abs()).sum();
        if off < least {
            (least, best) = (off, predict(&tested)?);
        }
    }
    Ok(best)
}

/// The last layer over a molecule's sum is linear: its first number is taken for the property.
fn property(
    net: &Acml,
    molecules: &[&GinFeatures],
    device: Device,
    training: bool,
) -> Result<Tensor, TrainingError> {
    let batch = GinBatch::collate(molecules, device)?;
    Ok(net.graphs(&batch, training)?.f_select(1, 0)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;
    use larmor_networks::AcmlNucleus;

    #[test]
    fn a_network_learns_how_many_oxygens_there_are() {
        let chain = |carbons: usize, oxygens: usize| {
            let smiles = format!("{}{}", "C".repeat(carbons), "C(O)".repeat(oxygens));
            Molecule::graph_only(&smiles).unwrap().graph
        };
        let all: Vec<(MolecularGraph, f64)> =
            (1..9).flat_map(|c| (0..4).map(move |o| (chain(c, o), o as f64))).collect();
        let (tested, fitted): (Vec<_>, Vec<_>) =
            all.into_iter().enumerate().partition(|(i, _)| i % 5 == 2);
        let split = |part: Vec<(usize, (MolecularGraph, f64))>| -> (Vec<_>, Vec<f64>) {
            part.into_iter().map(|(_, pair)| pair).unzip()
        };
        let ((tested, truth), (fitted, values)) = (split(tested), split(fitted));
        let config = AcmlConfig { width: 16, layers: 2, ..AcmlConfig::soft(AcmlNucleus::Carbon) };
        let found = predict_property(&config, &fitted, &values, &tested, 3, Device::Cpu).unwrap();
        let off: f64 = found.iter().zip(&truth).map(|(p, y)| (p - y).abs()).sum::<f64>();
        assert!(off / (truth.len() as f64) < 0.5, "{found:?} for {truth:?}");
    }
}
