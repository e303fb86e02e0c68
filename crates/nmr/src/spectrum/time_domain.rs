//! From the FID to a complex spectrum that waits for its phase.

use std::borrow::Cow;

use num_complex::Complex64;

use super::parameters::ProcessingParameters;
use super::record::{ProcessingRecord, ProcessingStep};
use super::{Apodization, SpectrumError, apodization, linear_prediction, transform};
use crate::fid::{Fid, Nucleus, Origin};

/// Fewest and most complex points of a FID.
const POINTS: std::ops::RangeInclusive<usize> = 64..=1 << 21;

/// Values of points are below this: their sums are then finite in single precision too.
const MOST_VALUE: f64 = 1e30;

/// Refuses what is no 1H or 13C signal of one dimension, or cannot be.
pub(super) fn check(fid: &Fid) -> Result<(), SpectrumError> {
    if let Nucleus::Other(label) = &fid.nucleus {
        return Err(SpectrumError::Nucleus(label.clone()));
    }
    if !fid.experiment.is_spectrum() {
        return Err(SpectrumError::Experiment(fid.experiment.to_string()));
    }
    let points = fid.points.len();
    if points < *POINTS.start() {
        return Err(SpectrumError::TooFewPoints { points, least: *POINTS.start() });
    }
    if points > *POINTS.end() {
        return Err(SpectrumError::TooManyPoints { points, most: *POINTS.end() });
    }
    let small = |value: f64| value.is_finite() && value.abs() < MOST_VALUE;
    if let Some(point) = fid.points.iter().find(|point| !small(point.re) || !small(point.im)) {
        return Err(SpectrumError::Overflow(point.re.abs().max(point.im.abs())));
    }
    for (name, value) in [
        ("sweep width", fid.sweep_width_hz),
        ("carrier frequency", fid.carrier_mhz),
        ("reference frequency", fid.reference_mhz),
    ] {
        if !(value.is_finite() && value > 0.0) {
            return Err(SpectrumError::Frequency { name, value });
        }
    }
    Ok(())
}

/// Apodization, zero filling, transformation, and the filter's delay undone.
pub(super) fn transformed(
    fid: &Fid,
    parameters: &ProcessingParameters,
    record: &mut ProcessingRecord,
) -> Vec<Complex64> {
    let (shape, line_broadening_hz) = shaped(fid, parameters);
    let acquired = repaired(fid, parameters, record);
    let mut points = apodization::apply(
        &acquired,
        shape,
        fid.sweep_width_hz,
        fid.group_delay,
        line_broadening_hz,
    );
    if fid.group_delay == 0.0 && fid.origin != Origin::Spectrum {
        // The transform counts the point at time zero whole where the integral counts half.
        points[0] *= 0.5;
    }
    let from_points = points.len();
    let factor = parameters.zero_fill_factor.clamp(1, 16);
    let to_points = (from_points * factor).next_power_of_two().min(*POINTS.end() * 2);
    let mut spectrum = transform::spectrum(points, to_points);
    transform::remove_group_delay(&mut spectrum, fid.group_delay);
    record.steps.push(ProcessingStep::GroupDelay { points: fid.group_delay });
    record.steps.push(ProcessingStep::Apodization { shape, line_broadening_hz });
    record.steps.push(ProcessingStep::Transform { from_points, to_points });
    spectrum
}

/// Shape and line broadening, Hz, of the apodization; a finished spectrum had its own.
fn shaped(fid: &Fid, parameters: &ProcessingParameters) -> (Apodization, f64) {
    match fid.origin {
        Origin::Spectrum => (Apodization::None, 0.0),
        Origin::Acquired => {
            (parameters.apodization, parameters.resolved_line_broadening(&fid.nucleus))
        }
    }
}

/// The points, the first ones predicted anew where the receiver spoilt them. Behind a digital
/// filter they are its build-up, and a FID made from a spectrum is whole.
fn repaired<'a>(
    fid: &'a Fid,
    parameters: &ProcessingParameters,
    record: &mut ProcessingRecord,
) -> Cow<'a, [Complex64]> {
    let analog = fid.group_delay == 0.0 && fid.origin == Origin::Acquired;
    let count = match parameters.repair_points {
        Some(count) => count,
        None if analog => linear_prediction::spoilt(&fid.points),
        None => 0,
    };
    if count == 0 {
        return Cow::Borrowed(&fid.points);
    }
    let mut points = fid.points.clone();
    let points_replaced = linear_prediction::repair(&mut points, count);
    record.steps.push(ProcessingStep::Repair { points: points_replaced });
    Cow::Owned(points)
}

/// Signal in the last points over that in the first, both weighted as they were transformed, the
/// noise (known from the spectrum) taken off.
pub(super) fn left_at_end(fid: &Fid, parameters: &ProcessingParameters, noise: f64) -> f64 {
    let width = (fid.points.len() / 32).max(8);
    let start = (fid.group_delay.ceil() as usize).min(fid.points.len().saturating_sub(width));
    let (shape, line_broadening_hz) = shaped(fid, parameters);
    let weights: Vec<f64> = apodization::weights(
        fid.points.len(),
        shape,
        fid.sweep_width_hz,
        fid.group_delay,
        line_broadening_hz,
    )
    .collect();
    let passed: f64 = weights.iter().map(|weight| weight * weight).sum();
    // Twice: real and imaginary part.
    let noise_power = 2.0 * noise * noise / passed.max(f64::MIN_POSITIVE);
    let signal = |from: usize| {
        let power: f64 = (from..from + width)
            .map(|i| (fid.points[i].norm_sqr() - noise_power) * (weights[i] * weights[i]))
            .sum();
        power.max(0.0).sqrt()
    };
    let first = signal(start);
    if first > 0.0 { signal(fid.points.len() - width) / first } else { 0.0 }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn fid(value: f64) -> Fid {
        let points = vec![Complex64::new(value, 0.0); 128];
        Fid { reference_mhz: 125.69, ..Fid::bare(points, 10_000.0, 125.7) }
    }

    #[test]
    fn values_no_receiver_gives_are_refused_before_they_overflow() {
        assert_eq!(check(&fid(1e29)), Ok(()));
        for value in [1e30, -3e38, f64::MAX, f64::INFINITY, f64::NAN] {
            assert!(matches!(check(&fid(value)), Err(SpectrumError::Overflow(_))), "{value}");
        }
    }

    #[test]
    fn what_is_left_at_the_end_is_weighted_as_it_was_transformed() {
        let steady = |origin| Fid { origin, ..fid(1.0) };
        let broad = ProcessingParameters {
            line_broadening_hz: Some(100.0),
            ..ProcessingParameters::default()
        };
        // A steady signal: what the apodization leaves of it, or all where there is none.
        let apodized = left_at_end(&steady(Origin::Acquired), &broad, 0.0);
        let lost = (-std::f64::consts::PI * 100.0 / 10_000.0 * 120.0).exp();
        assert!((apodized / lost - 1.0).abs() < 1e-9, "{apodized} {lost}");
        assert!((left_at_end(&steady(Origin::Spectrum), &broad, 0.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_finished_spectrum_is_not_apodized_again() {
        let made = Fid { origin: Origin::Spectrum, ..fid(1.0) };
        let mut record = ProcessingRecord::new();
        transformed(&made, &ProcessingParameters::default(), &mut record);
        assert!(record.steps.contains(&ProcessingStep::Apodization {
            shape: Apodization::None,
            line_broadening_hz: 0.0
        }));
    }
}
