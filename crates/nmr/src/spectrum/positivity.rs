//! Last touch on the phase of a 1H spectrum: absorption lines do not go below zero.
//!
//! The lines of a crowded multiplet bend one another's phases; the negative flanks that a wrong
//! phase gives a whole multiplet do not lie.

use num_complex::Complex64;

/// Most points that are looked at.
const MOST_POINTS: usize = 8192;
/// Points have at least this magnitude over the noise.
const LEAST_MAGNITUDE: f64 = 15.0;
/// Rounds after which the search ends in any case.
const MOST_ROUNDS: usize = 100;
/// The phase is moved at most this far, zero and first order, radians.
const REACH: [f64; 2] = [0.30, 0.60];

/// Corrections to zero and first order, radians, about the phase the spectrum already has.
pub fn refine(spectrum: &[Complex64], noise: f64) -> [f64; 2] {
    let points = telling_points(spectrum, noise);
    if points.x.len() < 64 {
        return [0.0, 0.0];
    }
    let pivot = points.pivot();
    let mut best = [0.0, 0.0];
    let mut least = negativity(&points, pivot, best);
    let mut steps = [0.08, 0.20];
    let mut rounds = 0;
    while steps[0] > 0.0005 && rounds < MOST_ROUNDS {
        rounds += 1;
        let mut moved = false;
        for order in 0..2 {
            for direction in [-1.0, 1.0] {
                let mut tried = best;
                tried[order] += direction * steps[order];
                let value = negativity(&points, pivot, tried);
                if tried[order].abs() <= REACH[order] && value < least {
                    (best, least, moved) = (tried, value, true);
                    break;
                }
            }
        }
        if !moved {
            steps = steps.map(|step| step / 2.0);
        }
    }
    [best[0] - best[1] * pivot, best[1]]
}

/// Places (-1/2 to 1/2) and values of points.
struct Points {
    x: Vec<f64>,
    re: Vec<f64>,
    im: Vec<f64>,
}

impl Points {
    /// The middle of the signal. Zero order is varied about it, so that the two orders are
    /// independent.
    fn pivot(&self) -> f64 {
        let (mut weight, mut moment) = (0.0, 0.0);
        for ((x, re), im) in self.x.iter().zip(&self.re).zip(&self.im) {
            let magnitude = (re * re + im * im).sqrt();
            weight += magnitude;
            moment += x * magnitude;
        }
        moment / weight
    }
}

/// Points that stand well out of the noise.
fn telling_points(spectrum: &[Complex64], noise: f64) -> Points {
    let length = spectrum.len();
    let margin = length / 50;
    let least = (LEAST_MAGNITUDE * noise).powi(2);
    let telling: Vec<usize> =
        (margin..length - margin).filter(|&index| spectrum[index].norm_sqr() > least).collect();
    let stride = telling.len().div_ceil(MOST_POINTS).max(1);
    let chosen = || telling.iter().copied().step_by(stride);
    Points {
        x: chosen().map(|index| index as f64 / length as f64 - 0.5).collect(),
        re: chosen().map(|index| spectrum[index].re).collect(),
        im: chosen().map(|index| spectrum[index].im).collect(),
    }
}

/// Sum of what lies below zero once the spectrum is turned back by a small further phase.
fn negativity(points: &Points, pivot: f64, [zero, first]: [f64; 2]) -> f64 {
    let below = |x: f64, re: f64, im: f64| {
        let turn = zero + first * (x - pivot);
        let square = turn * turn;
        let cosine = 1.0 - square * (1.0 / 2.0 - square * (1.0 / 24.0));
        let sine = turn * (1.0 - square * (1.0 / 6.0 - square * (1.0 / 120.0)));
        let value = re * cosine + im * sine;
        if value < 0.0 { -value } else { 0.0 }
    };
    // Sums beside each other, so that the processor can add several at a time.
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let [x, re, im] = [&points.x, &points.re, &points.im].map(|v| v.chunks_exact(LANES));
    let rest = x.remainder().iter().zip(re.remainder()).zip(im.remainder());
    let rest: f64 = rest.map(|((&x, &re), &im)| below(x, re, im)).sum();
    for ((x, re), im) in x.zip(re).zip(im) {
        for lane in 0..LANES {
            sums[lane] += below(x[lane], re[lane], im[lane]);
        }
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectrum::transform;

    #[test]
    fn a_small_error_is_taken_back() {
        let mut spectrum: Vec<Complex64> = (0..16384)
            .map(|i| {
                [3000.0, 3012.0, 9000.0, 9010.0, 9020.0, 13000.0]
                    .iter()
                    .map(|at| 100.0 / Complex64::new(1.0, (f64::from(i) - at) / 4.0))
                    .sum()
            })
            .collect();
        let error = [0.12, -0.25];
        transform::rotate(&mut spectrum, -error[0], -error[1]);
        let found = refine(&spectrum, 0.001);
        assert!((found[0] - error[0]).abs() < 0.02, "{found:?}");
        assert!((found[1] - error[1]).abs() < 0.05, "{found:?}");
    }

    #[test]
    fn noise_alone_moves_nothing() {
        assert_eq!(refine(&[Complex64::ONE; 4096], 1.0), [0.0, 0.0]);
    }
}
