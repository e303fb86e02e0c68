//! Apodization: weights over time that trade resolution for signal-to-noise.

use std::f64::consts::{LN_2, PI};

use num_complex::Complex64;
use serde::{Deserialize, Serialize};

/// Shape of the weights.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Apodization {
    /// A decay: every line is broadened by the line broadening.
    #[default]
    Exponential,
    /// Lorentz to Gauss: lines as wide as the line broadening lose that decay and get a Gaussian
    /// shape of the same width, with narrow feet.
    Gaussian,
    /// The first quarter of a cosine: no ringing from a signal that was cut off.
    Cosine,
    /// None.
    None,
}

/// Points times their weights.
pub fn apply(
    points: &[Complex64],
    shape: Apodization,
    sweep_width_hz: f64,
    group_delay: f64,
    line_broadening_hz: f64,
) -> Vec<Complex64> {
    points
        .iter()
        .zip(weights(points.len(), shape, sweep_width_hz, group_delay, line_broadening_hz))
        .map(|(point, weight)| point * weight)
        .collect()
}

/// The weights of so many points. Time runs from the end of the digital filter's build-up, on both
/// sides of it.
pub fn weights(
    points: usize,
    shape: Apodization,
    sweep_width_hz: f64,
    group_delay: f64,
    line_broadening_hz: f64,
) -> impl Iterator<Item = f64> {
    let rate = PI * line_broadening_hz / sweep_width_hz;
    let last = (points as f64 - group_delay).max(1.0);
    // A Gaussian line of full width w comes from exp(-(pi w t)^2 / (4 ln 2)).
    let square = rate * rate / (4.0 * LN_2);
    // Undoing the decay must not blow the end up: there the Gaussian has to outweigh it.
    let undone = rate.min(square * last);
    let weight = move |time: f64| match shape {
        Apodization::Exponential => (-rate * time).exp(),
        Apodization::Gaussian => (undone * time - square * time * time).exp(),
        Apodization::Cosine => (PI / 2.0 * (time / last).min(1.0)).cos(),
        Apodization::None => 1.0,
    };
    (0..points).map(move |index| weight((index as f64 - group_delay).abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(shape: Apodization) -> Vec<f64> {
        super::weights(1000, shape, 1000.0, 50.0, 2.0).collect()
    }

    #[test]
    fn every_shape_is_one_where_the_signal_starts() {
        for shape in [Apodization::Exponential, Apodization::Gaussian, Apodization::Cosine] {
            assert!((weights(shape)[50] - 1.0).abs() < 1e-12, "{shape:?}");
        }
        assert!(weights(Apodization::None).iter().all(|&weight| weight == 1.0));
    }

    #[test]
    fn an_exponential_broadens_by_its_hertz_and_a_cosine_ends_at_zero() {
        let exponential = weights(Apodization::Exponential);
        assert!((exponential[550] - (-PI).exp()).abs() < 1e-9);
        assert!(weights(Apodization::Cosine)[999] < 0.01);
    }

    #[test]
    fn a_lorentzian_of_the_given_width_becomes_a_gaussian() {
        let decay = |time: f64| (-PI * 2.0 * time / 1000.0).exp();
        let points: Vec<Complex64> =
            (0..4000).map(|t| Complex64::new(decay(f64::from(t)), 0.0)).collect();
        let shaped = apply(&points, Apodization::Gaussian, 1000.0, 0.0, 2.0);
        for time in [100usize, 300, 600] {
            let gauss = (-(PI * 2.0 * time as f64 / 1000.0).powi(2) / (4.0 * LN_2)).exp();
            assert!((shaped[time].re - gauss).abs() < 1e-9, "{time}");
        }
    }
}
