//! From observed peaks and candidates to a ranking, assignments and a verdict.

mod query;
mod result;

pub use query::{ObservedPeak, Query};
pub use result::{Candidate, Elucidation, PeakAssignment, Verdict};
