//! Noise and rolling baselines.

use rand::{Rng, RngExt};

/// A draw from the normal distribution of mean 0 and standard deviation 1 (Box and Muller, 1958),
/// and a second one that is independent of it.
pub(super) fn normal(random: &mut impl Rng) -> (f64, f64) {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    let (sine, cosine) = (std::f64::consts::TAU * random.random::<f64>()).sin_cos();
    (radius * cosine, radius * sine)
}

/// Adds white noise of the given standard deviation.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn add_noise(trace: &mut [f32], deviation: f64, random: &mut impl Rng) {
    for pair in trace.chunks_mut(2) {
        let (first, second) = normal(random);
        for (value, noise) in pair.iter_mut().zip([first, second]) {
            *value += (noise * deviation) as f32;
        }
    }
}

/// Adds waves that fit `k + 1` half periods into the trace, one for each height.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
pub(super) fn add_roll(trace: &mut [f32], heights: &[f64]) {
    let scale = std::f64::consts::PI / trace.len().max(1) as f64;
    for (k, height) in heights.iter().enumerate() {
        // cos(nx) = 2 cos(x) cos((n-1)x) - cos((n-2)x)
        let twice = 2.0 * ((k + 1) as f64 * scale).cos();
        let (mut before, mut now) = (twice / 2.0, 1.0);
        for value in trace.iter_mut() {
            *value += (height * now) as f32;
            (before, now) = (now, twice * now - before);
        }
    }
}
