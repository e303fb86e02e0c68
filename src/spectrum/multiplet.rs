//! 1H multiplets: which lines belong together, and what pattern they make.

use serde::{Deserialize, Serialize};

use super::PeakClass;

/// Lines of one kind of hydrogen, taken together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Multiplet {
    /// Centre, ppm.
    pub ppm: f64,
    /// Lower end of the region it fills, ppm.
    pub from_ppm: f64,
    /// Upper end, ppm.
    pub to_ppm: f64,
    /// Integral over the region, relative to the sum over compound multiplets.
    pub area: f64,
    /// Pattern as chemists write it: `s`, `d`, `t`, `q`, `dd`, `ddd`, `dt` ...; `m` where no
    /// first-order pattern explains the lines.
    pub pattern: String,
    /// Coupling constants, Hz, largest first; empty for `s` and `m`.
    pub couplings_hz: Vec<f64>,
    /// What it is taken to be.
    pub class: PeakClass,
    /// Places of its lines in the spectrum's peak list.
    pub peaks: Vec<usize>,
}
