//! The road from FID to peaks.

use num_complex::Complex64;

use super::axis::Axis;
use super::parameters::ProcessingParameters;
use super::phase::{self, Phase};
use super::picking::{self, RawPeak};
use super::record::{ProcessingRecord, ProcessingStep};
use super::referencing::{self, Referencing};
use super::{
    Multiplet, Peak, PeakClass, Quality, SpectrumError, apodization, baseline, classification,
    deconvolution, editing, fluorine, multiplet, noise, positivity, satellites, solvent_lines,
    transform,
};
use crate::fid::{Experiment, Fid, Nucleus, Origin, Solvent};

/// Fewest and most complex points of a FID.
const POINTS: std::ops::RangeInclusive<usize> = 64..=1 << 21;

/// Most peaks that are kept, the tallest: what has more is no spectrum of a compound, and what
/// follows compares peaks with each other.
const MOST_PEAKS: usize = 1000;

/// A processed one-dimensional spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessedSpectrum {
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// What was run.
    pub experiment: Experiment,
    /// Carrier frequency, MHz.
    pub frequency_mhz: f64,
    /// Solvent: the one seen in the spectrum, else the header's.
    pub solvent: Option<Solvent>,
    /// How the axis was put right.
    pub referencing: Referencing,
    /// Standard deviation of the noise, in the units of `real`.
    pub noise: f64,
    /// Peaks in ascending order of shift.
    pub peaks: Vec<Peak>,
    /// Multiplets in ascending order of shift; empty for 13C.
    pub multiplets: Vec<Multiplet>,
    /// How far the spectrum can be trusted.
    pub quality: Quality,
    /// What was done.
    pub record: ProcessingRecord,
    /// Shift of the first point, ppm.
    pub first_ppm: f64,
    /// Shift from one point to the next, ppm (positive).
    pub step_ppm: f64,
    /// The phased spectrum, baseline taken off.
    pub real: Vec<f32>,
}

/// Makes a spectrum of a FID and picks its peaks. The same FID and parameters give the same
/// result, bit for bit, on one machine.
///
/// # Errors
/// When the FID is no 1H or 13C one-dimensional signal, has senseless header values, or nothing
/// in it.
pub fn process(
    fid: &Fid,
    parameters: &ProcessingParameters,
) -> Result<ProcessedSpectrum, SpectrumError> {
    check(fid)?;
    let mut record = ProcessingRecord::new();
    let both_signs = fid.experiment.is_edited();
    let mut spectrum = transformed(fid, parameters, &mut record);
    let raw_noise = noise::standard_deviation(&real_part(&spectrum));
    let phase = phased(&mut spectrum, fid, parameters, raw_noise);
    record.steps.push(ProcessingStep::Phase {
        zero_deg: phase.zero.to_degrees(),
        first_deg: phase.first.to_degrees(),
        lines: phase.lines,
        spread_deg: phase.spread.to_degrees(),
    });

    let mut real = real_part(&spectrum);
    let stiffness = parameters.resolved_stiffness(&fid.nucleus);
    let rounds = baseline::correct(&mut real, stiffness, both_signs);
    record.steps.push(ProcessingStep::Baseline { stiffness, rounds });
    let noise = noise::standard_deviation(&real);
    if real.iter().any(|value| !value.is_finite()) || real.iter().all(|&value| value == 0.0) {
        return Err(SpectrumError::NoSignal);
    }

    let mut axis = Axis::new(fid.carrier_mhz, fid.reference_mhz, fid.sweep_width_hz, real.len());
    let least_height = parameters.least_signal_to_noise.max(1.0) * noise;
    let mut raw = tallest(picking::pick(&real, &axis, least_height, both_signs));
    let (referencing, solvent) =
        referencing::find(&raw, &fid.nucleus, fid.experiment, fid.solvent, fid.reference_mhz);
    axis.shift(referencing.shift_ppm);
    raw.iter_mut().for_each(|peak| peak.ppm += referencing.shift_ppm);

    let share = parameters.resolved_relative_height(&fid.nucleus, fid.experiment);
    let mut peaks = finished_peaks(raw, fid, solvent, referencing.shift_ppm, noise, share);
    if both_signs {
        let inverted = editing::is_upside_down(fid.experiment, &peaks);
        if inverted {
            real.iter_mut().for_each(|value| *value = -*value);
            peaks.iter_mut().for_each(|peak| {
                peak.intensity = -peak.intensity;
                peak.area = -peak.area;
            });
        }
        record.steps.push(ProcessingStep::Orientation { inverted });
    }
    record.steps.push(ProcessingStep::Peaks {
        least_signal_to_noise: parameters.least_signal_to_noise,
        least_relative_height: share,
    });
    let plain_proton = fid.nucleus == Nucleus::Proton && fid.experiment == Experiment::Plain;
    if plain_proton {
        let single =
            solvent.and_then(|solvent| match solvent_lines::lines(solvent, &fid.nucleus) {
                [line] if line.lines == 1 => Some(line.ppm),
                _ => None,
            });
        satellites::reclaim(&mut peaks, single, solvent.map(solvent_lines::water));
        satellites::mark(&mut peaks, fid.reference_mhz);
    }
    if parameters.fit_lines && !both_signs {
        let noise = deconvolution::Noise::new(
            noise,
            axis.step_hz(),
            fid.points.len() as f64 / fid.sweep_width_hz,
            parameters.resolved_line_broadening(&fid.nucleus),
        );
        let lines = deconvolution::refine(&mut peaks, &real, &axis, &noise);
        let deconvolution::Refined { fitted, brought_out } = lines;
        record.steps.push(ProcessingStep::Lines { fitted, brought_out });
    }
    let multiplets = if plain_proton { multiplet::find(&peaks, &real, &axis) } else { Vec::new() };
    Ok(ProcessedSpectrum {
        nucleus: fid.nucleus.clone(),
        experiment: fid.experiment,
        frequency_mhz: fid.carrier_mhz,
        solvent,
        referencing,
        noise,
        peaks,
        multiplets,
        quality: Quality { score: 1.0, reasons: Vec::new() },
        record,
        first_ppm: axis.first_ppm,
        step_ppm: axis.step_ppm,
        real: real.into_iter().map(|value| value as f32).collect(),
    })
}

fn check(fid: &Fid) -> Result<(), SpectrumError> {
    if let Nucleus::Other(label) = &fid.nucleus {
        return Err(SpectrumError::Nucleus(label.clone()));
    }
    if fid.experiment == Experiment::MultiDimensional {
        return Err(SpectrumError::Experiment(fid.experiment.to_string()));
    }
    let points = fid.points.len();
    if points < *POINTS.start() {
        return Err(SpectrumError::TooFewPoints { points, least: *POINTS.start() });
    }
    if points > *POINTS.end() {
        return Err(SpectrumError::TooManyPoints { points, most: *POINTS.end() });
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
fn transformed(
    fid: &Fid,
    parameters: &ProcessingParameters,
    record: &mut ProcessingRecord,
) -> Vec<Complex64> {
    let finished = fid.origin == Origin::Spectrum;
    let line_broadening_hz =
        if finished { 0.0 } else { parameters.resolved_line_broadening(&fid.nucleus) };
    let mut points = apodization::exponential(
        &fid.points,
        fid.sweep_width_hz,
        fid.group_delay,
        line_broadening_hz,
    );
    if fid.group_delay == 0.0 && !finished {
        // The transform counts the point at time zero whole where the integral counts half.
        points[0] *= 0.5;
    }
    let from_points = points.len();
    let factor = parameters.zero_fill_factor.clamp(1, 16);
    let to_points = (from_points * factor).next_power_of_two().min(*POINTS.end() * 2);
    let mut spectrum = transform::spectrum(points, to_points);
    transform::undo_delay(&mut spectrum, fid.group_delay);
    record.steps.push(ProcessingStep::GroupDelay { points: fid.group_delay });
    record.steps.push(ProcessingStep::Apodization { line_broadening_hz });
    record.steps.push(ProcessingStep::Transform { from_points, to_points });
    spectrum
}

/// Takes the phase off, given or found.
fn phased(
    spectrum: &mut [Complex64],
    fid: &Fid,
    parameters: &ProcessingParameters,
    noise: f64,
) -> Phase {
    if let Some([zero, first]) = parameters.phase.map(|orders| orders.map(f64::to_radians)) {
        transform::rotate(spectrum, zero, first);
        return Phase { zero, first, lines: 0, spread: 0.0 };
    }
    if fid.origin == Origin::Spectrum {
        return Phase { zero: 0.0, first: 0.0, lines: 0, spread: 0.0 };
    }
    let mut phase = phase::automatic(spectrum, noise, fid.experiment.is_edited());
    transform::rotate(spectrum, phase.zero, phase.first);
    if fid.nucleus == Nucleus::Proton {
        let [zero, first] = positivity::refine(spectrum, noise);
        transform::rotate(spectrum, zero, first);
        phase.zero += zero;
        phase.first += first;
    }
    phase
}

fn real_part(spectrum: &[Complex64]) -> Vec<f64> {
    spectrum.iter().map(|point| point.re).collect()
}

fn tallest(mut peaks: Vec<RawPeak>) -> Vec<RawPeak> {
    if peaks.len() > MOST_PEAKS {
        peaks.sort_by(|a, b| b.height.abs().total_cmp(&a.height.abs()));
        peaks.truncate(MOST_PEAKS);
        peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    }
    peaks
}

/// Classes, joined quartets, and everything relative to the compound.
fn finished_peaks(
    raw: Vec<RawPeak>,
    fid: &Fid,
    solvent: Option<Solvent>,
    shift_ppm: f64,
    noise: f64,
    share: f64,
) -> Vec<Peak> {
    let circumstances = classification::Circumstances {
        nucleus: &fid.nucleus,
        edited: fid.experiment.is_edited(),
        solvent,
        reference_mhz: fid.reference_mhz,
        carrier_ppm: (fid.carrier_mhz / fid.reference_mhz - 1.0) * 1e6 + shift_ppm,
    };
    let classes = classification::classify(&raw, &circumstances);
    let (of_compound, others): (Vec<_>, Vec<_>) =
        raw.into_iter().zip(classes).partition(|(_, class)| *class == PeakClass::Compound);
    let mut compound: Vec<RawPeak> = of_compound.into_iter().map(|(peak, _)| peak).collect();
    let tallest = compound.iter().map(|peak| peak.height.abs()).fold(0.0, f64::max);
    compound.retain(|peak| peak.height.abs() >= share * tallest);
    if fid.nucleus == Nucleus::Carbon && !fid.experiment.is_edited() {
        compound = fluorine::join(compound, fid.reference_mhz);
    }
    let tallest = compound.iter().map(|peak| peak.height.abs()).fold(0.0, f64::max);
    let whole: f64 = compound.iter().map(|peak| peak.area.abs()).sum();
    // Without any compound peak the tallest of the others sets the scale.
    let tallest = if tallest > 0.0 {
        tallest
    } else {
        others.iter().map(|(peak, _)| peak.height.abs()).fold(f64::MIN_POSITIVE, f64::max)
    };
    let whole = if whole > 0.0 {
        whole
    } else {
        others.iter().map(|(peak, _)| peak.area.abs()).sum::<f64>().max(f64::MIN_POSITIVE)
    };
    let mut peaks: Vec<Peak> = compound
        .into_iter()
        .map(|peak| (peak, PeakClass::Compound))
        .chain(others)
        .map(|(peak, class)| Peak {
            ppm: peak.ppm,
            intensity: peak.height / tallest,
            width_hz: peak.width_hz,
            area: peak.area / whole,
            signal_to_noise: if noise > 0.0 { peak.height.abs() / noise } else { f64::MAX },
            class,
            multiplicity: None,
            errors: None,
            splitting: None,
        })
        .collect();
    peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    peaks
}
