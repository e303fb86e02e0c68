//! The processed spectrum as it is kept and drawn: every point, quantised below the noise.
//!
//! ```
//! use larmor_nmr::trace::{Drawn, Trace};
//!
//! let heights: Vec<f32> = (0..1000).map(|k| 1.0 / (1.0 + (k as f32 - 500.0).powi(2))).collect();
//! let trace = Trace::new(0.0, 0.01, 0.001, &heights);
//! let kept = Trace::decode(0.0, 0.01, trace.unit(), 1000, &trace.encode())?;
//! assert_eq!(kept, trace);
//! // The whole of it in 100 columns: no line is lost.
//! let Drawn::Columns(columns) = kept.window(0.0, 10.0, 100).drawn else { unreachable!() };
//! assert!(columns.iter().any(|&[_, high]| high > 0.99));
//! # Ok::<(), larmor_nmr::trace::TraceError>(())
//! ```

mod packing;
mod window;

pub use packing::TraceError;
pub use window::{Drawn, Window};

use crate::spectrum::ProcessedSpectrum;

/// Steps of a height in a standard deviation of the noise: rounding then adds a thousandth to the
/// noise.
const STEPS_IN_NOISE: f64 = 8.0;
/// Most steps from zero to the tallest point, whatever the noise.
const MOST_STEPS: f64 = (1 << 24) as f64;

/// The points of a spectrum in ascending order of shift, each as a multiple of one height.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    first_ppm: f64,
    step_ppm: f64,
    unit: f64,
    counts: Vec<i32>,
}

impl Trace {
    /// Quantises heights (relative to the tallest compound peak) in steps of an eighth of the noise's
    /// standard deviation. The first lies at `first_ppm`, each next one `step_ppm` (positive) further.
    /// What is no number becomes zero.
    #[must_use]
    pub fn new(first_ppm: f64, step_ppm: f64, noise: f64, heights: &[f32]) -> Self {
        let tallest = heights
            .iter()
            .filter(|h| h.is_finite())
            .fold(0.0, |most: f64, &height| most.max(f64::from(height.abs())));
        let finest = (tallest / MOST_STEPS).max(f64::MIN_POSITIVE);
        let wanted = noise / STEPS_IN_NOISE;
        let unit = if wanted.is_finite() { wanted.max(finest) } else { finest };
        // A cast of a float saturates, and takes what is no number for zero.
        #[allow(clippy::cast_possible_truncation)]
        let counts = heights.iter().map(|&h| (f64::from(h) / unit).round() as i32).collect();
        Self { first_ppm, step_ppm, unit, counts }
    }

    /// Of a processed spectrum.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)]
    pub fn of(spectrum: &ProcessedSpectrum) -> Self {
        let unit = spectrum.unit_height();
        let heights: Vec<f32> =
            spectrum.real.iter().map(|value| (f64::from(*value) / unit) as f32).collect();
        Self::new(spectrum.first_ppm, spectrum.step_ppm, spectrum.noise / unit, &heights)
    }

    /// Shift of the first point, ppm.
    #[must_use]
    pub fn first_ppm(&self) -> f64 {
        self.first_ppm
    }

    /// From one point to the next, ppm; positive.
    #[must_use]
    pub fn step_ppm(&self) -> f64 {
        self.step_ppm
    }

    /// Height of one step, relative to the tallest compound peak.
    #[must_use]
    pub fn unit(&self) -> f64 {
        self.unit
    }

    /// Number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// True without a point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Moves the axis by so many ppm.
    pub fn shift(&mut self, ppm: f64) {
        self.first_ppm += ppm;
    }

    /// Heights, relative to the tallest compound peak.
    pub fn heights(&self) -> impl ExactSizeIterator<Item = f32> + '_ {
        self.counts.iter().map(|&count| self.height(count))
    }

    #[allow(clippy::cast_possible_truncation)]
    fn height(&self, count: i32) -> f32 {
        (f64::from(count) * self.unit) as f32
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_kept_to_a_fraction_of_the_noise() {
        let heights = [0.0, 1.0, -0.25, 0.123_456, f32::NAN, f32::INFINITY];
        let trace = Trace::new(1.0, 0.5, 0.008, &heights);
        let kept: Vec<f32> = trace.heights().collect();
        for (kept, height) in kept.iter().zip(&heights[..4]) {
            assert!((kept - height).abs() <= 0.0005, "{kept} for {height}");
        }
        assert_eq!(kept[4], 0.0);
        assert!(kept[5].is_finite());
    }

    #[test]
    fn without_noise_there_is_still_a_step() {
        for noise in [0.0, f64::NAN, f64::INFINITY, -1.0] {
            let trace = Trace::new(0.0, 1.0, noise, &[0.0, 3.0]);
            assert!(trace.unit() > 0.0 && trace.unit().is_finite(), "{noise}");
            assert!((trace.heights().last().unwrap() - 3.0).abs() < 1e-5);
        }
        assert!(Trace::new(0.0, 1.0, 0.0, &[]).is_empty());
    }
}
