//! Is a proposed structure right? Right structures and realistic wrong ones, each proposed alone
//! with measured spectra, and what is said of them.

mod case;
mod case_set;
pub(crate) mod contamination;
mod judge;
mod judgement;
mod measured_like;
mod none_training;
mod outcomes;
mod printed_lists;
mod proton_text;
mod regression_fit;
mod reliability_table;
mod search;
mod verdict_table;
mod verdict_training;

pub use case::VerificationCase;
pub use case_set::CaseSet;
pub use judge::{NUCLEI, judge};
pub use judgement::{JudgedMolecule, Judgement};
pub use none_training::train_none;
pub use outcomes::write_outcomes;
pub use printed_lists::{Half, read_blocks};
pub(crate) use reliability_table::reliability_table;
pub use search::{SearchOutcome, SearchSetting, search};
pub(crate) use verdict_table::verdict_table;
pub use verdict_training::{VerdictTraining, train_verdict};
