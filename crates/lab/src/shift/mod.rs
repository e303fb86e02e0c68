//! The shift network: 13C and 1H shifts from a structure.

mod card;
mod ensemble;
mod example;
mod listed;
mod loss;
mod open_peaks;
mod settings;
mod system;
mod trainer;
mod training;
mod validation;

pub use ensemble::{ShiftCombination, combine_shift};
pub use example::{ShiftExample, read_shift_examples, read_shift_records};
pub use open_peaks::OpenPeaks;
pub use settings::ShiftTraining;
pub use system::ShiftSystem;
pub use training::train_shift;
