//! By how much one spectrum has to be moved to lie on the other.

use super::profile::Profile;
use crate::spectrum::transform;

/// What the farthest move costs: of two that fit alike the smaller is the truth.
const COST_OF_DISTANCE: f64 = 0.05;

/// A move that makes two spectra agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alignment {
    /// Shifts of the first less those of the second, ppm. Of a mirror image: the sum of the two.
    pub difference_ppm: f64,
    /// How well they then agree, from 0 to 1.
    pub correlation: f64,
    /// The second was taken as a mirror image.
    pub mirrored: bool,
}

/// The best move of the second, or of its mirror image, onto the first.
pub fn best(first: &Profile, second: &Profile, mirrored: bool) -> Option<Alignment> {
    let turned = mirrored.then(|| second.turned());
    let second = turned.as_ref().unwrap_or(second);
    let square = |profile: &Profile| profile.weights.iter().map(|w| w * w).sum::<f64>();
    let scale = (square(first) * square(second)).sqrt();
    if scale <= 0.0 || !scale.is_finite() {
        return None;
    }
    let all = transform::cross_correlation(&first.weights, &second.weights);
    let zero = first.weights.len() as f64 - 1.0;
    let move_of = |index: f64| first.first_ppm - second.first_ppm - (index - zero) * first.step_ppm;
    let width = all.len() as f64 * first.step_ppm;
    let worth = |index: usize| {
        all[index] * (1.0 - COST_OF_DISTANCE * (move_of(index as f64) / width).abs())
    };
    let top = (0..all.len()).max_by(|&a, &b| worth(a).total_cmp(&worth(b)))?;
    Some(Alignment { difference_ppm: move_of(top as f64), correlation: all[top] / scale, mirrored })
}
