//! A spectrum of which nothing is left but its picked lines: what networks are shown of measured
//! spectra, drawn from signals.

use rand::Rng;

use super::{Conditions, LineShape, Stick, Window, draw, noise};
use crate::fid::Nucleus;

/// Lines this many times the noise are found.
const FOUND: f64 = 3.0;
/// Fitted widths scatter by this share.
const WIDTH_SCATTER: f64 = 0.15;
/// Fitted areas scatter by this share, and by the noise.
const AREA_SCATTER: f64 = 0.05;

/// Draws those of a compound's lines that a peak picker finds, each with the area and width a fit
/// would give it. Noise hides lines and scatters areas; neither it nor the solvent is drawn.
#[must_use]
pub fn draw_picked(
    lines: &[Stick],
    nucleus: &Nucleus,
    conditions: &Conditions,
    window: &Window,
    random: &mut impl Rng,
) -> Vec<f32> {
    let usual = conditions.shape.width_hz;
    let height = |line: &Stick| line.area / line.width_hz.unwrap_or(usual).max(1e-3);
    let tallest = lines.iter().map(height).fold(0.0, f64::max);
    let noise = conditions.noise * tallest;
    let found: Vec<Stick> = lines
        .iter()
        .filter(|line| height(line) > FOUND * noise)
        .map(|line| {
            let (wide, high) = noise::normal(random);
            let scatter = AREA_SCATTER.hypot(noise / height(line));
            Stick {
                ppm: line.ppm + conditions.reference_error_ppm,
                area: line.area * (1.0 + scatter * high.clamp(-2.5, 2.5)).max(0.0),
                width_hz: Some(line.width_hz.unwrap_or(usual) * (WIDTH_SCATTER * wide).exp()),
            }
        })
        .collect();
    let shape = LineShape { width_hz: usual, gaussian_share: 0.0 };
    draw(&found, conditions.mhz(nucleus), &shape, window)
}
