//! Spectra drawn from signals: splitting, line shapes, and the conditions of a measurement. Knows no
//! molecule: whoever has one makes signals of it.
//!
//! [`draw_picked`] draws what is left of a spectrum once its peaks are picked; [`resample`] brings a
//! measured one to a window.

mod conditions;
mod draw;
mod noise;
mod picked;
mod resample;
mod signal;
mod splitting;
mod window;

pub use conditions::{Conditions, SolventTrace};
pub use draw::{LineShape, Stick, draw};
pub use picked::draw_picked;
pub use resample::resample;
pub use signal::{CarbonLine, Coupling, ProtonSignal};
pub use splitting::split;
pub use window::Window;

use crate::fid::Nucleus;

/// Draws a 1H spectrum. In units of protons per ppm: the sum over a signal's points times the
/// step is its number of protons.
#[must_use]
pub fn render_proton(
    signals: &[ProtonSignal],
    window: &Window,
    conditions: &Conditions,
) -> Vec<f32> {
    let mhz = conditions.proton_mhz;
    let sticks: Vec<Stick> = signals.iter().flat_map(|signal| split(signal, mhz)).collect();
    conditions.measure(&sticks, &Nucleus::Proton, window)
}

/// Draws a proton-decoupled 13C spectrum: a line's sum over its points times the step is its
/// intensity.
#[must_use]
pub fn render_carbon(lines: &[CarbonLine], window: &Window, conditions: &Conditions) -> Vec<f32> {
    let sticks: Vec<Stick> = lines
        .iter()
        .map(|line| Stick { ppm: line.ppm, area: line.intensity, width_hz: None })
        .collect();
    conditions.measure(&sticks, &Nucleus::Carbon, window)
}

/// Divides by the largest value, as networks take spectra; all zeros stay so.
pub fn to_maximum(trace: &mut [f32]) {
    let largest = trace.iter().copied().fold(0.0_f32, f32::max);
    if largest > 0.0 {
        trace.iter_mut().for_each(|value| *value /= largest);
    }
}

#[cfg(test)]
mod tests;
