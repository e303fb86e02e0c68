//! SpecMol-MatchNet: does this molecule match this pair of 1H and 13C spectra?
//!
//! A graph network makes a vector of the molecule; a second branch makes one of both spectra, from
//! their pictures (through a frozen ResNet-50, as published), from the traces themselves, or from the
//! peaks seen in them; a fused vector of both is judged.

mod atoms;
mod cbam;
mod comparison;
mod config;
mod fusion;
mod molecule_branch;
mod network;
mod peak_branch;
mod published_branch;
mod resnet;
mod spectra;
mod spectrum_batch;
mod spectrum_branch;

pub use comparison::SpecMolComparison;
pub use config::{Pooling, SPECMOL_CONFIGS, SpecMolConfig, SpectrumInput};
pub use molecule_branch::MoleculeBatch;
pub use network::{BACKBONE_FILE, SpecMol};
pub use peak_branch::PEAK_ENCODERS;
pub use resnet::{Picture, Resnet, STAGES};
pub use spectra::{
    CARBON_WINDOW, PICTURE_SIDE, PROTON_WINDOW, SpectrumPair, TRACE_POINTS, TracePair,
};
pub use spectrum_batch::SpectrumBatch;
