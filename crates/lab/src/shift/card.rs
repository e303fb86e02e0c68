//! What finished training leaves beside the weights: a card, and which molecules were seen.

use std::path::Path;

use serde_json::{Value, json};
use tch::Device;

use super::example::ShiftExample;
use super::settings::ShiftTraining;
use super::validation::mean_errors;
use crate::data::{Parts, VALIDATION_SHARE, write_trained_on};
use crate::error::TrainingError;
use crate::training::{LICENCE, digest, write_card};
use larmor_networks::{
    GraphBatch, ModelCard, ShiftArchitecture, ShiftEnsemble, WEIGHTS_FILE, file_sha256,
};

/// Tests the best weights and writes the card and the digests of the keys trained on.
pub(super) fn write_shift_card(
    run: &ShiftTraining,
    parts: &Parts<ShiftExample>,
    seen_before: &[u64],
) -> Result<ModelCard, TrainingError> {
    let earlier = earlier_card(run);
    let training = json!({"epochs": run.epochs, "batch": run.batch, "seed": run.seed,
        "learning_rate": run.learning_rate, "weight_decay": run.weight_decay,
        "pretraining_epochs": run.pretraining_epochs, "predicted_most": run.predicted.most,
        "predicted_sha256": run.predicted.digests()?, "lists_sha256": run.listed.digests()?,
        "predicted_by": run.predicted.by,
        "started_from": run.start_from.as_deref().map(file_sha256).transpose()
            .map_err(TrainingError::file(&run.out))?,
        "before": earlier.map(|card| card.training)});
    let finished = Finished {
        out: &run.out,
        data: &run.data,
        test_fold: run.test_fold,
        architecture: ShiftArchitecture::Single(run.network),
        training,
        keys: parts.trained_on().into_iter().chain(seen_before.iter().copied()).collect(),
        device: run.device,
    };
    finished.write(parts)
}

/// The card beside the weights that a run starts from, where there is one.
fn earlier_card(run: &ShiftTraining) -> Option<ModelCard> {
    ModelCard::open(run.start_from.as_deref()?.parent()?).ok()
}

/// Weights that are ready in `out`, with what the card needs to know.
pub(super) struct Finished<'a> {
    pub(super) out: &'a Path,
    pub(super) data: &'a Path,
    pub(super) test_fold: Option<u8>,
    pub(super) architecture: ShiftArchitecture,
    pub(super) training: Value,
    /// Digests of the keys trained or validated on.
    pub(super) keys: Vec<u64>,
    pub(super) device: Device,
}

impl Finished<'_> {
    pub(super) fn write(self, parts: &Parts<ShiftExample>) -> Result<ModelCard, TrainingError> {
        let weights = self.out.join(WEIGHTS_FILE);
        let model = ShiftEnsemble::from_file(&weights, &self.architecture, self.device)?;
        let forward = |batch: &GraphBatch| model.forward(batch);
        let errors = |part: &[ShiftExample]| -> Result<Value, TrainingError> {
            if part.is_empty() {
                return Ok(Value::Null);
            }
            let [carbon, proton, geminal] = mean_errors(&forward, part, self.device)?;
            Ok(json!({"13C": carbon, "1H": proton, "geminal": geminal}))
        };
        let exact: Vec<ShiftExample> = parts.test.iter().filter(|e| e.exact).cloned().collect();
        let metrics = json!({
            "validation_mae_ppm": errors(&parts.validation)?,
            "test_mae_ppm": errors(&parts.test)?,
            "test_exact_assignment_mae_ppm": errors(&exact)?,
        });
        write_trained_on(self.out, self.keys)?;
        let tests = self
            .test_fold
            .map_or("no fold is".to_owned(), |fold| format!("K-M3AID fold {fold} tests and is"));
        let card = ModelCard {
            model: "shift".to_owned(),
            larmor_version: env!("CARGO_PKG_VERSION").to_owned(),
            architecture: json!(self.architecture),
            weights_sha256: digest(&weights)?,
            data_sha256: digest(self.data)?,
            split: format!(
                "by InChIKey first block: {tests} left out, held-out compounds are left out, 1 in \
                 {VALIDATION_SHARE} by digest validates, the rest trains"
            ),
            molecules: json!({"train": parts.train.len(), "validation": parts.validation.len(),
                "test": parts.test.len(), "test_exact": exact.len()}),
            training: self.training,
            metrics,
            licence: LICENCE.to_owned(),
        };
        write_card(self.out, &card)?;
        Ok(card)
    }
}
