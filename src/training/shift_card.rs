//! What a finished run of the shift network leaves: its card, and which molecules it saw.

use serde_json::json;

use super::card::{LICENCE, digest, write, write_trained_on};
use super::shift::mean_errors;
use super::split::{Parts, VALIDATION_SHARE};
use super::{ShiftExample, ShiftTraining, TrainingError};
use crate::network::{ModelCard, Parameters, ShiftNet, WEIGHTS_FILE};

/// Tests the best weights and writes the card and the digests of the keys trained on.
pub(super) fn write_card(
    run: &ShiftTraining,
    parts: &Parts<ShiftExample>,
) -> Result<ModelCard, TrainingError> {
    let weights_path = run.out.join(WEIGHTS_FILE);
    let mut parameters = Parameters::from_file(&weights_path, run.device, false)?;
    let net = ShiftNet::build(&mut parameters, run.network, run.device)?;
    parameters.finish(&weights_path)?;
    let validation = mean_errors(&net, &parts.validation, run)?;
    let test = mean_errors(&net, &parts.test, run)?;
    let exact: Vec<ShiftExample> = parts.test.iter().filter(|e| e.exact).cloned().collect();
    let exact_errors = mean_errors(&net, &exact, run)?;
    write_trained_on(&run.out, &parts.trained_on())?;
    let card = ModelCard {
        model: "shift".to_owned(),
        larmor_version: env!("CARGO_PKG_VERSION").to_owned(),
        architecture: json!(run.network),
        weights_sha256: digest(&weights_path)?,
        data_sha256: digest(&run.data)?,
        split: format!(
            "by InChIKey first block: K-M3AID fold {} tests, held-out compounds are left out, 1 in \
             {VALIDATION_SHARE} by digest validates, the rest trains",
            run.test_fold
        ),
        molecules: json!({"train": parts.train.len(), "validation": parts.validation.len(),
            "test": parts.test.len(), "test_exact": exact.len()}),
        training: json!({"epochs": run.epochs, "batch": run.batch, "learning_rate": run.learning_rate,
            "weight_decay": run.weight_decay, "seed": run.seed}),
        metrics: json!({
            "validation_mae_ppm": {"13C": validation[0], "1H": validation[1]},
            "test_mae_ppm": {"13C": test[0], "1H": test[1]},
            "test_exact_assignment_mae_ppm": {"13C": exact_errors[0], "1H": exact_errors[1]},
        }),
        licence: LICENCE.to_owned(),
    };
    write(&run.out, &card)?;
    Ok(card)
}
