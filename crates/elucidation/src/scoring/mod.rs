//! How likely the observed lines are, given a candidate and its predicted shifts.

pub(crate) mod assignment;
pub(crate) mod axis;
pub(crate) mod density;
pub(crate) mod explanation;
pub(crate) mod fit;
mod library_scan;
pub(crate) mod lines;
pub(crate) mod marginals;
pub(crate) mod none_of_these;
mod parameters;
pub(crate) mod prescore;
pub(crate) mod score;
pub(crate) mod solver;

pub use parameters::{NucleusParameters, Parameters};
