//! Is a proposed structure right? Right structures and realistic wrong ones, each proposed alone
//! with measured spectra, and what is said of them.

mod case;
mod case_set;
mod judge;
mod judgement;
mod outcomes;
mod printed_lists;
mod proton_text;
mod reliability_table;
mod verdict_table;

pub use case::VerificationCase;
pub use case_set::CaseSet;
pub use judge::{NUCLEI, judge};
pub use judgement::{JudgedMolecule, Judgement};
pub use outcomes::write_outcomes;
pub use printed_lists::{Half, read_blocks};
pub(crate) use reliability_table::reliability_table;
pub(crate) use verdict_table::verdict_table;
