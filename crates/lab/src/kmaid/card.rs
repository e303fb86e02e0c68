//! The card of a K-M3AID run.

use serde_json::json;

use super::example::KmaidExample;
use super::settings::KmaidTraining;
use crate::data::{Parts, write_trained_on};
use crate::error::TrainingError;
use crate::training::{LICENCE, digest, split, write_card};
use larmor_networks::{ModelCard, WEIGHTS_FILE};

/// Writes the card and the digests of the keys trained on, in this stage or before.
pub(super) fn write_kmaid_card(
    run: &KmaidTraining,
    parts: &Parts<KmaidExample>,
    seen_before: &[u64],
) -> Result<ModelCard, TrainingError> {
    let keys = parts.trained_on().into_iter().chain(seen_before.iter().copied());
    let seen = write_trained_on(&run.out, keys)?;
    let card = ModelCard {
        model: "kmaid".to_owned(),
        larmor_version: env!("CARGO_PKG_VERSION").to_owned(),
        architecture: json!(run.network),
        weights_sha256: digest(&run.out.join(WEIGHTS_FILE))?,
        data_sha256: digest(&run.data)?,
        split: split(run.test_fold, run.beyond_folds),
        molecules: json!({"train": parts.train.len(), "validation": parts.validation.len(),
            "test": parts.test.len(), "seen_in_all": seen}),
        training: json!({"pretraining_epochs": run.pretraining_epochs, "epochs": run.epochs,
            "batch": run.batch, "learning_rate": run.learning_rate,
            "constant_rate": run.constant_rate, "weight_decay": run.weight_decay,
            "seed": run.seed, "half_precision": run.half_precision,
            "predicted_sha256": run.predicted.digests()?, "predicted_most": run.predicted.most,
            "start_from_sha256": run.start_from.as_deref().map(digest).transpose()?}),
        metrics: json!({"measured_by": "larmor-lab evaluate"}),
        licence: LICENCE.to_owned(),
    };
    write_card(&run.out, &card)?;
    Ok(card)
}
