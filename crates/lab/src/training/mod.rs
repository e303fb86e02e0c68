//! Training: datasets, losses, loops and checkpoints.

mod acml;
mod acml_autoencoder;
mod acml_card;
mod acml_data;
mod acml_encoder;
mod acml_loss;
mod acml_validation;
mod adamw;
mod augmentation;
mod backbone;
mod card;
mod checkpoint;
mod dataset;
mod error;
mod foreign_lines;
mod held_out;
mod kmaid;
mod kmaid_batch;
mod kmaid_card;
mod kmaid_data;
mod kmaid_loss;
mod kmaid_pretraining;
mod kmaid_validation;
mod match_card;
mod match_data;
mod match_features;
mod match_negatives;
mod match_shown;
mod match_spectra;
mod match_validation;
mod matching;
mod open_peaks;
mod property;
mod proton_scatter;
mod proton_signals;
mod run_log;
mod schedule;
mod shift;
mod shift_card;
mod shift_ensemble;
mod shift_loss;
mod split;

pub use acml::{AcmlTraining, train_acml};
pub use acml_data::{AcmlExample, Measured, read_acml_examples};
pub use backbone::{ConvertedBackbone, convert_backbone};
pub use card::{TRAINED_ON_FILE, read_trained_on};
pub use dataset::{
    CarbonPeak, ProtonPeak, Record, ShiftExample, Spectrum, read_examples, read_records,
    read_shift_records,
};
pub use error::TrainingError;
pub use held_out::{HeldOut, key_hash};
pub use kmaid::{KmaidTraining, train_kmaid};
pub use kmaid_data::{AssignedPeak, Folds, KmaidExample, read_folds, read_kmaid_examples};
pub use match_data::{MatchMolecule, predict_match_shifts, read_match_molecules};
pub use match_features::{FeatureCache, PictureKey};
pub use match_negatives::{DIFFERENT, NegativeKind};
pub use match_spectra::draw_measured;
pub use match_validation::area_under_curve;
pub use matching::{MatchTraining, train_match};
pub use open_peaks::OpenPeaks;
pub use property::predict_property;
pub use proton_signals::proton_signals;
pub use shift::{ShiftTraining, train_shift};
pub use shift_ensemble::{ShiftCombination, combine_shift};
pub use split::validates;
