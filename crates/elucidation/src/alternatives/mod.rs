//! Structures that a chemist might have in place of a proposed one: isomers, products that went too
//! far or not far enough, what the compound was made of.

mod change;
mod draw;
mod generation;
mod reactions;
mod skeleton;
mod to_compare;

pub use change::Change;
pub use generation::alternatives;
pub use to_compare::alternatives_to_compare;

use larmor_chemistry::Molecule;

/// A structure in place of another one.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// In which way it differs.
    pub change: Change,
    /// The structure.
    pub molecule: Molecule,
}
