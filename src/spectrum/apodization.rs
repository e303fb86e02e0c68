//! Exponential apodization.

use std::f64::consts::PI;

use num_complex::Complex64;

/// Points multiplied by a decay that broadens every line by `line_broadening_hz`. Time runs from
/// the end of the digital filter's build-up, on both sides of it.
pub fn exponential(
    points: &[Complex64],
    sweep_width_hz: f64,
    group_delay: f64,
    line_broadening_hz: f64,
) -> Vec<Complex64> {
    let rate = PI * line_broadening_hz / sweep_width_hz;
    points
        .iter()
        .enumerate()
        .map(|(index, point)| point * (-rate * (index as f64 - group_delay).abs()).exp())
        .collect()
}
