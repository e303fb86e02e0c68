//! The card of an ACML run.

use serde_json::json;

use super::encoder::Encoder;
use super::example::AcmlExample;
use super::settings::AcmlTraining;
use crate::data::{Parts, write_trained_on};
use crate::error::TrainingError;
use crate::training::{LICENCE, digest, split, write_card};
use larmor_networks::{ModelCard, WEIGHTS_FILE};

/// Writes the card and the digests of the keys that encoder or network were trained on.
pub(super) fn write_acml_card(
    run: &AcmlTraining,
    parts: &Parts<AcmlExample>,
    encoder: &Encoder,
) -> Result<ModelCard, TrainingError> {
    let keys = parts.trained_on().into_iter().chain(encoder.trained_on.iter().copied());
    let seen = write_trained_on(&run.out, keys)?;
    let card = ModelCard {
        model: "acml".to_owned(),
        larmor_version: env!("CARGO_PKG_VERSION").to_owned(),
        architecture: json!(run.network),
        weights_sha256: digest(&run.out.join(WEIGHTS_FILE))?,
        data_sha256: digest(&run.data)?,
        split: split(run.test_fold, run.beyond_folds),
        molecules: json!({"train": parts.train.len(), "validation": parts.validation.len(),
            "test": parts.test.len(), "seen_in_all": seen}),
        training: json!({"encoder_sha256": run.encoder.as_deref().map(digest).transpose()?,
            "predicted_sha256": run.predicted.digests()?, "predicted_most": run.predicted.most,
            "pretraining_epochs": run.pretraining_epochs, "epochs": run.epochs,
            "batch": run.batch, "learning_rate": run.learning_rate,
            "constant_rate": run.constant_rate, "weight_decay": run.weight_decay,
            "seed": run.seed, "half_precision": run.half_precision}),
        metrics: json!({"measured_by": "larmor-lab evaluate"}),
        licence: LICENCE.to_owned(),
    };
    write_card(&run.out, &card)?;
    Ok(card)
}
