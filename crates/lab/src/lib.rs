//! The laboratory of Larmor: trains its networks and holds what they say against the truth.

pub mod acml;
pub mod data;
pub mod drawing;
mod error;
pub mod evaluation;
pub mod kmaid;
pub mod protocols;
pub mod shift;
pub mod specmol;
pub mod statistics;
mod training;

pub use error::{EvaluationError, TrainingError};
