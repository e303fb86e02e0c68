//! What a chemist hands in of a sample: the [`text`] of a paper's experimental part, and files that
//! other programs read ([`export`]).

pub mod export;
mod figure;
mod hydrogens;
pub mod jcamp;
mod labels;
pub mod nmredata;
pub mod nmrium;
mod pdf;
mod sample_report;
#[cfg(test)]
mod test_report;
pub mod text;

pub use figure::figure;
pub use pdf::{PdfError, pdf};
pub use sample_report::{ForeignSignal, ReportedSpectrum, ReportedStructure, SampleReport};
