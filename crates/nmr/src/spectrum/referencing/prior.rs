//! What is known of an axis before its lines are looked at.

use super::sample_axis::carbon_above_ratio;
use super::witness::normal;
use super::{ReferenceMethod, Unreferenced};
use crate::fid::{Nucleus, Origin, Solvent};
use crate::spectrum::solvent_lines;

/// Standard deviation of a spectrometer's own axis with the right lock, ppm.
pub(super) fn carrier_error(nucleus: &Nucleus) -> f64 {
    if *nucleus == Nucleus::Carbon { 0.4 } else { 0.04 }
}

/// Standard deviation of what operators calibrate, ppm: they take 77.0 or 77.16, 7.24 or 7.27.
fn calibration_error(nucleus: &Nucleus) -> f64 {
    if *nucleus == Nucleus::Carbon { 0.08 } else { 0.01 }
}

/// One source of offsets.
#[derive(Debug, Clone, Copy)]
pub(super) struct PriorPart {
    pub method: ReferenceMethod,
    pub weight: f64,
    /// Offset it proposes, ppm.
    pub shift: f64,
    pub deviation: f64,
}

/// Density of the offset, per ppm.
#[derive(Debug, Clone)]
pub(super) struct Prior {
    pub parts: Vec<PriorPart>,
    /// Weight of an axis that may lie anywhere, per ppm.
    anywhere: f64,
}

impl Prior {
    /// For a spectrum whose tube holds `solvent`.
    pub fn of(measured: &Unreferenced<'_>, solvent: Option<Solvent>) -> Self {
        let nucleus = measured.nucleus;
        let carbon = *nucleus == Nucleus::Carbon;
        let mut parts = Vec::new();
        let mut left = 1.0;
        let mut part = |method, share: f64, shift, deviation| {
            parts.push(PriorPart { method, weight: left * share, shift, deviation });
            left *= 1.0 - share;
        };
        if let Some(axis) = measured.sample_axis {
            let shift = axis.shift_ppm(nucleus, solvent, measured.reference_mhz);
            if let Some((shift, error)) = shift {
                part(ReferenceMethod::Sample, 0.99 * axis.confidence, shift, error);
            }
        }
        let calibrated = calibrated_shift(measured);
        if let Some(shift) = calibrated {
            part(ReferenceMethod::Calibration, 0.8, shift, calibration_error(nucleus));
        }
        if let (Some(header), Some(solvent)) = (measured.header, solvent) {
            let apart = deuteron_ppm(header) - deuteron_ppm(solvent);
            if header != solvent && apart.abs() > 0.2 {
                part(ReferenceMethod::Carrier, 0.05, apart, 0.1);
                part(ReferenceMethod::Carrier, 0.05, -apart, 0.1);
            }
        }
        if carbon && measured.origin == Origin::Acquired {
            // Spectrometers tie 13C to 1H by the ratio in chloroform, whatever the solvent.
            let (above, error) = carbon_above_ratio(solvent);
            part(ReferenceMethod::Carrier, 0.7, -above, error.hypot(0.05));
        }
        if !measured.is_adrift() {
            part(ReferenceMethod::Carrier, 0.8, 0.0, carrier_error(nucleus));
        }
        let wide = if measured.is_adrift() { 4.0 } else { 1.0 };
        part(ReferenceMethod::Carrier, 0.9, 0.0, wide * if carbon { 1.5 } else { 0.15 });
        let anywhere = left / if carbon { 24.0 } else { 12.0 };
        Self { parts, anywhere }
    }

    /// Density at an offset, per ppm.
    pub fn density(&self, shift: f64) -> f64 {
        let parts = self.parts.iter();
        self.anywhere + parts.map(|p| p.weight * normal(shift - p.shift, p.deviation)).sum::<f64>()
    }
}

/// The operator's offset, where it is recorded.
fn calibrated_shift(measured: &Unreferenced<'_>) -> Option<f64> {
    measured
        .calibrated_mhz
        .map(|zero_mhz| (1.0 - zero_mhz / measured.reference_mhz) * 1e6)
        .filter(|shift| shift.abs() < 50.0)
}

/// Where a solvent's deuterium, which is locked on, stands: where its residual hydrogen does.
fn deuteron_ppm(solvent: Solvent) -> f64 {
    solvent_lines::lines(solvent, &Nucleus::Proton).first().map_or(0.0, |line| line.ppm)
}

/// How probable a solvent is before the lines are looked at; `None` is one without deuterium or
/// one that is not known.
pub(super) fn of_solvent(header: Option<Solvent>, solvent: Option<Solvent>) -> f64 {
    let rest = solvent_lines::ALL.len() as f64;
    match (header, solvent) {
        (Some(header), Some(solvent)) if header == solvent => 0.9,
        // What most tubes hold is also what a header most often should have said.
        (Some(_), Some(Solvent::Chloroform)) => 0.02,
        (Some(_), Some(_)) => 0.05 / rest,
        (Some(_), None) => 0.03,
        (None, None) => 0.2,
        (None, Some(Solvent::Chloroform)) => 0.25,
        (None, Some(Solvent::DimethylSulfoxide)) => 0.15,
        (None, Some(Solvent::Water | Solvent::Methanol)) => 0.1,
        (None, Some(_)) => 0.2 / rest,
    }
}
