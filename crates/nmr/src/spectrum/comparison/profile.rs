//! What of a spectrum is compared: where lines stand, on an even grid, no line outweighing all
//! others.

use num_complex::Complex64;

use crate::spectrum::noise;

/// Points of a grid, at most.
const MOST_CELLS: usize = 1 << 18;
/// Points that rise from the noise by this many of its standard deviations are lines.
const ABOVE_NOISE: f64 = 6.0;

/// Weights of lines on an even grid.
#[derive(Debug, Clone)]
pub struct Profile {
    pub first_ppm: f64,
    pub step_ppm: f64,
    pub weights: Vec<f64>,
}

/// Magnitudes above what the noise and the feet of lines make.
pub fn magnitudes(points: &[Complex64]) -> Vec<f64> {
    let real: Vec<f64> = points.iter().map(|point| point.re).collect();
    let floor = noise::standard_deviation(&real);
    points.iter().map(|point| (point.norm() - floor).max(0.0)).collect()
}

impl Profile {
    /// Of the magnitudes of a spectrum; a cell has the highest of its points.
    pub fn of_points(first_ppm: f64, step_ppm: f64, magnitudes: &[f64], step: f64) -> Self {
        let width = magnitudes.len() as f64 * step_ppm;
        let step = step.max(width / MOST_CELLS as f64);
        // Both grids begin at a whole multiple of the step, so that one fits on the other.
        let start = (first_ppm / step).floor();
        let cells = (width / step).ceil() as usize + 1;
        let mut weights = vec![0.0f64; cells];
        let tallest = magnitudes.iter().copied().fold(0.0, f64::max);
        let least = (ABOVE_NOISE * middle(magnitudes)).max(1e-4 * tallest);
        for (at, &magnitude) in magnitudes.iter().enumerate() {
            let cell = ((first_ppm + at as f64 * step_ppm) / step - start).round();
            if magnitude > least
                && let Some(weight) = weights.get_mut(cell.max(0.0) as usize)
            {
                *weight = weight.max((magnitude / least).sqrt());
            }
        }
        Self { first_ppm: start * step, step_ppm: step, weights }
    }

    /// Of a list of peaks, each drawn as wide as given.
    pub fn of_peaks(peaks: &[(f64, f64)], width_ppm: f64, step: f64) -> Option<Self> {
        let ends = peaks.iter().map(|peak| peak.0);
        let low = ends.clone().fold(f64::INFINITY, f64::min) - 4.0 * width_ppm;
        let high = ends.fold(f64::NEG_INFINITY, f64::max) + 4.0 * width_ppm;
        let start = (low / step).floor();
        let cells = (high / step).ceil() - start;
        if !(cells > 0.0 && cells < MOST_CELLS as f64) {
            return None;
        }
        let mut weights = vec![0.0f64; cells as usize + 1];
        let reach = (3.0 * width_ppm / step).ceil() as i64;
        for &(ppm, height) in peaks {
            let place = ppm / step - start;
            for off in -reach..=reach {
                let cell = place.round() as i64 + off;
                let distance = (cell as f64 - place) * step / width_ppm;
                let drawn = height.abs().sqrt() * (-distance * distance).exp();
                if let Some(weight) = usize::try_from(cell).ok().and_then(|c| weights.get_mut(c)) {
                    *weight = weight.max(drawn);
                }
            }
        }
        Some(Self { first_ppm: start * step, step_ppm: step, weights })
    }

    /// The same seen in a mirror.
    pub fn turned(&self) -> Self {
        let last = self.first_ppm + (self.weights.len() - 1) as f64 * self.step_ppm;
        let weights = self.weights.iter().rev().copied().collect();
        Self { first_ppm: -last, step_ppm: self.step_ppm, weights }
    }
}

fn middle(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    let middle = values.len() / 2;
    if values.is_empty() {
        return 0.0;
    }
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}
