//! From FID to peaks, step by step.

use num_complex::Complex64;

use super::axis::Axis;
use super::parameters::ProcessingParameters;
use super::phase::{self, Phase};
use super::picking::{self, RawPeak};
use super::quality::{self, Findings};
use super::record::{ProcessingRecord, ProcessingStep};
use super::referencing::{self, Referencing, Unreferenced};
use super::{
    Multiplet, Peak, Quality, SpectrumError, baseline, deconvolution, editing, multiplet, noise,
    peak_list, positivity, satellites, solvent_lines, time_domain, transform,
};
use crate::fid::{Experiment, Fid, Nucleus, Origin, Solvent};

/// Every so many points the baseline is compared with what it was.
const ROLL_STRIDE: usize = 16;

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

impl ProcessedSpectrum {
    /// Height in `real` of what counts as 1: of the tallest compound peak. Without a peak it is the
    /// tallest point.
    #[must_use]
    pub fn unit_height(&self) -> f64 {
        let peaks = self.peaks.iter().filter(|peak| peak.intensity.abs() > 0.0);
        peaks
            .max_by(|a, b| a.signal_to_noise.total_cmp(&b.signal_to_noise))
            .map(|peak| peak.signal_to_noise * self.noise / peak.intensity.abs())
            .filter(|unit| unit.is_finite() && *unit > 0.0)
            .unwrap_or_else(|| {
                let tallest = |most: f32, value: &f32| most.max(value.abs());
                f64::from(self.real.iter().fold(f32::MIN_POSITIVE, tallest))
            })
    }
}

/// Makes a spectrum of a FID and picks its peaks. The same FID and parameters give the same
/// result, bit for bit, on one machine.
///
/// # Errors
/// When the FID is no 1H or 13C one-dimensional signal, has senseless header values, or nothing
/// in it.
///
/// # Examples
/// [The crate's first page](crate) makes a FID and processes it.
pub fn process(
    fid: &Fid,
    parameters: &ProcessingParameters,
) -> Result<ProcessedSpectrum, SpectrumError> {
    time_domain::check(fid)?;
    let mut record = ProcessingRecord::new();
    let both_signs = fid.experiment.has_both_signs();
    let mut spectrum = time_domain::transformed(fid, parameters, &mut record);
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
    let before: Vec<f64> = real.iter().step_by(ROLL_STRIDE).copied().collect();
    let rounds = baseline::correct(&mut real, stiffness, both_signs);
    let keep_broad = parameters.keep_broad;
    record.steps.push(ProcessingStep::Baseline { stiffness, rounds, keep_broad });
    let roll = root_mean_square(before.iter().zip(real.iter().step_by(ROLL_STRIDE)));
    let noise = noise::standard_deviation(&real);
    if real.iter().any(|value| !value.is_finite()) || real.iter().all(|&value| value == 0.0) {
        return Err(SpectrumError::NoSignal);
    }

    let mut axis = Axis::new(fid.carrier_mhz, fid.reference_mhz, fid.sweep_width_hz, real.len());
    let least_height = parameters.least_signal_to_noise.max(1.0) * noise;
    let mut raw = peak_list::tallest(picking::pick(&real, &axis, least_height, both_signs));
    let (referencing, solvent) = referencing::find(&unreferenced(fid, parameters, &raw));
    axis.shift(referencing.shift_ppm);
    record.steps.push(ProcessingStep::Reference {
        method: referencing.method,
        shift_ppm: referencing.shift_ppm,
        confidence: referencing.confidence,
        standard_error_ppm: referencing.standard_error_ppm,
        sample_axis: parameters.sample_axis,
        solvent: solvent.map(|solvent| solvent.name().to_owned()),
    });
    raw.iter_mut().for_each(|peak| peak.ppm += referencing.shift_ppm);

    let share = parameters.resolved_relative_height(&fid.nucleus, fid.experiment);
    let mut peaks = peak_list::finished(raw, fid, solvent, &referencing, noise, share);
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
    let all_multiplets = fid.nucleus == Nucleus::Proton && fid.experiment.shows_all_multiplets();
    if all_multiplets {
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
    let multiplets =
        if all_multiplets { multiplet::find(&peaks, &real, &axis) } else { Vec::new() };
    let findings = Findings {
        peaks: &peaks,
        referencing: &referencing,
        phase_spread_deg: phase.spread.to_degrees(),
        phase_lines: (parameters.phase.is_none() && fid.origin == Origin::Acquired)
            .then_some(phase.lines),
        baseline_over_noise: roll / noise.max(f64::MIN_POSITIVE),
        left_at_end: time_domain::left_at_end(fid, parameters, noise),
        asymmetry: quality::asymmetry(&real, &peak_list::strong_tops(&peaks, &axis, real.len())),
    };
    let quality = Quality::assess(fid, &findings);
    Ok(ProcessedSpectrum {
        nucleus: fid.nucleus.clone(),
        experiment: fid.experiment,
        frequency_mhz: fid.carrier_mhz,
        solvent,
        referencing,
        noise,
        peaks,
        multiplets,
        quality,
        record,
        first_ppm: axis.first_ppm,
        step_ppm: axis.step_ppm,
        real: real.into_iter().map(|value| value as f32).collect(),
    })
}

fn unreferenced<'a>(
    fid: &'a Fid,
    parameters: &ProcessingParameters,
    peaks: &'a [RawPeak],
) -> Unreferenced<'a> {
    Unreferenced {
        peaks,
        nucleus: &fid.nucleus,
        experiment: fid.experiment,
        origin: fid.origin,
        header: fid.solvent,
        reference_mhz: fid.reference_mhz,
        calibrated_mhz: fid.calibrated_mhz,
        water_suppressed: fid.water_suppressed,
        temperature_k: fid.temperature_k,
        sample_axis: parameters.sample_axis,
    }
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
    let mut phase = phase::automatic(spectrum, noise, fid.experiment.has_both_signs());
    transform::rotate(spectrum, phase.zero, phase.first);
    if fid.nucleus == Nucleus::Proton && !fid.experiment.has_both_signs() {
        let [zero, first] = positivity::refine(spectrum, noise);
        transform::rotate(spectrum, zero, first);
        phase.zero += zero;
        phase.first += first;
    }
    phase
}

/// Root mean square of differences.
fn root_mean_square<'a>(pairs: impl ExactSizeIterator<Item = (&'a f64, &'a f64)>) -> f64 {
    let count = pairs.len().max(1) as f64;
    (pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / count).sqrt()
}

fn real_part(spectrum: &[Complex64]) -> Vec<f64> {
    spectrum.iter().map(|point| point.re).collect()
}
