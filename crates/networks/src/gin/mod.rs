//! The graph network that K-M3AID and ACML share, and what it takes of molecules.

mod batch;
mod encoder;
mod graph_encoder;

pub use batch::{GinBatch, GinFeatures};
pub use encoder::AtomDescription;
pub(crate) use encoder::{Gin, GinSize};
pub(crate) use graph_encoder::GraphEncoder;
