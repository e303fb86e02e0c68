//! Lines drawn onto points.

use super::Window;

/// A single line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stick {
    /// Shift, ppm.
    pub ppm: f64,
    /// Area under it.
    pub area: f64,
    /// Full width at half height, Hz, where it is not the spectrum's.
    pub width_hz: Option<f64>,
}

/// Pseudo-Voigt: part Lorentzian (relaxation), part Gaussian (shim and processing), both of one
/// width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineShape {
    /// Full width at half height, Hz.
    pub width_hz: f64,
    /// Gaussian's share of the area, 0 to 1.
    pub gaussian_share: f64,
}

/// A Lorentzian is drawn this many half widths to either side, 1/3600 of its height: beyond
/// lies noise. What is left out is not missing in the area.
const LORENTZIAN_REACH: f64 = 60.0;
/// The same for a Gaussian.
const GAUSSIAN_REACH: f64 = 3.6;

/// Draws lines. Each point gets the mean height over its stretch, so that areas are right also
/// where lines are narrower than a step.
#[must_use]
pub fn draw(sticks: &[Stick], mhz: f64, shape: &LineShape, window: &Window) -> Vec<f32> {
    let mut trace = vec![0.0; window.points];
    for stick in sticks {
        let half_width = stick.width_hz.unwrap_or(shape.width_hz).max(1e-3) / 2.0 / mhz;
        let share = shape.gaussian_share.clamp(0.0, 1.0);
        if share < 1.0 {
            let area = stick.area * (1.0 - share);
            add(&mut trace, window, stick.ppm, half_width, area, LORENTZIAN_REACH, lorentzian);
        }
        if share > 0.0 {
            let area = stick.area * share;
            add(&mut trace, window, stick.ppm, half_width, area, GAUSSIAN_REACH, gaussian);
        }
    }
    trace
}

/// Adds a line whose integral up to `x` half widths from its centre is `integral(x)`.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
fn add(
    trace: &mut [f32],
    window: &Window,
    ppm: f64,
    half_width: f64,
    area: f64,
    reach: f64,
    integral: fn(f64) -> f64,
) {
    let points = window.between(ppm - reach * half_width, ppm + reach * half_width);
    let step = window.step_ppm();
    let x = |edge: f64| ((edge - ppm) / half_width).clamp(-reach, reach);
    let scale = area / (integral(reach) - integral(-reach)) / step;
    let mut below = integral(x(window.ppm(points.start) - step / 2.0));
    for point in points {
        let above = integral(x(window.ppm(point) + step / 2.0));
        trace[point] += ((above - below) * scale) as f32;
        below = above;
    }
}

/// Integral of 1/(1 + x^2) less its height at the end of the reach, so that it ends without a
/// step.
fn lorentzian(x: f64) -> f64 {
    x.atan() - x / (1.0 + LORENTZIAN_REACH * LORENTZIAN_REACH)
}

/// Integral of exp(-x^2 ln 2), up to a factor: the error function after Abramowitz and Stegun,
/// 7.1.26, right to 1.5e-7.
fn gaussian(x: f64) -> f64 {
    let z = x.abs() * std::f64::consts::LN_2.sqrt();
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592]
        .into_iter()
        .fold(0.0, |sum, coefficient| (sum + coefficient) * t);
    (1.0 - series * (-z * z).exp()).copysign(x)
}
