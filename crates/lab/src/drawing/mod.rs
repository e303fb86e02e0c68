//! Spectra drawn from shifts, as they look once measured and picked.

mod distributions;
mod foreign_lines;
mod measured;
mod proton_scatter;
mod seen_signals;

pub(crate) use distributions::laplace;
pub use measured::{SpectrumForm, draw_measured};
pub(crate) use measured::{draw_pair, proton_trace};
pub(crate) use proton_scatter::scatter;
pub(crate) use seen_signals::seen_signals;
