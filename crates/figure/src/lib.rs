//! A spectrum as a figure for paper and screen: an SVG without scripts, styles or outside parts.
//!
//! ```
//! use larmor_figure::{Figure, View};
//! use larmor_nmr::fid::Nucleus;
//! use larmor_nmr::trace::Trace;
//!
//! let heights: Vec<f32> = (0..8000).map(|k| 1.0 / (1.0 + (k as f32 - 5000.0).powi(2))).collect();
//! let trace = Trace::new(-1.0, 0.002, 0.001, &heights);
//! let svg = Figure {
//!     title: "1H NMR (500 MHz, CDCl3)".to_owned(),
//!     subtitle: String::new(),
//!     nucleus: &Nucleus::Proton,
//!     trace: &trace,
//!     peaks: &[],
//!     multiplets: &[],
//!     atoms: &[],
//!     structure: None,
//!     view: View::Everything,
//! }
//! .svg();
//! assert!(svg.starts_with("<svg") && svg.contains("δ / ppm"));
//! ```

mod axis;
mod crowded;
mod figure;
mod ink;
mod inset;
mod integrals;
mod labels;
mod line;
mod page;
mod scale;
mod signals;
mod structure;

pub use figure::{Figure, SignalAtoms, View};
pub use structure::{PicturedAtom, StructurePicture};
