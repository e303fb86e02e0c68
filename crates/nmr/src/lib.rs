//! NMR data: what a spectrometer wrote, read into one form whatever the vendor, processed into a
//! spectrum with peaks and multiplets.
//!
//! [`fid`] reads, [`spectrum`] processes, [`sample`] puts spectra together to samples,
//! [`structure`] is what somebody expects a sample to be, [`elucidation`] has the plain types of
//! what is concluded from spectra. Nothing here knows networks, chemistry toolkits or databases.

pub mod elucidation;
pub mod fid;
mod name;
pub mod sample;
pub mod spectrum;
pub mod structure;

pub use name::UnknownName;
