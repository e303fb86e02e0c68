//! What finished training leaves beside the weights: a card, and which molecules were seen.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tch::Device;

use super::shift::mean_errors;
use super::split::{Parts, VALIDATION_SHARE};
use super::{ShiftExample, ShiftTraining, TrainingError, key_hash};
use crate::network::{
    CARD_FILE, GraphBatch, ModelCard, ShiftArchitecture, ShiftEnsemble, WEIGHTS_FILE, file_sha256,
};

/// File beside the weights with the sorted 64-bit digests of the keys trained on.
pub(super) const TRAINED_ON_FILE: &str = "trained_on.bin";

/// Tests the best weights and writes the card and the digests of the keys trained on.
pub(super) fn write_card(run: &ShiftTraining, parts: &Parts) -> Result<ModelCard, TrainingError> {
    let keys = parts.train.iter().chain(&parts.validation).map(|e| key_hash(&e.block)).collect();
    let training = json!({"epochs": run.epochs, "batch": run.batch, "seed": run.seed,
        "learning_rate": run.learning_rate, "weight_decay": run.weight_decay,
        "started_from": run.start_from.as_deref().map(file_sha256).transpose()
            .map_err(TrainingError::file(&run.out))?});
    let finished = Finished {
        out: &run.out,
        data: &run.data,
        test_fold: run.test_fold,
        architecture: ShiftArchitecture::Single(run.network),
        training,
        keys,
        device: run.device,
    };
    finished.write(parts)
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
    pub(super) fn write(mut self, parts: &Parts) -> Result<ModelCard, TrainingError> {
        let weights = self.out.join(WEIGHTS_FILE);
        let model = ShiftEnsemble::from_file(&weights, &self.architecture, self.device)?;
        let forward = |batch: &GraphBatch| model.forward(batch);
        let errors = |part: &[ShiftExample]| -> Result<Value, TrainingError> {
            if part.is_empty() {
                return Ok(Value::Null);
            }
            let [carbon, proton] = mean_errors(&forward, part, self.device)?;
            Ok(json!({"13C": carbon, "1H": proton}))
        };
        let exact: Vec<ShiftExample> = parts.test.iter().filter(|e| e.exact).cloned().collect();
        let metrics = json!({
            "validation_mae_ppm": errors(&parts.validation)?,
            "test_mae_ppm": errors(&parts.test)?,
            "test_exact_assignment_mae_ppm": errors(&exact)?,
        });
        let digest = |path: &Path| file_sha256(path).map_err(TrainingError::file(path));
        self.keys.sort_unstable();
        self.keys.dedup();
        let bytes: Vec<u8> = self.keys.iter().flat_map(|key| key.to_be_bytes()).collect();
        replace(&self.out.join(TRAINED_ON_FILE), &bytes)?;
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
            licence: "Trained on nmrshiftdb2, whose database licence derives from ODbL \
                      (share-alike): pass the weights on under the same terms and name \
                      nmrshiftdb2."
                .to_owned(),
        };
        let text = serde_json::to_string_pretty(&card).unwrap_or_default() + "\n";
        replace(&self.out.join(CARD_FILE), text.as_bytes())?;
        Ok(card)
    }
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), TrainingError> {
    let temporary = path.with_extension("new");
    fs::write(&temporary, bytes).map_err(TrainingError::file(&temporary))?;
    fs::rename(&temporary, path).map_err(TrainingError::file(path))
}
