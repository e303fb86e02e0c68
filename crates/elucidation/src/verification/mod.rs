//! Is a proposed structure right? Its discrepancies with the spectra, one by one, and from them a
//! probability.
//!
//! A ranking asks which of many candidates explains a list of lines best. A chemist who made
//! something asks another question: does anything speak against it? What speaks against a structure
//! is looked for line by line and hydrogen by hydrogen, counted, and weighed by a logistic
//! regression in which a discrepancy can only count against the structure.

mod assessment;
mod carbon;
mod contents;
mod discrepancy;
mod elements;
mod evidence;
mod examination;
mod exchanging;
mod feature;
mod hydrogen_group;
mod observed;
mod pattern_check;
mod proton;
mod proton_assignment;
mod regression;
mod second;
mod signal;
mod stereoisomers;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod transport;

pub(crate) use assessment::Assessment;
pub(crate) use discrepancy::listed;
pub use evidence::{Evidence, JudgedNuclei};
pub use feature::{FEATURES, Feature};
pub(crate) use observed::Observed;
pub use regression::{Regression, Weights};
pub(crate) use second::{Other, Others};
