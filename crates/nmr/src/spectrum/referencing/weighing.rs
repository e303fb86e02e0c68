//! Taking the most probable offset.

use super::assumed_solvent::{self, AssumedSolvent};
use super::lines::Lines;
use super::posterior::{self, Cell};
use super::prior;
use super::{ReferenceMethod, Referencing, Rival, Unreferenced, agreement_ppm};
use crate::fid::{Nucleus, Solvent};

/// Rivals that are kept.
const MOST_RIVALS: usize = 3;
/// Offsets that are looked at for rivals.
const MOST_LOOKED_AT: usize = 8;
/// Rivals less probable are not worth a word.
const LEAST_PROBABILITY: f64 = 0.005;

pub(super) fn weigh(measured: &Unreferenced<'_>) -> (Referencing, Option<Solvent>) {
    let assumed = assumed_solvent::all(measured);
    let agreement = agreement_ppm(measured.nucleus);
    let wide = if measured.is_adrift() { 4.0 } else { 1.0 };
    let near = wide * if *measured.nucleus == Nucleus::Carbon { 4.0 } else { 0.3 };
    let cells = posterior::cells(&assumed, near, agreement / 5.0);
    let Some(top) = most_probable(&cells, agreement, |_| true) else {
        let carrier = Referencing::carrier(measured.nucleus, measured.reference_mhz);
        return (carrier, measured.header);
    };
    let one = &assumed[top.assumed];
    let witness = best_witness(one, top.shift, measured, agreement);
    let mut rivals: Vec<Rival> = Vec::new();
    let mut looked_at = vec![witness.shift];
    while rivals.len() < MOST_RIVALS && looked_at.len() < MOST_LOOKED_AT {
        let apart = |cell: &Cell| {
            looked_at.iter().all(|shift| (cell.shift - shift).abs() > 2.0 * agreement)
        };
        let Some(other) = most_probable(&cells, agreement, apart) else { break };
        let probability = posterior::mass(&cells, other.shift, agreement);
        if probability < LEAST_PROBABILITY {
            break;
        }
        let method = best_witness(&assumed[other.assumed], other.shift, measured, agreement).method;
        looked_at.push(other.shift);
        // The carrier beside itself is no other witness, only how far this one scatters.
        if method != ReferenceMethod::Carrier || witness.method != ReferenceMethod::Carrier {
            rivals.push(Rival {
                method,
                shift_ppm: rounded(other.shift),
                probability: rounded(probability),
            });
        }
    }
    // Without a line nothing is more exact than what proposed the offset.
    let least_error = match witness.place {
        Some(_) => witness.deviation.min(agreement),
        None => witness.deviation,
    };
    let referencing = Referencing {
        method: witness.method,
        shift_ppm: witness.shift,
        line_ppm: witness.place,
        confidence: rounded(posterior::mass(&cells, witness.shift, agreement).min(1.0)),
        standard_error_ppm: rounded(
            standard_error(&cells, witness.shift, 10.0 * agreement)
                .max(least_error)
                .hypot(moved_solvent(measured, &witness)),
        ),
        zero_mhz: measured.reference_mhz * (1.0 - witness.shift * 1e-6),
        rivals,
    };
    (referencing, seen_solvent(one, top.shift, measured.header))
}

/// More digits are no knowledge.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// How far a solvent's 13C multiplet may have moved, ppm: where there is little of it beside the
/// solute, as its height shows, the solute's bonds to it move it by tenths of a ppm (carvone,
/// amines, in chloroform: 0.17 to 0.30).
fn moved_solvent(measured: &Unreferenced<'_>, witness: &Witness) -> f64 {
    const USUAL_SHARE: f64 = 0.2;
    const MOST_MOVED: f64 = 0.25;
    const REACH: f64 = 0.5;
    let carbon = *measured.nucleus == Nucleus::Carbon;
    // A spectrum of carbons with hydrogen shows next to nothing of it in any tube.
    if !carbon || measured.experiment.is_edited() || witness.method != ReferenceMethod::Solvent {
        return 0.0;
    }
    let Some(place) = witness.place else { return 0.0 };
    let lines = Lines::new(measured.peaks);
    let own = lines.about(place - witness.shift, REACH).iter().map(|peak| peak.height.abs());
    let share = own.fold(0.0, f64::max) / lines.tallest.max(f64::MIN_POSITIVE);
    MOST_MOVED * (1.0 - share / USUAL_SHARE).max(0.0)
}

/// The cell with most about it, of those that may be it.
fn most_probable(cells: &[Cell], agreement: f64, may_be: impl Fn(&Cell) -> bool) -> Option<&Cell> {
    let mass = |cell: &Cell| posterior::mass(cells, cell.shift, agreement / 2.0);
    cells
        .iter()
        .filter(|cell| may_be(cell))
        .map(|cell| (mass(cell) + 1e-3 * cell.probability, cell))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, cell)| cell)
}

/// Spread of the probability about an offset, ppm; what lies beyond `reach` makes the offset less
/// probable and not less exact.
fn standard_error(cells: &[Cell], shift: f64, reach: f64) -> f64 {
    let about = posterior::about(cells, shift, reach);
    let mass = posterior::mass(cells, shift, reach);
    let square: f64 =
        about.iter().map(|cell| cell.probability * (cell.shift - shift).powi(2)).sum();
    if mass > 0.0 { (square / mass).sqrt() } else { reach }
}

/// Who speaks for an offset.
struct Witness {
    method: ReferenceMethod,
    shift: f64,
    place: Option<f64>,
    deviation: f64,
}

/// The most exact witness of those that speak for an offset.
fn best_witness(
    one: &AssumedSolvent,
    shift: f64,
    measured: &Unreferenced<'_>,
    agreement: f64,
) -> Witness {
    let by_lines = one.expectations().filter_map(|expected| {
        let reading = expected.supporting(shift)?;
        // What moves from tube to tube corroborates an offset and does not fix it.
        let fixes = expected.deviation < agreement || one.solvent == Some(Solvent::Water);
        fixes.then(|| Witness {
            method: reading.method,
            shift: reading.shift(),
            place: Some(reading.place),
            deviation: expected.deviation,
        })
    });
    let known = one.prior.parts.iter().map(|part| Witness {
        method: part.method,
        shift: part.shift,
        place: None,
        deviation: part.deviation,
    });
    by_lines
        .chain(known)
        .filter(|witness| (witness.shift - shift).abs() < agreement.max(2.0 * witness.deviation))
        .min_by(|a, b| a.deviation.total_cmp(&b.deviation))
        .unwrap_or_else(|| Witness {
            method: ReferenceMethod::Carrier,
            shift,
            place: None,
            deviation: prior::carrier_error(measured.nucleus),
        })
}

/// The assumed solvent where its own lines speak for it, else the header's.
fn seen_solvent(one: &AssumedSolvent, shift: f64, header: Option<Solvent>) -> Option<Solvent> {
    let seen = one.of_solvent.iter().any(|expected| {
        expected.supporting(shift).is_some_and(|reading| reading.method == ReferenceMethod::Solvent)
    });
    if seen { one.solvent } else { header }
}
