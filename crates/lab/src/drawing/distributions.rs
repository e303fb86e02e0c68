//! How far one sample differs from the next.

use rand::{Rng, RngExt};

/// A draw from the Laplace distribution of scale 1.
pub(crate) fn laplace(random: &mut impl Rng) -> f64 {
    let u: f64 = random.random_range(-0.5..0.5);
    -(1.0 - 2.0 * u.abs()).max(1e-9).ln() * u.signum()
}

/// A draw between two positive numbers whose logarithm is evenly spread.
pub(crate) fn log_uniform(random: &mut impl Rng, [from, to]: [f64; 2]) -> f64 {
    random.random_range(from.ln()..to.ln()).exp()
}
