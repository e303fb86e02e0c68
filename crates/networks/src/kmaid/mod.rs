//! K-M3AID: 13C spectrum and molecule side by side, as wholes and as peaks and atoms.

mod comparison;
mod config;
mod embedding;
mod network;
mod peak_encoder;
mod similarity;

pub use comparison::KmaidComparison;
pub(crate) use config::SOFT_PROJECTION;
pub use config::{KMAID_CONFIGS, Kernel, KmaidConfig, NodeLoss};
pub use network::{Kmaid, Structures};
pub use peak_encoder::MULTIPLICITIES;
pub use similarity::{CarbonPeak, KmaidSimilarity};
