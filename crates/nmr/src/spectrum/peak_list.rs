//! From picked lines to the list of peaks a spectrum is known by.

use super::axis::Axis;
use super::classification::{Claim, Classed};
use super::fluorine::{self, Joined};
use super::picking::RawPeak;
use super::referencing::Referencing;
use super::{Peak, PeakClass, Substance, classification};
use crate::fid::{Fid, Nucleus, Solvent};

/// Most peaks that are kept, the tallest: what has more is no spectrum of a compound, and what
/// follows compares peaks with each other.
const MOST_PEAKS: usize = 1000;

/// The tallest peaks, as many as are kept, in their order.
pub(super) fn tallest(mut peaks: Vec<RawPeak>) -> Vec<RawPeak> {
    if peaks.len() > MOST_PEAKS {
        peaks.sort_by(|a, b| b.height.abs().total_cmp(&a.height.abs()));
        peaks.truncate(MOST_PEAKS);
        peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    }
    peaks
}

/// Classes, joined quartets, and everything relative to the compound.
pub(super) fn finished(
    raw: Vec<RawPeak>,
    fid: &Fid,
    solvent: Option<Solvent>,
    referencing: &Referencing,
    noise: f64,
    share: f64,
) -> Vec<Peak> {
    let context = classification::ClassificationContext {
        nucleus: &fid.nucleus,
        experiment: fid.experiment,
        solvent,
        reference_mhz: fid.reference_mhz,
        carrier_ppm: (fid.carrier_mhz / fid.reference_mhz - 1.0) * 1e6 + referencing.shift_ppm,
        axis: referencing.confidence,
        noise,
        least_share: share,
    };
    let classed = classification::classify(&raw, &context);
    let substance = |claim: Option<Claim>| {
        claim.map(|Claim { name, confidence }| Substance { name: name.to_owned(), confidence })
    };
    // What the compound's lines are hinted to be; those that are joined lose it.
    let hints: Vec<(f64, Option<Claim>)> = raw
        .iter()
        .zip(&classed)
        .filter(|(_, one)| one.class == PeakClass::Compound && one.claim.is_some())
        .map(|(peak, one)| (peak.ppm, one.claim))
        .collect();
    let hint = |peak: &RawPeak| {
        hints.iter().find(|(ppm, _)| ppm.total_cmp(&peak.ppm).is_eq()).and_then(|one| one.1)
    };
    let (of_compound, others): (Vec<_>, Vec<_>) =
        raw.into_iter().zip(classed).partition(|(_, one)| one.class == PeakClass::Compound);
    let mut compound: Vec<RawPeak> = of_compound.into_iter().map(|(peak, _)| peak).collect();
    // Beside a solvent that shows itself the tallest line is the compound's whatever its height.
    let solvent_seen = others.iter().any(|(_, one)| one.class == PeakClass::Solvent);
    let outstanding = if solvent_seen {
        vec![false; compound.len()]
    } else {
        classification::outstanding(&compound, &context)
    };
    let tallest = compound
        .iter()
        .zip(outstanding)
        .filter(|(_, outstanding)| !outstanding)
        .map(|(peak, _)| peak.height.abs())
        .fold(0.0, f64::max);
    compound.retain(|peak| peak.height.abs() >= share * tallest);
    let compound = if fid.nucleus == Nucleus::Carbon {
        fluorine::join(compound, fid.reference_mhz)
    } else {
        compound.into_iter().map(|peak| Joined { peak, splitting: None }).collect()
    };
    let tallest = compound.iter().map(|joined| joined.peak.height.abs()).fold(0.0, f64::max);
    let whole: f64 = compound.iter().map(|joined| joined.peak.area.abs()).sum();
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
        .map(|joined| {
            let classed = Classed { class: PeakClass::Compound, claim: hint(&joined.peak) };
            (joined.peak, classed, joined.splitting)
        })
        .chain(others.into_iter().map(|(peak, classed)| (peak, classed, None)))
        .map(|(peak, Classed { class, claim }, splitting)| Peak {
            ppm: peak.ppm,
            intensity: peak.height / tallest,
            width_hz: peak.width_hz,
            area: peak.area / whole,
            signal_to_noise: if noise > 0.0 { peak.height.abs() / noise } else { f64::MAX },
            class,
            multiplicity: None,
            errors: None,
            splitting,
            substance: substance(claim),
        })
        .collect();
    peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    peaks
}

/// Places of strong lines that stand alone.
pub(super) fn strong_tops(peaks: &[Peak], axis: &Axis, length: usize) -> Vec<usize> {
    let alone = |peak: &Peak| {
        let reach = 12.0 * peak.width_hz / axis.reference_mhz;
        peaks.iter().filter(|other| (other.ppm - peak.ppm).abs() < reach).count() == 1
    };
    peaks
        .iter()
        .filter(|peak| peak.signal_to_noise > 50.0 && peak.splitting.is_none() && alone(peak))
        .map(|peak| ((peak.ppm - axis.first_ppm) / axis.step_ppm).round())
        .filter(|place| *place >= 0.0 && *place < length as f64)
        .map(|place| place as usize)
        .collect()
}
