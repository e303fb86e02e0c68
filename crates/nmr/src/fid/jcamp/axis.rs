//! Which frequency stands for 0 ppm, as far as a header tells.

use super::document::Block;
use super::number::{self, number};
use super::sense;
use crate::fid::Nucleus;

/// Frequencies of one measurement agree within this share of them.
const NEAR: f64 = 1e-3;
/// Widths of one spectrum agree within this share of them.
const SAME_WIDTH: f64 = 1e-3;

/// Middle of the bands that 1H and 13C spectra are usually recorded over, ppm: -1 to 11 and -10 to
/// 230.
const PROTON_MIDDLE: f64 = 5.0;
const CARBON_MIDDLE: f64 = 110.0;
/// Where Spinsolve puts the carrier of 1H, ppm: on water.
const SPINSOLVE_MIDDLE: f64 = 4.735;

/// Frequencies taken for 0 ppm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Zero {
    /// By the spectrometer, or the best that can be said, MHz.
    pub reference_mhz: f64,
    /// By the operator, MHz.
    pub calibrated_mhz: Option<f64>,
}

/// Of a FID whose carrier stands in the middle of `sweep_width_hz`.
pub(super) fn of_fid(
    block: &Block<'_>,
    nucleus: &Nucleus,
    carrier_mhz: f64,
    sweep_width_hz: f64,
    points: usize,
) -> Zero {
    let near = |&mhz: &f64| (mhz / carrier_mhz - 1.0).abs() < NEAR;
    let base = block.private.number("BF1").filter(near);
    // Points of the spectrum count from its high end; the carrier is its middle.
    let middle = |point: f64| (point - 1.0) / points as f64 - 0.5;
    let by_point = shift_reference(block)
        .filter(|_| is_processed_as(block, sweep_width_hz))
        // The middle at 0 ppm is what programs write that know of no reference.
        .filter(|&(point, ppm)| ppm != 0.0 || middle(point).abs() > 0.01)
        .map(|(point, ppm)| {
            (carrier_mhz - middle(point) * sweep_width_hz / 1e6) / (1.0 + ppm / 1e6)
        })
        .filter(near);
    let calibrated_mhz = operators(block, carrier_mhz).or(by_point);
    let usual = || carrier_mhz / (1.0 + usual_middle_ppm(block, nucleus) / 1e6);
    Zero { reference_mhz: base.or(calibrated_mhz).unwrap_or_else(usual), calibrated_mhz }
}

/// False where the processing that the header tells of was of another width: what it says of the
/// first point is then left from another measurement.
fn is_processed_as(block: &Block<'_>, sweep_width_hz: f64) -> bool {
    let processed = block.private.number("SW_p");
    processed.is_none_or(|width| (width / sweep_width_hz - 1.0).abs() < SAME_WIDTH)
}

/// The frequency that the operator of a Bruker spectrometer set to 0 ppm, unless it is the one set
/// before anybody calibrates.
pub(super) fn operators(block: &Block<'_>, observe_mhz: f64) -> Option<f64> {
    let near = |&mhz: &f64| (mhz / observe_mhz - 1.0).abs() < NEAR;
    let set = block.private.number("SF").filter(near)?;
    (block.private.number("BF1") != Some(set)).then_some(set)
}

/// Where the middle of a band with no reference at all most likely stands, ppm.
pub(super) fn usual_middle_ppm(block: &Block<'_>, nucleus: &Nucleus) -> f64 {
    match nucleus {
        Nucleus::Carbon => CARBON_MIDDLE,
        _ if sense::is_of_magritek(block) => SPINSOLVE_MIDDLE,
        _ => PROTON_MIDDLE,
    }
}

/// Place and shift of the point `.SHIFT REFERENCE` names: `INTERNAL, solvent, point, ppm`, with or
/// without parentheses around. Points count from 1; some programs count the first as 0.
pub(super) fn shift_reference(block: &Block<'_>) -> Option<(f64, f64)> {
    let text = block.get(".SHIFTREFERENCE")?.trim_matches(['(', ')']);
    let fields = number::list(text, 4, block.has_decimal_commas());
    let mut from_end = fields.iter().rev().map(|field| number(field));
    let ppm = from_end.next()??;
    let point = from_end.next()??;
    Some((point.max(1.0), ppm)).filter(|_| point >= 0.0)
}
