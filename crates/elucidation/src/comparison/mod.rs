//! What whole spectra say of candidates beside the shifts: networks that hold the one against the
//! other. A further network is a file here with its `load`, a line in `networks::COMPARING` and
//! a [`ScorePart`](crate::ScorePart).

mod acml;
mod compare;
mod embedders;
mod kmaid;
mod networks;
mod specmol;

pub use compare::CompareSpectra;
pub use embedders::{EmbeddingNetwork, SpectrumEmbedders};
pub use networks::RunningNetworks;
