//! From the candidates of a sample to a ranking, assignments and a verdict.

mod discrepancies;
mod elucidator;
mod gather;
mod networks;
mod none;
mod options;
mod prediction_cache;
mod rank;
mod report;
mod scored_candidate;
mod second_opinion;
mod standing;
pub(crate) mod verdict;

pub use elucidator::Elucidator;
pub use options::{CandidatePool, ElucidationOptions};
