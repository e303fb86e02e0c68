//! More than one substance in the tube: which, and the spectra without it.

mod impurity;
mod removal;

pub(crate) use impurity::{Costs, FoundSubstance, impurities_in, integral};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
