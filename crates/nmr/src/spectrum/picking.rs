//! Peak picking.

use super::axis::Axis;

/// A peak before anything is known of its origin, in the units of the spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawPeak {
    /// Shift, ppm.
    pub ppm: f64,
    /// Height, negative for lines pointing down.
    pub height: f64,
    /// Full width at half height, Hz.
    pub width_hz: f64,
    /// Area of the Lorentzian of this height and width, height times Hz.
    pub area: f64,
}

/// A peak rises from its valleys by at least this share of its height, and by the least height.
const LEAST_RISE: f64 = 0.015;

/// Every maximum of at least `least_height` (and, with `both_signs`, every such minimum), in
/// order of shift.
///
/// # Examples
/// ```
/// use larmor_nmr::spectrum::{Axis, picking};
///
/// // A line of 4 Hz in the middle of a spectrum of 1,000 Hz at 100 MHz.
/// let line = |k: usize| 1.0 / (1.0 + ((k as f64 - 500.0) / 2.0).powi(2));
/// let real: Vec<f64> = (0..1000).map(line).collect();
/// let axis = Axis::new(100.0, 100.0, 1000.0, real.len());
/// let peaks = picking::pick(&real, &axis, 0.5, false);
/// assert_eq!(peaks.len(), 1);
/// assert!(peaks[0].ppm.abs() < 1e-6 && (peaks[0].width_hz - 4.0).abs() < 0.1);
/// ```
pub fn pick(real: &[f64], axis: &Axis, least_height: f64, both_signs: bool) -> Vec<RawPeak> {
    // The receiver's filter cuts off at the edges.
    let margin = (real.len() / 66).max(2);
    let mut peaks: Vec<RawPeak> = Vec::new();
    let signs: &[f64] = if both_signs { &[1.0, -1.0] } else { &[1.0] };
    for &sign in signs {
        let value = |i: usize| sign * real[i];
        let mut tops: Vec<(usize, f64)> = Vec::new();
        // The lowest point since the last top taken.
        let mut valley = f64::INFINITY;
        for i in margin..real.len().saturating_sub(margin) {
            let here = value(i);
            valley = valley.min(here);
            if here < least_height || here <= value(i - 1) || here < value(i + 1) {
                continue;
            }
            let rise = |top: f64| (LEAST_RISE * top).max(least_height);
            match tops.last_mut() {
                // No valley to speak of between this top and the last: the higher one stays.
                Some(last) if last.1 - valley < rise(last.1) || here - valley < rise(here) => {
                    if here > last.1 {
                        *last = (i, here);
                        valley = here;
                    }
                }
                _ => {
                    tops.push((i, here));
                    valley = here;
                }
            }
        }
        peaks.extend(tops.into_iter().map(|(top, _)| measure(real, axis, top, sign)));
    }
    peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    peaks
}

/// Position and height by a parabola through the top, width where half the height is left.
fn measure(real: &[f64], axis: &Axis, top: usize, sign: f64) -> RawPeak {
    let [left, middle, right] = [real[top - 1], real[top], real[top + 1]].map(|v| sign * v);
    let bend = left - 2.0 * middle + right;
    let off = if bend < 0.0 { (0.5 * (left - right) / bend).clamp(-0.5, 0.5) } else { 0.0 };
    let height = middle - 0.25 * (left - right) * off;
    let side = |step: isize| -> f64 {
        let mut last = middle;
        for distance in 1..2000 {
            let Some(&value) = top.checked_add_signed(step * distance).and_then(|i| real.get(i))
            else {
                return distance as f64;
            };
            let value = sign * value;
            if value <= 0.5 * height {
                return distance as f64 - 1.0 + (last - 0.5 * height) / (last - value);
            }
            // Rising again: a neighbour, whose flank tells nothing of this line.
            if value > last && value > 0.7 * height {
                return f64::INFINITY;
            }
            last = value;
        }
        2000.0
    };
    let (left, right) = (side(-1) + off, side(1) - off);
    let points = match (left.is_finite(), right.is_finite()) {
        (true, true) => left + right,
        (true, false) => 2.0 * left,
        (false, true) => 2.0 * right,
        (false, false) => 2.0,
    };
    let width_hz = points.max(1.0) * axis.step_hz();
    RawPeak {
        ppm: axis.ppm(top as f64 + off),
        height: sign * height,
        width_hz,
        area: sign * height * width_hz * std::f64::consts::FRAC_PI_2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spectrum(lines: &[(f64, f64)]) -> Vec<f64> {
        (0..4096)
            .map(|i| {
                lines
                    .iter()
                    .map(|&(at, height)| height / (1.0 + ((f64::from(i) - at) / 3.0).powi(2)))
                    .sum()
            })
            .collect()
    }

    #[test]
    fn lines_are_measured() {
        let axis = Axis { first_ppm: 0.0, step_ppm: 0.01, reference_mhz: 100.0 };
        let real = spectrum(&[(1000.3, 100.0), (1020.0, 60.0), (3000.0, -40.0)]);
        let peaks = pick(&real, &axis, 5.0, true);
        assert_eq!(peaks.len(), 3);
        assert!((peaks[0].ppm - 10.003).abs() < 0.001, "{peaks:?}");
        assert!((peaks[0].width_hz - 6.0).abs() < 0.3, "{peaks:?}");
        assert!((peaks[2].height + 40.0).abs() < 1.0);
        assert_eq!(pick(&real, &axis, 5.0, false).len(), 2);
    }

    #[test]
    fn a_shoulder_without_a_valley_is_no_peak() {
        let axis = Axis { first_ppm: 0.0, step_ppm: 0.01, reference_mhz: 100.0 };
        let mut real = spectrum(&[(1000.0, 100.0)]);
        real[1003] += 8.0;
        assert_eq!(pick(&real, &axis, 5.0, false).len(), 1);
    }
}
