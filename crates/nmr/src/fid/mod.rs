//! Free induction decays: what a spectrometer wrote, read into one form whatever the vendor.
//! Knows nothing of watching or storage.
//!
//! [`inspect`] tells how far an acquisition is, [`read`] gives its [`Fid`]. Each format has a
//! module of its own; the table in `formats.rs` is what knows them all.

mod bruker;
mod bytes;
mod digest;
mod error;
mod experiment;
mod formats;
mod from_spectrum;
mod inspection;
mod jcamp;
mod jeol;
mod magritek;
mod nucleus;
mod plain_file;
mod points;
mod problem;
mod signal;
mod solvent;
mod structures_beside;
mod text;
mod varian;
mod vendor;

pub use error::{FidError, MissingFiles};
pub use experiment::Experiment;
pub use formats::{
    EVIDENCE_FILES, InspectionWithFid, inspect, inspect_with_fid, not_a_dataset, read, recognise,
};
pub use inspection::{Inspection, Status};
pub use nucleus::Nucleus;
pub use problem::{LineProblem, Malformed, ParameterProblem, PointsProblem, Unsupported};
pub use signal::{Fid, Origin};
pub use solvent::Solvent;
pub use structures_beside::{Beside, proposed_structures};
pub use vendor::Vendor;
