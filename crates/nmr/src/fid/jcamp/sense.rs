//! Which way round a receiver's signal turns.
//!
//! JCAMP-DX does not say. As Bruker's programs export it, a forward transform of real + i imaginary
//! puts higher frequencies at higher bins; the receivers of others turn the other way, in the
//! export as in their own files.

use num_complex::Complex64;

use super::document::Block;

/// Makers whose signals turn the other way.
const OTHERS: [&str; 3] = ["JEOL", "MAGRITEK", "SPINSOLVE"];
const MAGRITEK: [&str; 2] = ["MAGRITEK", "SPINSOLVE"];

/// Turns the points so that higher frequencies come at higher bins.
pub(super) fn upright(block: &Block<'_>, points: &mut [Complex64]) {
    if is_by(block, &OTHERS) != is_reversed(block) {
        conjugate(points);
    }
}

pub(super) fn conjugate(points: &mut [Complex64]) {
    points.iter_mut().for_each(|point| *point = point.conj());
}

pub(super) fn is_of_magritek(block: &Block<'_>) -> bool {
    is_by(block, &MAGRITEK)
}

/// `$REVERSE`: the operator had the spectrum turned round.
fn is_reversed(block: &Block<'_>) -> bool {
    let word = block.private.text("REVERSE").unwrap_or_default();
    ["yes", "true", "1"].iter().any(|yes| word.eq_ignore_ascii_case(yes))
}

fn is_by(block: &Block<'_>, makers: &[&str]) -> bool {
    ["ORIGIN", "SPECTROMETERDATASYSTEM", "OWNER"]
        .into_iter()
        .filter_map(|label| block.get(label))
        .map(str::to_ascii_uppercase)
        .any(|text| makers.iter().any(|maker| text.contains(maker)))
}
