//! Datasets as other vendors' instruments write them, after the vendors' descriptions of their formats.
#![allow(dead_code, clippy::unwrap_used)]

pub mod magritek;
pub mod varian;

use std::f64::consts::TAU;

/// A signal `turns` cycles a point above the carrier, as a receiver that turns the other way
/// round stores it: real and imaginary parts in turn.
pub fn stored_line(turns: f64, points: usize, height: f64) -> Vec<f64> {
    (0..points)
        .flat_map(|t| {
            let t = t as f64;
            let height = height * (-3.0 * t / points as f64).exp();
            [height * (TAU * turns * t).cos(), -height * (TAU * turns * t).sin()]
        })
        .collect()
}
