//! K-M3AID: 13C spectra and molecules, peaks and atoms, side by side in one space.

mod batch;
mod card;
mod example;
mod loss;
mod pretraining;
mod settings;
mod system;
mod trainer;
mod training;
mod validation;

pub use example::{AssignedPeak, KmaidExample, read_kmaid_examples};
pub(crate) use pretraining::{Pretraining, SpectrumExample, pretrain};
pub use settings::KmaidTraining;
pub use system::KmaidSystem;
pub use training::train_kmaid;
