//! Training: datasets, losses, loops and checkpoints.

mod adamw;
mod card;
mod checkpoint;
mod dataset;
mod error;
mod held_out;
mod kmaid;
mod kmaid_batch;
mod kmaid_card;
mod kmaid_data;
mod kmaid_loss;
mod kmaid_pretraining;
mod kmaid_validation;
mod open_peaks;
mod run_log;
mod schedule;
mod shift;
mod shift_card;
mod shift_ensemble;
mod shift_loss;
mod split;

pub use card::{TRAINED_ON_FILE, read_trained_on};
pub use dataset::{
    CarbonPeak, ProtonPeak, Record, ShiftExample, Spectrum, read_examples, read_records,
    read_shift_records,
};
pub use error::TrainingError;
pub use held_out::{HeldOut, key_hash};
pub use kmaid::{KmaidTraining, train_kmaid};
pub use kmaid_data::{AssignedPeak, Folds, KmaidExample, read_folds, read_kmaid_examples};
pub use open_peaks::OpenPeaks;
pub use shift::{ShiftTraining, train_shift};
pub use shift_ensemble::{ShiftCombination, combine_shift};
pub use split::validates;
