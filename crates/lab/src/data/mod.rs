//! Data sets: the files they lie in, how they are split, and what was left out of them.

mod dropped;
mod file;
mod folds;
mod held_out;
mod json_lines;
mod line;
mod listed;
mod predicted;
mod proton_signals;
mod record;
mod split;
mod trained_on;

pub use dropped::Dropped;
pub(crate) use dropped::{NO_CARBON, NO_FOLD, NO_KEY, NO_PROTON, NOT_UNDERSTOOD, SAME};
pub(crate) use file::{Table, replace};
pub(crate) use folds::fold_of;
pub use folds::{Folds, read_folds};
pub use held_out::HeldOut;
pub(crate) use json_lines::read_json_lines;
pub use line::Line;
pub(crate) use line::{lines_of, moved};
pub use listed::ListedFiles;
pub(crate) use listed::{ListedRecord, Measured, PrintedSignal};
pub(crate) use predicted::place;
pub use predicted::{PredictedCarbon, PredictedFiles, PredictedHydrogens, PredictedRecord};
pub use proton_signals::proton_signals;
pub(crate) use record::ambiguous;
pub use record::{CarbonPeak, ProtonPeak, Record, Spectrum, read_records};
pub use split::{DataSet, Keyed, validates};
pub(crate) use split::{Parts, VALIDATION_SHARE};
pub(crate) use trained_on::write_trained_on;
pub use trained_on::{TRAINED_ON_FILE, TrainedOn, key_hash, read_trained_on};
