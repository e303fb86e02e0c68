//! What each peak is taken to come from.

use super::peak::PeakClass;
use super::picking::RawPeak;
use super::solvent_lines;
use crate::fid::{Nucleus, Solvent};

/// Classes of peaks on a referenced axis, in their order.
pub fn classify(
    peaks: &[RawPeak],
    nucleus: &Nucleus,
    solvent: Option<Solvent>,
    reference_mhz: f64,
) -> Vec<PeakClass> {
    peaks
        .iter()
        .map(|peak| {
            if is_solvent(peak, nucleus, solvent, reference_mhz) {
                PeakClass::Solvent
            } else if is_usual_impurity(peak, nucleus, solvent) {
                PeakClass::Impurity
            } else if is_foot(peak, peaks, reference_mhz) {
                PeakClass::Artifact
            } else if *nucleus == Nucleus::Proton && is_satellite(peak, peaks, reference_mhz) {
                PeakClass::Satellite
            } else {
                PeakClass::Compound
            }
        })
        .collect()
}

fn is_solvent(
    peak: &RawPeak,
    nucleus: &Nucleus,
    solvent: Option<Solvent>,
    reference_mhz: f64,
) -> bool {
    let margin = if *nucleus == Nucleus::Carbon { 0.06 } else { 0.012 };
    solvent.is_some_and(|solvent| {
        solvent_lines::lines(solvent, nucleus).iter().any(|line| {
            let reach = line.half_span_ppm(reference_mhz) + margin;
            (peak.ppm - line.ppm).abs() <= reach
        })
    })
}

/// TMS and water.
fn is_usual_impurity(peak: &RawPeak, nucleus: &Nucleus, solvent: Option<Solvent>) -> bool {
    match nucleus {
        Nucleus::Carbon => peak.ppm.abs() < 0.15,
        _ => {
            let water = solvent.is_some_and(|solvent| {
                let place = solvent_lines::water(solvent);
                (peak.ppm - place).abs() < 0.05 && peak.width_hz < 60.0
            });
            peak.ppm.abs() < 0.03 || water
        }
    }
}

/// Ripples and imperfect shim at the foot of a far taller line.
fn is_foot(peak: &RawPeak, peaks: &[RawPeak], reference_mhz: f64) -> bool {
    peaks.iter().any(|tall| {
        let apart = (tall.ppm - peak.ppm).abs() * reference_mhz;
        let share = peak.height.abs() / tall.height.abs();
        (apart < 12.0 * tall.width_hz.max(0.8) && share < 0.02)
            || (apart < 5.0 * tall.width_hz && share < 0.05)
    })
}

/// Two small lines at equal distances about a tall one: its molecules with one 13C.
fn is_satellite(peak: &RawPeak, peaks: &[RawPeak], reference_mhz: f64) -> bool {
    let is_small = |small: f64, tall: f64| (0.002..0.012).contains(&(small / tall));
    peaks.iter().any(|tall| {
        let apart = (peak.ppm - tall.ppm) * reference_mhz;
        if !(55.0..110.0).contains(&apart.abs()) || !is_small(peak.height, tall.height) {
            return false;
        }
        peaks.iter().any(|other| {
            let across = (other.ppm - tall.ppm) * reference_mhz;
            (across + apart).abs() < 3.0 && is_small(other.height, tall.height)
        })
    })
}
