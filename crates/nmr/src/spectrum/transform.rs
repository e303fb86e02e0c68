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

#[cfg(test)]
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
}
