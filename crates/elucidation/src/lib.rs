//! From observed peaks and candidates to a ranking, assignments and a verdict.

mod comparison;
mod contender;
mod dataset;
mod drawn;
mod error;
mod judge;
pub mod library;
mod likelihood;
mod lines;
mod marginals;
mod matching;
mod parameters;
mod prepared;
mod prescore;
mod query;
mod sample;
mod score;
mod settle;
mod solver;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod verdict;

pub use comparison::{CompareSpectra, ScorePart, comparers};
pub use dataset::read_dataset;
pub use drawn::DrawnSpectrum;
pub use error::ElucidationError;
pub use judge::{Elucidator, JudgeOptions, Pool};
pub use larmor_nmr::elucidation::{Candidate, Elucidation, PeakAssignment, Verdict};
pub use likelihood::{CarbonPairs, Observed, carbon_pairs, one_to_one};
pub use parameters::{NucleusParameters, Parameters, SimilarityWeights};
pub use query::{Extent, ObservedPeak, Query};
