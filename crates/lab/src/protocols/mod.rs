//! The protocols that a trained model is measured by, each with its tables.

mod assignment;
mod calibration;
mod calibration_fit;
mod external;
mod fid;
mod fusion;
mod graph;
mod isomers;
mod mixtures;
mod probe;
mod retrieval;
mod retrieval_pool;
mod search;
mod shifts;
mod specmol;
mod system;
mod verification;

pub use assignment::assignment;
pub use calibration::calibration;
pub use external::external;
pub use fid::fids;
pub use fusion::fusion;
pub use graph::{GRAPH_BATCH, graph};
pub use isomers::{LEAST_ISOMERS, isomers};
pub use mixtures::mixtures;
pub use probe::{probe, with_logp};
pub use retrieval::retrieval;
pub use retrieval_pool::Rivals;
pub use search::search;
pub use shifts::shifts;
pub use specmol::specmol;
pub use system::System;
pub use verification::verification;
