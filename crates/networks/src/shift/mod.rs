//! The shift network: from a molecular graph to the chemical shifts of its carbons and hydrogens.

mod attention;
mod batch;
mod batch_model;
mod ensemble;
mod features;
mod layout;
mod network;
mod prediction;
mod solvent;

pub use batch::GraphBatch;
pub use ensemble::{ShiftArchitecture, ShiftEnsemble};
pub use features::{APART, EDGE_FEATURES, FAR, GraphFeatures, NODE_FEATURES, mirror};
pub use network::{ShiftConfig, ShiftNet, ShiftOutput};
pub use prediction::{AtomShift, PredictedShifts};
pub use solvent::solvent_code;
