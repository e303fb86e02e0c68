//! A molecule's carbons held against its peaks.

/// Carbons (rows) of a molecule against their peaks (columns).
pub struct Pairs {
    /// Carbons, and peaks.
    pub size: usize,
    /// Higher is likelier, row-major.
    pub score: Vec<f64>,
    /// Posterior probability, row-major.
    pub probability: Vec<f64>,
    /// What is said of a pair of the best assignment that has such a posterior.
    pub said: Box<dyn Fn(f64) -> f64>,
}
