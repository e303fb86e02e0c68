//! Networks and the weights they run on. Knows nothing of training data or storage.

mod prediction;

pub use prediction::{AtomShift, PredictedShifts};
