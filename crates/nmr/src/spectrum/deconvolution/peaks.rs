//! What fitting makes of a peak list.

use super::{FittedLine, Line, Noise};
use crate::spectrum::axis::Axis;
use crate::spectrum::peak::{LineErrors, Peak, PeakClass};

/// A fitted line is the picked one when it is not wider than it by more than this.
const SAME_WIDTH: f64 = 4.0;

/// How many peaks were fitted, and how many hidden ones brought out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refined {
    /// Peaks with standard errors.
    pub fitted: usize,
    /// Peaks that picking had not seen.
    pub brought_out: usize,
}

/// Fits the peaks that point up, puts position, width and area right, adds the lines that hid,
/// and scales heights and areas anew. A peak that stands for a splitting, or that does not look
/// like a line, stays as it was picked.
pub fn refine(peaks: &mut Vec<Peak>, real: &[f64], axis: &Axis, noise: &Noise) -> Refined {
    let Some(scale) = height_of_one(peaks, noise.deviation) else {
        return Refined { fitted: 0, brought_out: 0 };
    };
    for peak in peaks.iter_mut() {
        peak.intensity *= scale;
        peak.area = peak.intensity * peak.width_hz * std::f64::consts::FRAC_PI_2;
    }
    let usual = usual_width(peaks);
    let (places, lines): (Vec<usize>, Vec<Line>) = peaks
        .iter()
        .enumerate()
        .filter(|(_, peak)| is_line(peak))
        .filter_map(|(place, peak)| {
            let centre = (peak.ppm - axis.first_ppm) / axis.step_ppm;
            let here = *real.get(centre.round().max(0.0) as usize)?;
            // Where lines overlap, a picked width tells little.
            let width_hz = peak.width_hz.clamp(0.7 * usual, (1.5 * usual).max(0.7 * peak.width_hz));
            let half_width = (width_hz / axis.step_hz() / 2.0).max(0.5);
            let height = peak.intensity;
            let stands = here > 0.5 * height && here < 2.0 * height;
            stands.then_some((place, Line { centre, half_width, height }))
        })
        .unzip();
    let mut refined = Refined { fitted: 0, brought_out: 0 };
    let mut hidden = Vec::new();
    for fitted in super::fit(real, &lines, noise) {
        let (ppm, width_hz) = shift_and_width(&fitted, axis);
        let errors = LineErrors {
            ppm: fitted.centre_error * axis.step_ppm,
            width_hz: 2.0 * fitted.half_width_error * axis.step_hz(),
            area: fitted.area_error * axis.step_hz(),
        };
        if let Some(start) = fitted.start {
            let peak = &mut peaks[places[start]];
            if fitted.line.height < 0.2 * peak.intensity
                || width_hz > SAME_WIDTH * peak.width_hz.max(usual)
            {
                continue;
            }
            refined.fitted += 1;
            peak.ppm = ppm;
            peak.width_hz = width_hz;
            peak.intensity = fitted.line.height;
            peak.area = fitted.area * axis.step_hz();
            peak.errors = Some(errors);
        } else {
            let nearest = places
                .iter()
                .map(|&place| &peaks[place])
                .min_by(|a, b| (a.ppm - ppm).abs().total_cmp(&(b.ppm - ppm).abs()));
            let class = nearest.map_or(PeakClass::Compound, |peak| peak.class);
            let substance = nearest
                .and_then(|peak| peak.substance.clone())
                .filter(|_| class != PeakClass::Compound);
            refined.brought_out += 1;
            hidden.push(Peak {
                ppm,
                intensity: fitted.line.height,
                width_hz,
                area: fitted.area * axis.step_hz(),
                signal_to_noise: 0.0,
                class,
                multiplicity: None,
                errors: Some(errors),
                splitting: None,
                substance,
            });
        }
    }
    peaks.append(&mut hidden);
    peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    scale_again(peaks, noise.deviation);
    refined
}

/// Satellites and feet stand on other lines' flanks and are left as they are.
fn is_line(peak: &Peak) -> bool {
    let class =
        matches!(peak.class, PeakClass::Compound | PeakClass::Solvent | PeakClass::Impurity);
    class && peak.intensity > 0.0 && peak.splitting.is_none()
}

/// Width of an ordinary strong line.
fn usual_width(peaks: &[Peak]) -> f64 {
    let strong = |peak: &&Peak| is_line(peak) && peak.signal_to_noise > 30.0;
    let mut widths: Vec<f64> = peaks.iter().filter(strong).map(|peak| peak.width_hz).collect();
    widths.sort_by(f64::total_cmp);
    widths.get(widths.len() / 2).copied().unwrap_or(1.0)
}

fn shift_and_width(fitted: &FittedLine, axis: &Axis) -> (f64, f64) {
    (axis.ppm(fitted.line.centre), 2.0 * fitted.line.half_width * axis.step_hz())
}

/// Height that the intensity 1 stands for.
fn height_of_one(peaks: &[Peak], deviation: f64) -> Option<f64> {
    let peak = peaks.iter().max_by(|a, b| a.intensity.abs().total_cmp(&b.intensity.abs()))?;
    let height = peak.signal_to_noise * deviation / peak.intensity.abs();
    (height.is_finite() && height > 0.0 && peak.signal_to_noise < f64::MAX).then_some(height)
}

/// The tallest compound peak becomes 1, and so does the sum of all compound areas; without
/// compound, those of all peaks.
fn scale_again(peaks: &mut [Peak], deviation: f64) {
    let any = peaks.iter().any(|peak| peak.class == PeakClass::Compound);
    let counts = |peak: &&Peak| !any || peak.class == PeakClass::Compound;
    let tallest = peaks.iter().filter(counts).map(|p| p.intensity.abs()).fold(0.0, f64::max);
    let whole: f64 = peaks.iter().filter(counts).map(|peak| peak.area.abs()).sum();
    if !(tallest > 0.0 && whole > 0.0) {
        return;
    }
    for peak in peaks {
        peak.signal_to_noise = peak.intensity.abs() / deviation;
        peak.intensity /= tallest;
        peak.area /= whole;
        if let Some(errors) = &mut peak.errors {
            errors.area /= whole;
        }
    }
}
