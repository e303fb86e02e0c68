//! The card of a SpecMol run.

use serde_json::json;

use super::molecule::SpecmolMolecule;
use super::settings::SpecmolTraining;
use crate::data::{Parts, VALIDATION_SHARE, write_trained_on};
use crate::error::TrainingError;
use crate::training::{LICENCE, digest, write_card};
use larmor_networks::{ModelCard, WEIGHTS_FILE};

/// Writes the card and the digests of the keys trained on.
pub(super) fn write_specmol_card(
    run: &SpecmolTraining,
    parts: &Parts<SpecmolMolecule>,
    backbone: Option<&str>,
    seen_before: &[u64],
) -> Result<ModelCard, TrainingError> {
    let keys = parts.trained_on().into_iter().chain(seen_before.iter().copied());
    write_trained_on(&run.out, keys)?;
    let card = ModelCard {
        model: "specmol".to_owned(),
        larmor_version: env!("CARGO_PKG_VERSION").to_owned(),
        architecture: json!(run.network),
        weights_sha256: digest(&run.out.join(WEIGHTS_FILE))?,
        data_sha256: digest(&run.data)?,
        split: format!(
            "by InChIKey first block: held-out compounds are left out, 1 in {VALIDATION_SHARE} by \
             digest validates, the rest trains; spectra are drawn from predicted shifts"
        ),
        molecules: json!({"train": parts.train.len(), "validation": parts.validation.len()}),
        training: json!({"epochs": run.epochs, "batch": run.batch,
            "learning_rate": run.learning_rate, "one_cycle": run.one_cycle,
            "weight_decay": run.weight_decay, "shift_noise": run.shift_noise, "seed": run.seed,
            "backbone_sha256": backbone,
            "encoders_sha256": run.encoders.iter().map(|path| digest(path)).collect::<Result<Vec<_>, _>>()?,
            "shift_model_sha256": digest(&run.shift_model.join(WEIGHTS_FILE))?}),
        metrics: json!({"measured_by": "larmor-lab evaluate matching"}),
        licence: LICENCE.to_owned(),
    };
    write_card(&run.out, &card)?;
    Ok(card)
}
