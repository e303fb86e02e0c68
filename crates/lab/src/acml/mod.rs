//! ACML: a graph network taught by a frozen encoder of 13C or 1H spectra.

mod autoencoder;
mod card;
mod encoder;
mod example;
mod loss;
mod property;
mod settings;
mod system;
mod trainer;
mod training;
mod validation;

pub use example::{AcmlExample, Measured, read_acml_examples};
pub use property::predict_property;
pub use settings::AcmlTraining;
pub use system::AcmlSystem;
pub use training::train_acml;
