//! From time to frequency.

use std::cell::RefCell;
use std::f64::consts::TAU;

use num_complex::Complex64;
use rustfft::FftPlanner;

thread_local! {
    /// Plans take longer to make than to run: each thread keeps its own, and room to run them in.
    static PLANNER: RefCell<(FftPlanner<f64>, Vec<Complex64>)> =
        RefCell::new((FftPlanner::new(), Vec::new()));
}

/// Zero fills to `length`, transforms, and puts frequencies in ascending order: point `i` lies
/// `(i - length / 2) / length` sweep widths above the carrier.
pub fn spectrum(mut points: Vec<Complex64>, length: usize) -> Vec<Complex64> {
    points.resize(length, Complex64::ZERO);
    PLANNER.with_borrow_mut(|(planner, scratch)| {
        let plan = planner.plan_fft_forward(length);
        scratch.resize(plan.get_inplace_scratch_len().max(scratch.len()), Complex64::ZERO);
        plan.process_with_scratch(&mut points, scratch);
    });
    points.rotate_right(length / 2);
    points
}

/// Undoes a delay of `delay` points (whole or not), which in a spectrum is a phase that grows
/// with frequency.
pub fn remove_group_delay(spectrum: &mut [Complex64], delay: f64) {
    if delay != 0.0 {
        rotate(spectrum, 0.0, -TAU * delay);
    }
}

/// Takes a phase of `zero + first * x` radians off each point, `x` running from -1/2 to 1/2.
pub fn rotate(spectrum: &mut [Complex64], zero: f64, first: f64) {
    // Products of steps beside each other, as one has to wait for its own last.
    const LANES: usize = 4;
    let length = spectrum.len();
    let step = -first / length as f64;
    let leap = Complex64::from_polar(1.0, step * LANES as f64);
    // The products are started afresh now and then, lest rounding builds up.
    for (block, points) in spectrum.chunks_mut(1024).enumerate() {
        let start = (block * 1024) as f64 / length as f64 - 0.5;
        let start = -(zero + first * start);
        let mut turns: [Complex64; LANES] =
            std::array::from_fn(|lane| Complex64::from_polar(1.0, start + step * lane as f64));
        for points in points.chunks_mut(LANES) {
            for (point, turn) in points.iter_mut().zip(&mut turns) {
                *point *= *turn;
                *turn *= leap;
            }
        }
    }
}

/// The complex spectrum whose real part is `real`, frequencies ascending: its imaginary part is
/// the one that a signal without anything before time zero has (the Kramers-Kronig relation).
#[must_use]
pub fn analytic(real: &[f64]) -> Vec<Complex64> {
    let length = real.len();
    let mut points: Vec<Complex64> = real.iter().map(|&re| Complex64::new(re, 0.0)).collect();
    points.rotate_left(length / 2);
    let mut planner = FftPlanner::new();
    planner.plan_fft_inverse(length).process(&mut points);
    let scale = 1.0 / length.max(1) as f64;
    for (time, point) in points.iter_mut().enumerate() {
        *point *= match time {
            0 => scale,
            _ if 2 * time < length => 2.0 * scale,
            _ if 2 * time == length => scale,
            _ => 0.0,
        };
    }
    planner.plan_fft_forward(length).process(&mut points);
    points.rotate_right(length / 2);
    points
}

/// How well two rows of numbers agree, one moved along the other: element `i` of the answer is the
/// sum over `a[k] * b[k + lag]` with `lag = i - (a.len() - 1)`.
#[must_use]
pub fn cross_correlation(a: &[f64], b: &[f64]) -> Vec<f64> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let count = a.len() + b.len() - 1;
    let length = count.next_power_of_two();
    let mut planner = FftPlanner::new();
    let forward = planner.plan_fft_forward(length);
    let transformed = |values: &mut dyn Iterator<Item = f64>| {
        let mut points: Vec<Complex64> = values.map(|re| Complex64::new(re, 0.0)).collect();
        points.resize(length, Complex64::ZERO);
        forward.process(&mut points);
        points
    };
    let reversed = transformed(&mut a.iter().rev().copied());
    let mut product = transformed(&mut b.iter().copied());
    product.iter_mut().zip(&reversed).for_each(|(one, other)| *one *= *other);
    planner.plan_fft_inverse(length).process(&mut product);
    product.iter().take(count).map(|point| point.re / length as f64).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_at_its_frequency_with_its_phase_whatever_the_delay() {
        // 100 steps above the carrier, phase 0, delayed by 7.25 points.
        let (length, delay) = (1024usize, 7.25);
        let points = (0..length)
            .map(|t| Complex64::from_polar(1.0, TAU * 100.0 * (t as f64 - delay) / length as f64))
            .collect();
        let mut spectrum = spectrum(points, length);
        remove_group_delay(&mut spectrum, delay);
        let line = spectrum[length / 2 + 100];
        assert!((line.re - length as f64).abs() < 1e-6 && line.im.abs() < 1e-6, "{line}");
        assert!(spectrum[length / 2 + 101].norm() < 1e-6);
    }

    #[test]
    fn an_absorption_line_gets_its_dispersion() {
        let line = |i: usize| 1.0 / Complex64::new(1.0, (i as f64 - 700.0) / 6.0);
        for length in [2048usize, 2047] {
            let real: Vec<f64> = (0..length).map(|i| line(i).re).collect();
            let complex = analytic(&real);
            for (i, point) in complex.iter().enumerate().take(750).skip(650) {
                assert!((point - line(i)).norm() < 0.02, "{length} {i}: {point}");
            }
        }
        assert!(analytic(&[]).is_empty());
    }

    #[test]
    fn correlation_is_highest_where_the_rows_agree() {
        let (a, b) = ([0.0, 1.0, 2.0, 0.0], [0.0, 0.0, 0.0, 1.0, 2.0, 0.0]);
        let all = cross_correlation(&a, &b);
        assert_eq!(all.len(), 9);
        let best = (0..all.len()).max_by(|&i, &j| all[i].total_cmp(&all[j])).unwrap();
        assert_eq!(best as i32 - 3, 2);
        assert!((all[best] - 5.0).abs() < 1e-12);
        assert!(cross_correlation(&a, &[]).is_empty());
    }
}
