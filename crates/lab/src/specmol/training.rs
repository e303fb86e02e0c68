//! The training run of SpecMol-SpecMol.

use std::fs;

use super::card::write_specmol_card;
use super::feature_cache::place_backbone;
use super::molecule::{SpecmolMolecule, predict_specmol_shifts, read_specmol_molecules};
use super::negatives::Neighbours;
use super::settings::SpecmolTraining;
use super::spectra::SpectrumSource;
use super::trainer::SpecmolTrainer;
use crate::data::Parts;
use crate::error::TrainingError;
use crate::training::{
    CHECKPOINT_FILE, EarlierWeights, Rate, Stage, Weights, copy_weights, random, train_epochs,
};
use larmor_networks::{
    GRAPH_TEACHER, ModelCard, PEAK_ENCODERS, Parameters, Resnet, SPECTRUM_ENCODER, SpecMol,
    SpectrumInput,
};

/// Pairs two molecules with their spectra make: two that match, two that do not.
const PAIRS_OF_A_COUPLE: usize = 4;

/// Trains, writing a checkpoint after each epoch, and leaves the weights of the epoch with the
/// lowest validation loss with their card in `out`. `report` is called with a line for the operator
/// now and then.
///
/// # Errors
/// [`TrainingError`] when data cannot be read or leave nothing to train or to validate on, files
/// cannot be written, or the loss diverges.
pub fn train_specmol(
    run: &SpecmolTraining,
    report: &mut dyn FnMut(&str),
) -> Result<Option<ModelCard>, TrainingError> {
    fs::create_dir_all(&run.out).map_err(TrainingError::file(&run.out))?;
    let mut data = read_specmol_molecules(&run.data, run.molecules, run.seed)?;
    predict_specmol_shifts(&mut data.examples, &run.shift_model, run.device)?;
    data.retain("without a carbon whose shift is predicted", |molecule| {
        molecule.shifts.c13.iter().any(Option::is_some)
    });
    let parts = Parts::split(data, None, &run.held_out);
    parts.report(report);
    // Pictures of an hour are not drawn for a run that will be refused.
    parts.refuse_empty()?;
    let (source, backbone) = spectra(run, &parts, report)?;
    let neighbours = Neighbours::of(&parts.train, &mut random(run.seed, 1, 0));
    let mut parameters = Parameters::random(run.seed, run.device);
    let net = SpecMol::build(&mut parameters, &run.network, run.device)?;
    let mut weights = parameters.finish(&run.out)?;
    let seen_before = encoders(run, &parts, &mut weights)?;
    let stage = Stage {
        out: &run.out,
        checkpoint: CHECKPOINT_FILE,
        label: "epoch",
        epochs: run.epochs,
        until: run.stop_after.unwrap_or(run.epochs),
        batch: (run.batch / PAIRS_OF_A_COUPLE).max(1),
        least_batch: 1,
        rate: Rate::new(run.learning_rate, !run.one_cycle),
        weight_decay: run.weight_decay,
        seed: run.seed,
        salt: 0,
        resume: run.resume,
        device: run.device,
    };
    let mut trainer = SpecmolTrainer {
        net,
        run,
        neighbours,
        source,
        backbone: backbone.clone(),
        seen_before: seen_before.clone(),
    };
    if train_epochs(&mut trainer, &parts, &mut weights, &stage, report)? == 0 {
        return Ok(None);
    }
    write_specmol_card(run, &parts, backbone.as_deref(), &seen_before).map(Some)
}

/// Puts the encoders of spectra into a network on peaks, and the graph network that learned with that
/// of 1H; returns the digests of the keys they know.
fn encoders(
    run: &SpecmolTraining,
    parts: &Parts<SpecmolMolecule>,
    weights: &mut Weights,
) -> Result<Vec<u64>, TrainingError> {
    if run.network.spectra != SpectrumInput::Peaks {
        return Ok(Vec::new());
    }
    let mut seen = Vec::new();
    for (path, own) in run.encoders.iter().zip(PEAK_ENCODERS) {
        let earlier = EarlierWeights::read(path, parts)?;
        let rename = |name: &str| {
            let encoder = name.strip_prefix(SPECTRUM_ENCODER).map(|rest| format!("{own}{rest}"));
            encoder.or_else(|| Some(name.trim_start_matches(GRAPH_TEACHER).to_owned()))
        };
        let wanted = weights.iter().filter(|(name, _)| name.starts_with(own)).count();
        let before = |name: &str| rename(name).filter(|name| name.starts_with(own));
        let found = copy_weights(weights, &earlier.weights, before)?;
        if found < wanted {
            let reason = format!("holds {found} of the {wanted} weights of '{own}'");
            return Err(TrainingError::Format { path: path.clone(), reason });
        }
        copy_weights(weights, &earlier.weights, rename)?;
        seen.extend(earlier.trained_on);
    }
    if seen.is_empty() {
        let reason = "a network on peaks needs the encoders of ACML: --encoders 13C 1H".to_owned();
        return Err(TrainingError::Format { path: run.out.clone(), reason });
    }
    Ok(seen)
}

/// Spectra in the form the network takes, and the digest of the backbone.
fn spectra(
    run: &SpecmolTraining,
    parts: &Parts<SpecmolMolecule>,
    report: &mut dyn FnMut(&str),
) -> Result<(SpectrumSource, Option<String>), TrainingError> {
    if run.network.spectra != SpectrumInput::Image {
        let (shift_noise, form) = (run.shift_noise, run.network.spectra.into());
        return Ok((SpectrumSource::Drawn { shift_noise, form }, None));
    }
    let path = run.backbone.as_ref().ok_or_else(|| TrainingError::Format {
        path: run.out.clone(),
        reason: "a network on pictures needs a backbone: './dev backbone' makes one".to_owned(),
    })?;
    let backbone = Resnet::open(path, run.device)?;
    place_backbone(path, &run.out)?;
    let source = SpectrumSource::pictures(
        &backbone,
        run.cache.as_ref().unwrap_or(&run.out),
        [&parts.train, &parts.validation],
        run.shift_noise,
        run.seed,
        report,
    )?;
    Ok((source, Some(backbone.digest().to_owned())))
}
