//! The networks that read molecules and spectra, and the thread they run on.
//!
//! Each network has a folder of its own: [`ShiftEnsemble`] (`shift`) predicts chemical shifts,
//! [`Kmaid`] (`kmaid`), [`Acml`] (`acml`) and [`SpecMol`] (`specmol`) hold spectra against
//! molecules. What they share (weights, layers, the graph network, model cards, devices) lies
//! beside the folders; [`inference`] serves trained networks to many callers.
//!
//! ```
//! use larmor_chemistry::Molecule;
//! use larmor_networks::{Parameters, ShiftConfig, ShiftEnsemble, ShiftNet};
//! use tch::Device;
//!
//! // Random weights here; `ShiftEnsemble::open` reads trained ones.
//! let net = ShiftNet::build(&mut Parameters::random(1, Device::Cpu), ShiftConfig::default())?;
//! let ethanol = Molecule::graph_only("CCO")?;
//! let shifts = ShiftEnsemble::single(net, Device::Cpu).predict(&[ethanol.graph])?;
//! let carbons = shifts[0].c13.iter().flatten().count();
//! assert_eq!(carbons, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod acml;
mod batch_model;
mod card;
mod device;
mod error;
mod gin;
pub mod inference;
mod kmaid;
mod layers;
mod parameters;
mod placement;
mod portions;
mod projection;
mod shift;
mod specmol;
mod spectrum_encoder;

pub use acml::{Acml, AcmlComparison, AcmlConfig, AcmlInput, AcmlNucleus, AcmlSpectrum};
pub use acml::{LATENT, ProtonAutoencoder};
pub use batch_model::BatchModel;
pub use card::{CARD_FILE, ModelCard, WEIGHTS_FILE, file_sha256};
pub use device::{choose_device, load_cuda, use_threads};
pub use error::NetworkError;
pub use gin::{AtomDescription, GinBatch, GinFeatures};
pub use kmaid::{CarbonPeak, KmaidComparison, KmaidSimilarity};
pub use kmaid::{KMAID_CONFIGS, Kernel, KmaidConfig, NodeLoss};
pub use kmaid::{Kmaid, MULTIPLICITIES, Structures};
pub use parameters::{Parameters, read_weights};
pub use placement::{Placement, Precision};
pub use shift::{APART, EDGE_FEATURES, FAR, NODE_FEATURES, mirror};
pub use shift::{AtomShift, PredictedShifts, solvent_code};
pub use shift::{GraphBatch, GraphFeatures};
pub use shift::{ShiftArchitecture, ShiftConfig, ShiftEnsemble, ShiftNet, ShiftOutput};
pub use specmol::{BACKBONE_FILE, Picture, Resnet, STAGES};
pub use specmol::{CARBON_WINDOW, PICTURE_SIDE, PROTON_WINDOW, SpectrumPair, TRACE_POINTS};
pub use specmol::{MoleculeBatch, PEAK_ENCODERS, SpectrumBatch, TracePair};
pub use specmol::{Pooling, SPECMOL_CONFIGS, SpecMol, SpecMolComparison};
pub use specmol::{SpecMolConfig, SpectrumInput};
pub use spectrum_encoder::{GRAPH_TEACHER, SpectrumTeacher, TeacherConfig};
pub use spectrum_encoder::{SPECTRUM_ENCODER, ShiftInput, Signal, SignalPattern};
pub use spectrum_encoder::{shifts_of, spectrum_bin};
