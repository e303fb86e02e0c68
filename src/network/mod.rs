//! Networks and the weights they run on. Knows nothing of training data or storage.

mod attention;
mod batch;
mod card;
mod device;
mod ensemble;
mod error;
mod features;
mod layers;
mod layout;
mod parameters;
mod prediction;
mod shift;
mod solvent;

pub use batch::GraphBatch;
pub use card::{CARD_FILE, ModelCard, WEIGHTS_FILE, file_sha256};
pub use device::{choose_device, load_cuda};
pub use ensemble::{ShiftArchitecture, ShiftEnsemble};
pub use error::NetworkError;
pub use features::{APART, EDGE_FEATURES, FAR, GraphFeatures, NODE_FEATURES, mirror};
pub use parameters::Parameters;
pub use prediction::{AtomShift, PredictedShifts};
pub use shift::{ShiftConfig, ShiftNet, ShiftOutput};
pub use solvent::solvent_code;

pub(crate) use error::first_line;
