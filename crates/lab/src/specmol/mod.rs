//! SpecMol-SpecMol: does a molecule match a pair of 1H and 13C spectra?

mod backbone;
mod card;
mod crossed_pairs;
mod draw;
mod evaluation_set;
mod feature_cache;
mod molecule;
mod negatives;
mod settings;
mod spectra;
mod trainer;
mod training;
mod validation;

pub use backbone::{ConvertedBackbone, convert_backbone};
pub use evaluation_set::{MoleculeWithSpectra, SpecmolEvaluationSet};
pub use feature_cache::{FeatureCache, PictureKey};
pub use molecule::{SpecmolMolecule, predict_specmol_shifts, read_specmol_molecules};
pub use negatives::{DIFFERENT, NegativeKind};
pub use settings::SpecmolTraining;
pub use training::train_specmol;
