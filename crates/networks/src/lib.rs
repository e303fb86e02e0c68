//! Networks and the weights they run on. Knows nothing of training data or storage.

mod acml;
mod acml_config;
mod attention;
mod batch;
mod card;
mod device;
mod ensemble;
mod error;
mod features;
mod gin;
mod gin_batch;
pub mod inference;
mod kmaid;
mod kmaid_config;
mod kmaid_similarity;
mod layers;
mod layout;
mod parameters;
mod peak_encoder;
mod placement;
mod portions;
mod prediction;
mod projection;
mod proton_encoder;
mod resnet;
mod shift;
mod solvent;
mod specmol;
mod spectrum_encoder;

pub use acml::{Acml, AcmlSpectrum, traces};
pub use acml_config::{AcmlConfig, AcmlNucleus};
pub use batch::GraphBatch;
pub use card::{CARD_FILE, ModelCard, WEIGHTS_FILE, file_sha256};
pub use device::{choose_device, load_cuda, use_threads};
pub use ensemble::{ShiftArchitecture, ShiftEnsemble};
pub use error::{NetworkError, first_line};
pub use features::{APART, EDGE_FEATURES, FAR, GraphFeatures, NODE_FEATURES, mirror};
pub use gin_batch::{GinBatch, GinFeatures};
pub use kmaid::{Kmaid, SPECTRUM_ENCODER, SpectrumTeacher, Structures};
pub use kmaid_config::{KMAID_CONFIGS, Kernel, KmaidConfig, NodeLoss};
pub use kmaid_similarity::{CarbonPeak, KmaidSimilarity};
pub use parameters::Parameters;
pub use peak_encoder::MULTIPLICITIES;
pub use placement::{Placement, Precision};
pub use prediction::{AtomShift, PredictedShifts};
pub use proton_encoder::{LATENT, ProtonAutoencoder};
pub use resnet::{Picture, Resnet, STAGES};
pub use shift::{ShiftConfig, ShiftNet, ShiftOutput};
pub use solvent::solvent_code;
pub use specmol::{
    BACKBONE_FILE, CARBON_WINDOW, MATCH_CONFIGS, MatchConfig, MatchNet, MoleculeBatch,
    PICTURE_SIDE, PROTON_WINDOW, Pooling, SpectrumBatch, SpectrumInput, SpectrumPair, TRACE_POINTS,
};
pub use spectrum_encoder::spectrum_bin;
