//! The protocols that a trained model is measured by, each with its tables.

mod assignment;
mod calibration;
mod calibration_fit;
mod external;
mod fid;
mod fusion;
mod graph;
mod isomers;
mod known_compound;
mod probe;
mod retrieval;
mod retrieval_pool;
mod shifts;
mod specmol;
mod system;

pub use assignment::assignment;
pub use calibration::calibration;
pub use external::external;
pub use fid::fids;
pub use fusion::fusion;
pub use graph::{GRAPH_BATCH, graph};
pub use isomers::{LEAST_ISOMERS, isomers};
pub use known_compound::{KnownCompound, known_compounds};
pub use probe::{probe, with_logp};
pub use retrieval::retrieval;
pub use retrieval_pool::Rivals;
pub use shifts::shifts;
pub use specmol::specmol;
pub use system::System;
