//! Solvents as an input of the shift network.

use larmor_nmr::fid::Solvent;

/// Solvents with an embedding of their own, in the order of their codes from 1.
const KNOWN: [Solvent; 7] = [
    Solvent::Chloroform,
    Solvent::DimethylSulfoxide,
    Solvent::Methanol,
    Solvent::Acetone,
    Solvent::Pyridine,
    Solvent::Benzene,
    Solvent::Water,
];

/// Codes there are.
pub(super) const SOLVENT_CODES: i64 = KNOWN.len() as i64 + 1;

/// The network's code for a solvent; 0 where it is unknown, or too rare in the training data.
#[must_use]
pub fn solvent_code(solvent: Option<Solvent>) -> i64 {
    let place = solvent.and_then(|solvent| KNOWN.iter().position(|&known| known == solvent));
    #[allow(clippy::cast_possible_wrap)]
    place.map_or(0, |place| place as i64 + 1)
}
