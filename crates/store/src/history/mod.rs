//! Spectra as vectors: kept with what they were made from, and searched for similar ones.

mod embeddings;
mod half_floats;
mod similar;
mod unembedded;

pub(super) use embeddings::replace;
pub use similar::{KnownStructure, SimilarSpectrum};
pub use unembedded::Unembedded;
