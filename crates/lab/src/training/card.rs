//! The card a run leaves beside its weights.

use std::path::Path;

use crate::data::{VALIDATION_SHARE, replace};
use crate::error::TrainingError;
use larmor_networks::{CARD_FILE, ModelCard, file_sha256};

/// What the data ask of whoever passes the weights on.
pub(crate) const LICENCE: &str = "Trained on nmrshiftdb2, whose database licence derives from ODbL (share-alike): pass the \
     weights on under the same terms and name nmrshiftdb2.";

/// How molecules were split, for a card.
pub(crate) fn split(test_fold: Option<u8>, beyond_folds: bool) -> String {
    let molecules = if beyond_folds { "all molecules" } else { "molecules of the published folds" };
    let test = match test_fold {
        Some(fold) => format!("K-M3AID fold {fold} tests"),
        None => "no fold tests".to_owned(),
    };
    format!(
        "by InChIKey first block, {molecules}: {test}, held-out compounds are left out, 1 in \
         {VALIDATION_SHARE} by digest validates, the rest trains"
    )
}

/// SHA-256 of a file, hex.
pub(crate) fn digest(path: &Path) -> Result<String, TrainingError> {
    file_sha256(path).map_err(TrainingError::file(path))
}

pub(crate) fn write_card(out: &Path, card: &ModelCard) -> Result<(), TrainingError> {
    let text = serde_json::to_string_pretty(card).unwrap_or_default() + "\n";
    replace(&out.join(CARD_FILE), text.as_bytes())
}
