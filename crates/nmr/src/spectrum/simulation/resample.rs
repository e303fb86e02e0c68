//! Measured spectra brought to a window.

use super::Window;

/// The mean of a spectrum over the stretch of each point of a window, so that areas are kept;
/// zero where there is no spectrum. `step_ppm` is positive.
#[must_use]
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn resample(real: &[f32], first_ppm: f64, step_ppm: f64, window: &Window) -> Vec<f32> {
    // Integral of the spectrum, a point standing for the step around it, up to a place.
    let mut integral = Vec::with_capacity(real.len() + 1);
    let mut sum = 0.0_f64;
    integral.push(sum);
    for &value in real {
        sum += f64::from(value);
        integral.push(sum);
    }
    let up_to = |ppm: f64| {
        let place = ((ppm - first_ppm) / step_ppm + 0.5).clamp(0.0, real.len() as f64);
        let whole = (place as usize).min(real.len());
        let part = real.get(whole).map_or(0.0, |&value| f64::from(value) * place.fract());
        integral[whole] + part
    };
    let step = window.step_ppm();
    (0..window.points)
        .map(|point| {
            let (low, high) = (window.ppm(point) - step / 2.0, window.ppm(point) + step / 2.0);
            ((up_to(high) - up_to(low)) * step_ppm / step) as f32
        })
        .collect()
}
