//! From FID to peaks. Knows nothing of where the FID came from.
//!
//! Each step is a function of its own: [`apodization`], [`transform`] (with zero filling and the
//! filter's delay), [`phase`], [`positivity`], [`baseline`], [`picking`], [`referencing`], [`classification`],
//! [`fluorine`], [`editing`]; [`process`] takes them in order and records what was done.

pub mod apodization;
mod axis;
pub mod baseline;
mod cholesky;
pub mod classification;
pub mod comparison;
pub mod deconvolution;
pub mod editing;
mod error;
pub mod fluorine;
pub mod glitches;
pub mod line;
pub mod linear_prediction;
pub mod multiplet;
pub mod noise;
mod parameters;
mod peak;
mod peak_list;
pub mod phase;
pub mod picking;
pub mod positivity;
mod process;
pub mod quality;
mod record;
pub mod referencing;
pub mod satellites;
pub mod sidebands;
pub mod simulation;
pub mod solvent_lines;
mod time_domain;
pub mod transform;
pub mod whittaker;

pub use apodization::Apodization;
pub use axis::Axis;
pub use editing::edit_multiplicities;
pub use error::SpectrumError;
pub use multiplet::Multiplet;
pub use parameters::ProcessingParameters;
pub use peak::{LineErrors, Multiplicity, Peak, PeakClass, Splitting, Substance};
pub use process::{ProcessedSpectrum, process};
pub use quality::Quality;
pub use record::{PROCESSING_VERSION, ProcessingRecord, ProcessingStep};
pub use referencing::{ReferenceMethod, Referencing, Rival, SampleAxis};
