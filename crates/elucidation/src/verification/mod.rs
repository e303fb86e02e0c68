//! Is a proposed structure right? Its discrepancies with the spectra, one by one, and from them a
//! probability.
//!
//! A ranking asks which of many candidates explains a list of lines best. A chemist who made
//! something asks another question: does anything speak against it? What speaks against a structure
//! is looked for line by line and hydrogen by hydrogen, counted, and weighed by a logistic
//! regression in which a discrepancy can only count against the structure.

mod assessment;
mod carbon;
mod evidence;
mod feature;
mod hydrogen_group;
mod pattern_check;
mod proton;
mod regression;
mod signal;
mod stereoisomers;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod transport;

pub use assessment::Assessment;
pub use evidence::{Evidence, JudgedNuclei};
pub use feature::{FEATURES, Feature};
pub use regression::{Regression, Weights};
