//! Training: datasets, losses, loops and checkpoints.

mod adamw;
mod checkpoint;
mod dataset;
mod error;
mod held_out;
mod open_peaks;
mod schedule;
mod shift;
mod shift_card;
mod shift_ensemble;
mod shift_loss;
mod split;

pub use dataset::{Record, ShiftExample, read_examples};
pub use error::TrainingError;
pub use held_out::{HeldOut, key_hash};
pub use open_peaks::OpenPeaks;
pub use shift::{ShiftTraining, train_shift};
pub use shift_ensemble::{ShiftCombination, combine_shift};
