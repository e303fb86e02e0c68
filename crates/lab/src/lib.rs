//! The laboratory of Larmor: trains its networks and holds what they say against the truth.
//!
//! A facility needs none of it: what is trained here is a folder of weights and a model card that
//! `larmor` loads. Each network has a folder, [`shift`], [`kmaid`], [`acml`] and [`specmol`], with
//! its data, losses and training run; [`protocols`] measure what was trained. Below them lie what
//! they share: [`data`] sets and their split, [`drawing`] of spectra, what [`evaluation`] stands on,
//! and [`statistics`]. The program `larmor-lab` runs all of it.
//!
//! A shift network, trained on a few chains:
//!
//! ```
//! use larmor_chemistry::Molecule;
//! use larmor_lab::data::{HeldOut, ListedFiles, PredictedFiles};
//! use larmor_lab::shift::{ShiftTraining, train_shift};
//! use larmor_networks::{ShiftConfig, ShiftEnsemble};
//! use serde_json::json;
//! use tch::Device;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let (data, out) = (folder.path().join("alkanes.jsonl"), folder.path().join("model"));
//! // The ends of a chain at 14 ppm, what stands between them at 30.
//! let mut lines = String::new();
//! for length in 2..=60 {
//!     let smiles = "C".repeat(length);
//!     let inchikey = Molecule::from_smiles(&smiles)?.inchikey;
//!     let ppm = |atom: usize| if atom == 0 || atom + 1 == length { 14.0 } else { 30.0 };
//!     let peaks: Vec<_> = (0..length).map(|atom| json!([ppm(atom), "", atom])).collect();
//!     let record = json!({"inchikey": inchikey, "smiles": smiles, "c13": [{"peaks": peaks}]});
//!     lines += &format!("{record}\n");
//! }
//! std::fs::write(&data, lines)?;
//! let run = ShiftTraining {
//!     data,
//!     out: out.clone(),
//!     test_fold: None,
//!     held_out: HeldOut::default(),
//!     network: ShiftConfig { layers: 1, width: 8, ..ShiftConfig::default() },
//!     predicted: PredictedFiles::default(),
//!     listed: ListedFiles::default(),
//!     pretraining_epochs: 0,
//!     epochs: 2,
//!     batch: 8,
//!     learning_rate: 3e-3,
//!     weight_decay: 0.0,
//!     seed: 1,
//!     start_from: None,
//!     resume: false,
//!     stop_after: None,
//!     device: Device::Cpu,
//! };
//! let card = train_shift(&run, &mut |line| println!("{line}"))?;
//! assert!(card.is_some_and(|card| card.model == "shift"));
//! // What lies in the folder is a model like any other.
//! let (model, _) = ShiftEnsemble::open(&out, Device::Cpu)?;
//! let hexane = Molecule::from_smiles("CCCCCC")?.graph;
//! assert!(model.predict(&[hexane])?[0].c13[0].is_some());
//! # Ok(())
//! # }
//! ```

pub mod acml;
pub mod cleaning;
pub mod data;
pub mod drawing;
mod error;
pub mod evaluation;
pub mod kmaid;
pub mod protocols;
pub mod shift;
pub mod specmol;
pub mod statistics;
mod training;
pub mod verification;

pub use error::{EvaluationError, TrainingError};
