//! ACML: asymmetric contrastive transfer between molecules and spectra of one nucleus.

mod comparison;
mod config;
mod network;
mod proton_encoder;
mod spectrum;

pub use comparison::AcmlComparison;
pub use config::{AcmlConfig, AcmlInput, AcmlNucleus};
pub use network::Acml;
pub use proton_encoder::{LATENT, ProtonAutoencoder};
pub use spectrum::AcmlSpectrum;
