//! From FID to peaks. Knows nothing of where the FID came from.

mod peak;

pub use peak::{Multiplicity, Peak, PeakClass};
