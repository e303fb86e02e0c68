//! Free induction decays: what a spectrometer wrote, read into one form whatever the vendor.
//! Knows nothing of watching or storage.
//!
//! [`inspect`] tells how far an acquisition is, [`read`] gives its [`Fid`]. Each format has a
//! module of its own; the table in `formats.rs` is what knows them all.

mod archive;
mod bruker;
mod bytes;
mod digest;
mod directory;
mod error;
mod experiment;
mod file_names;
mod formats;
mod from_spectrum;
mod identity;
mod inspection;
mod jcamp;
mod jeol;
mod magritek;
mod nucleus;
mod plain_file;
mod points;
mod problem;
mod program;
mod signal;
mod solvent;
mod spectrum_beside;
mod structures_beside;
mod text;
mod varian;
mod vendor;
mod vendor_spectrum;

pub use error::{FidError, MissingFiles};
pub use experiment::Experiment;
pub use formats::{
    InspectionWithFid, MOST_EVIDENCE_FILES, evidence_files, inspect, inspect_with_fid,
    is_telling_name, not_a_dataset, read, recognise, vendor_peaks, vendor_spectrum,
};
pub use inspection::{Inspection, Status};
pub use nucleus::Nucleus;
pub use problem::{LineProblem, Malformed, ParameterProblem, PointsProblem, Unsupported};
pub use signal::{Fid, Origin};
pub use solvent::Solvent;
pub use structures_beside::{Beside, proposed_structures};
pub use vendor::Vendor;
pub use vendor_spectrum::{VendorPeak, VendorPeaks, VendorSpectrum};
