//! What residuals and multiplicities cost.

use std::f64::consts::PI;

use super::parameters::NucleusParameters;
use larmor_nmr::spectrum::Multiplicity;

/// Standard deviation of a sound prediction, in spreads: assigns validation molecules best.
const DEVIATION: f64 = 1.2;

/// How residuals of sound predictions are penalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResidualModel {
    /// By their size: what they follow, so candidates are ranked by it.
    Laplace,
    /// By their square: which line is whose. Errors of one molecule go together, and where two
    /// lines lie to one side of two predictions sizes cannot tell the pairs apart.
    Normal,
}

/// Sound predictions and a share of wild ones; the larger of the two densities stands for their
/// sum.
pub(crate) struct Density {
    residuals: ResidualModel,
    sound: f64,
    wild: f64,
    tail_ppm: f64,
}

impl Density {
    pub(crate) fn new(residuals: ResidualModel, parameters: &NucleusParameters) -> Self {
        Self {
            residuals,
            sound: -(1.0 - parameters.tail_share).ln(),
            wild: (2.0 * parameters.tail_ppm).ln() - parameters.tail_share.ln(),
            tail_ppm: parameters.tail_ppm,
        }
    }

    /// What the width of a prediction costs.
    pub(crate) fn base(&self, spread: f64) -> f64 {
        let normalized = match self.residuals {
            ResidualModel::Laplace => 2.0 * spread,
            ResidualModel::Normal => (2.0 * PI).sqrt() * DEVIATION * spread,
        };
        normalized.ln() + self.sound
    }

    /// What a residual costs, nats; `base` is that of its spread.
    pub(crate) fn cost(&self, difference: f64, spread: f64, base: f64) -> f64 {
        let distance = difference.abs();
        let sound = match self.residuals {
            ResidualModel::Laplace => distance / spread,
            ResidualModel::Normal => 0.5 * (distance / (DEVIATION * spread)).powi(2),
        };
        (sound + base).min(distance / self.tail_ppm + self.wild)
    }
}

/// Penalty of an observed multiplicity on a carbon with so many hydrogens.
pub(crate) fn multiplicity_cost(
    observed: Option<Multiplicity>,
    hydrogens: u8,
    parameters: &NucleusParameters,
) -> f64 {
    match observed {
        None => 0.0,
        Some(observed) if observed.allows(hydrogens) => -(1.0 - parameters.wrong_multiplicity).ln(),
        Some(_) => -(parameters.wrong_multiplicity / 3.0).ln(),
    }
}
