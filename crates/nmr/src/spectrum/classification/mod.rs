//! What each peak is taken to come from.

mod giants;
mod impurities;
mod solvent;
mod strays;
mod zero;

use super::peak::PeakClass;
use super::picking::RawPeak;
use super::{glitches, sidebands, solvent_lines};
use crate::fid::{Experiment, Nucleus, Solvent};
pub use impurities::{Claim, CommonImpurity, ImpuritySignal, common_impurities};

/// From this confidence on a claimed line is no longer counted among the compound's.
const BELIEVED: f64 = 0.5;
/// Axes known worse than this are not good enough to tell impurities by their places.
const LEAST_AXIS: f64 = 0.5;
/// Height over the noise that a line has at least to be told by its pattern.
const LEAST_HEIGHT: f64 = 8.0;

/// What is known of a spectrum when its peaks are classed.
#[derive(Debug, Clone, Copy)]
pub struct ClassificationContext<'a> {
    /// Observed nucleus.
    pub nucleus: &'a Nucleus,
    /// What was run; in edited spectra lines point up or down by design.
    pub experiment: Experiment,
    /// Solvent, seen or named.
    pub solvent: Option<Solvent>,
    /// Frequency that stands for 0 ppm, MHz.
    pub reference_mhz: f64,
    /// Where the carrier lies on the referenced axis, ppm.
    pub carrier_ppm: f64,
    /// Confidence in the axis, from 0 to 1.
    pub axis: f64,
    /// Standard deviation of the noise, in the units of the peaks' heights.
    pub noise: f64,
    /// Share of the tallest compound line that a line has at least to be kept.
    pub least_share: f64,
}

/// What a peak is taken for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Classed {
    /// Its class.
    pub class: PeakClass,
    /// What it is a line of, where that has a name. A claim with a low confidence leaves the class
    /// as it is.
    pub claim: Option<Claim>,
}

/// Classes of peaks on a referenced axis, in their order.
pub fn classify(peaks: &[RawPeak], context: &ClassificationContext<'_>) -> Vec<Classed> {
    let &ClassificationContext { nucleus, experiment, reference_mhz, carrier_ppm, .. } = context;
    let carbon = *nucleus == Nucleus::Carbon;
    let edited = experiment.is_edited();
    let of_solvent = solvent::find(peaks, context);
    let at_zero = zero::find(peaks, context);
    let glitches = glitches::find(peaks, carrier_ppm, reference_mhz);
    let pairs = sidebands::find(peaks, carbon, reference_mhz);
    let mut classed: Vec<Classed> = peaks
        .iter()
        .enumerate()
        .map(|(index, peak)| {
            let named = |class, claim| Classed { class, claim: Some(claim) };
            let unnamed = |class| Classed { class, claim: None };
            if let Some(claim) = of_solvent[index] {
                named(PeakClass::Solvent, claim)
            } else if glitches[index] {
                unnamed(PeakClass::Artifact)
            } else if let Some(claim) = at_zero[index].or_else(|| water(peak, peaks, context)) {
                let believed = claim.confidence >= BELIEVED;
                named(if believed { PeakClass::Impurity } else { PeakClass::Compound }, claim)
            } else if let Some(class) = pairs[index] {
                unnamed(class)
            } else if is_foot(peak, peaks, reference_mhz)
                || (edited && is_dip(peak, peaks, reference_mhz))
            {
                unnamed(PeakClass::Artifact)
            } else if !carbon && is_satellite(peak, peaks, reference_mhz) {
                unnamed(PeakClass::Satellite)
            } else {
                unnamed(PeakClass::Compound)
            }
        })
        .collect();
    giants::mark(peaks, &mut classed, context);
    if !edited {
        name_impurities(peaks, &mut classed, context);
    }
    if carbon && !edited {
        strays::mark(peaks, &mut classed);
    }
    classed
}

/// Which of the compound's lines stand so far above all others that they say nothing of these.
pub fn outstanding(peaks: &[RawPeak], context: &ClassificationContext<'_>) -> Vec<bool> {
    let free = vec![true; peaks.len()];
    let mut outstanding = vec![false; peaks.len()];
    if let Some(giants) = giants::find(peaks, &free, context) {
        giants.lines.into_iter().for_each(|line| outstanding[line] = true);
    }
    outstanding
}

fn name_impurities(
    peaks: &[RawPeak],
    classed: &mut [Classed],
    context: &ClassificationContext<'_>,
) {
    if context.axis < LEAST_AXIS {
        return;
    }
    let carbon = *context.nucleus == Nucleus::Carbon;
    let of_compound = |place: usize| classed[place].class == PeakClass::Compound;
    let tallest = (0..peaks.len())
        .filter(|&place| of_compound(place))
        .map(|place| peaks[place].height.abs())
        .fold(0.0, f64::max);
    // What is too small to be kept as the compound's is too small to be told by a pattern.
    let least = (context.least_share * tallest).max(LEAST_HEIGHT * context.noise);
    let free: Vec<bool> = (0..peaks.len())
        .map(|place| of_compound(place) && peaks[place].height.abs() >= least)
        .collect();
    let claims = impurities::find(peaks, &free, context.solvent, carbon, context.reference_mhz);
    for (one, claim) in classed.iter_mut().zip(claims) {
        let Some(claim) = claim else { continue };
        one.claim = Some(claim);
        if claim.confidence >= BELIEVED {
            one.class = PeakClass::Impurity;
        }
    }
}

/// Water in a 1H spectrum: a single line in its place.
fn water(peak: &RawPeak, peaks: &[RawPeak], context: &ClassificationContext<'_>) -> Option<Claim> {
    let solvent = context.solvent.filter(|_| *context.nucleus == Nucleus::Proton)?;
    let off = (peak.ppm - solvent_lines::water(solvent)).abs();
    // A line of a multiplet has neighbours of its size a coupling away.
    let alone = || {
        peaks.iter().all(|other| {
            let apart = (other.ppm - peak.ppm).abs() * context.reference_mhz;
            !(1.5..=16.0).contains(&apart) || !(0.15..6.0).contains(&(other.height / peak.height))
        })
    };
    let found = off < 0.05 && peak.width_hz < 60.0 && alone();
    let name = if solvent == Solvent::Water { "HDO" } else { "water" };
    found.then_some(Claim { name, confidence: 0.8 - 4.0 * off })
}

/// The far side of a line whose phase is its own: couplings that differ from the one an editing
/// sequence was set for turn single lines.
fn is_dip(peak: &RawPeak, peaks: &[RawPeak], reference_mhz: f64) -> bool {
    peaks.iter().any(|tall| {
        let apart = (tall.ppm - peak.ppm).abs() * reference_mhz;
        let share = peak.height / tall.height;
        share < 0.0 && share > -0.25 && apart < 2.5 * tall.width_hz.max(1.0)
    })
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

#[cfg(test)]
mod tests;
