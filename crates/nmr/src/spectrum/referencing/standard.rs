//! TMS, and in water TSP or DSS: a sharp line with nothing of note below it.
//!
//! Silyl ethers, silylalkynes, siloxanes and grease show the like close by, so that such a line is
//! a witness among others and never a proof.

use super::lines::Lines;
use super::witness::{Expectation, Reading};
use super::{ReferenceMethod, Unreferenced};
use crate::fid::{Nucleus, Solvent};
use crate::spectrum::picking::RawPeak;

/// How far off zero it is looked for, ppm.
const REACH_CARBON: f64 = 12.0;
const REACH_PROTON: f64 = 6.0;
/// The magnet's field is as uneven for a standard as for the solute: a line narrower than this
/// share of the others' is a spike of the receiver's,
const LEAST_WIDTH: f64 = 0.35;
/// where these are no wider than a field makes them, Hz.
const USUAL_SHIM_HZ: f64 = 2.5;
/// A line this many times as tall within so many Hz has satellites there.
const TALLER: f64 = 8.0;
const FOOT_HZ: f64 = 8.0;
/// Tips of one line under an imperfect shim are no farther apart, Hz.
const TIPS_HZ: f64 = 3.0;

/// The lines that may be a standard's; `by_chance` counts those that are seen.
pub(super) fn readings(measured: &Unreferenced<'_>, lines: &Lines<'_>) -> Vec<Reading> {
    let (reach, below, near) = if *measured.nucleus == Nucleus::Carbon {
        (REACH_CARBON, 0.3, 8.0)
    } else {
        (REACH_PROTON, 0.02, 0.5)
    };
    lines
        .about(0.0, reach)
        .iter()
        .filter(|peak| peak.height > 0.002 * lines.tallest)
        .filter(|peak| peak.width_hz < 2.0 * lines.usual_width_hz)
        .filter(|peak| peak.width_hz > LEAST_WIDTH * lines.narrow_width_hz.min(USUAL_SHIM_HZ))
        .filter(|peak| is_lowest(lines, peak, below))
        .filter(|peak| !is_satellite(lines, peak, measured.reference_mhz))
        .map(|peak| Reading {
            method: ReferenceMethod::Tms,
            place: 0.0,
            ppm: peak.ppm,
            fit: if lines.is_alone(peak, 8.0, 30.0, measured.reference_mhz) { 1.0 } else { 0.3 },
            by_chance: lines.density_beyond(peak, TIPS_HZ, near, measured.reference_mhz),
        })
        .collect()
}

/// What a standard should show in a solvent; how often one is added depends on it.
pub(super) fn expectation(
    readings: &[Reading],
    solvent: Option<Solvent>,
    nucleus: &Nucleus,
) -> Expectation {
    // Lines of other SiMe3 per ppm about zero, in addition to those that are seen.
    let (others, deviation) = if *nucleus == Nucleus::Carbon { (0.03, 0.03) } else { (0.7, 0.004) };
    // What is soluble in water has no other.
    let others = if solvent == Some(Solvent::Water) { 0.2 * others } else { others };
    let beside_others =
        |reading: &Reading| Reading { by_chance: reading.by_chance + others, ..*reading };
    let readings = readings.iter().map(beside_others).collect();
    Expectation::new(usual_in(solvent, nucleus), deviation, readings)
}

/// How often a standard is seen in a solvent.
fn usual_in(solvent: Option<Solvent>, nucleus: &Nucleus) -> f64 {
    match (solvent, nucleus) {
        (Some(Solvent::Water), Nucleus::Carbon) => 0.5,
        (Some(Solvent::Water), _) => 0.7,
        (Some(Solvent::Chloroform), Nucleus::Proton) => 0.4,
        _ => 0.2,
    }
}

/// Whether it stands at the foot of a far taller line, as satellites of 29Si and ripples do.
fn is_satellite(lines: &Lines<'_>, line: &RawPeak, mhz: f64) -> bool {
    let taller = |other: &RawPeak| other.height > TALLER * line.height;
    lines.about(line.ppm, FOOT_HZ / mhz).iter().any(taller)
}

/// Whether no line of note lies below it.
fn is_lowest(lines: &Lines<'_>, line: &RawPeak, margin: f64) -> bool {
    lines
        .between(f64::NEG_INFINITY, line.ppm - margin)
        .iter()
        .all(|peak| peak.height < 0.3 * line.height)
}
