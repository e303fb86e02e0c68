//! Measured spectra brought to a window.

use super::Window;
use crate::spectrum::solvent_lines;
use crate::spectrum::{PeakClass, ProcessedSpectrum};

/// So many widths to either side of a foreign line go with it, but no less and no more than this: a
/// compound's line may stand beside it.
const CUT_WIDTHS: f64 = 4.0;
const CUT_PPM: [f64; 2] = [0.01, 0.05];

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

/// A processed spectrum on a window; with `cut_solvent` the lines taken to be solvent or impurity
/// (water among them), and the places of the solvent's lines, are set to zero.
#[must_use]
pub fn resample_processed(
    spectrum: &ProcessedSpectrum,
    window: &Window,
    cut_solvent: bool,
) -> Vec<f32> {
    let mut trace = resample(&spectrum.real, spectrum.first_ppm, spectrum.step_ppm, window);
    if cut_solvent {
        let foreign = |class| matches!(class, PeakClass::Solvent | PeakClass::Impurity);
        for peak in spectrum.peaks.iter().filter(|peak| foreign(peak.class)) {
            let width_ppm = peak.width_hz / spectrum.frequency_mhz;
            let reach = (CUT_WIDTHS * width_ppm).clamp(CUT_PPM[0], CUT_PPM[1]);
            cut_out(&mut trace, window, peak.ppm, reach);
        }
        if let Some(solvent) = spectrum.solvent {
            for line in solvent_lines::lines(solvent, &spectrum.nucleus) {
                let span = line.half_span_ppm(spectrum.frequency_mhz) + CUT_PPM[0];
                cut_out(&mut trace, window, line.ppm, span);
            }
        }
    }
    trace
}

/// Sets a trace to zero within `reach_ppm` of a shift.
pub fn cut_out(trace: &mut [f32], window: &Window, ppm: f64, reach_ppm: f64) {
    for point in window.between(ppm - reach_ppm, ppm + reach_ppm) {
        if let Some(value) = trace.get_mut(point) {
            *value = 0.0;
        }
    }
}
