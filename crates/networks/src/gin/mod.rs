//! The graph network that K-M3AID and ACML share, and what it takes of molecules.

mod batch;
mod encoder;

pub use batch::{GinBatch, GinFeatures};
pub(crate) use encoder::Gin;
