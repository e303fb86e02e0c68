//! NMR data in, peaks out: free induction decays of five formats are read into one form
//! ([`fid`]), processed into a referenced spectrum with classed peaks and multiplets
//! ([`spectrum`]), whose points are kept and drawn as a [`trace`]; what a sample is, what somebody expects it to be and what is concluded of it have
//! their plain types ([`sample`], [`structure`], [`elucidation`]).
//! Raw data are enough: nothing of what a vendor's software makes of them is needed.
//! Nothing here knows networks, chemistry toolkits or databases.
//!
//! # Examples
//! One carbon 20 ppm above a carrier at 100 ppm:
//! ```
//! use larmor_nmr::fid::{Experiment, Fid, Nucleus, Origin};
//! use larmor_nmr::spectrum::{self, ProcessingParameters, SpectrumError};
//! use num_complex::Complex64;
//!
//! let (sweep_width_hz, reference_mhz) = (20_000.0, 100.0);
//! let line = |k: usize| {
//!     let seconds = k as f64 / sweep_width_hz;
//!     let turns = 20.0 * reference_mhz * seconds;
//!     Complex64::from_polar(1e6 * (-seconds / 0.2).exp(), std::f64::consts::TAU * turns)
//! };
//! // Without any noise rounding errors would be lines.
//! let noise = |k: usize| 1e4 * ((k as f64 * 12.9898).sin() * 43_758.5453).fract();
//! let fid = Fid {
//!     points: (0..32_768).map(|k| line(k) + Complex64::new(noise(k), noise(k + 40_000))).collect(),
//!     origin: Origin::Acquired,
//!     sweep_width_hz,
//!     carrier_mhz: reference_mhz * (1.0 + 100e-6),
//!     reference_mhz,
//!     calibrated_mhz: None,
//!     nucleus: Nucleus::Carbon,
//!     experiment: Experiment::Plain,
//!     group_delay: 0.0,
//!     solvent: None,
//!     solvent_name: String::new(),
//!     water_suppressed: false,
//!     temperature_k: None,
//!     scans: None,
//!     title: String::new(),
//!     pulse_program: "zgpg30".to_owned(),
//! };
//! let spectrum = spectrum::process(&fid, &ProcessingParameters::default())?;
//! let tallest = spectrum.peaks.iter().max_by(|a, b| a.intensity.total_cmp(&b.intensity)).unwrap();
//! assert!((tallest.ppm - 120.0).abs() < 0.01);
//! # Ok::<(), SpectrumError>(())
//! ```

pub mod elucidation;
pub mod fid;
pub mod history;
mod name;
pub mod review;
pub mod sample;
pub mod spectrum;
pub mod structure;
pub mod trace;

pub use name::UnknownName;
