//! What evaluation stands on: molecules to test on, the truth about them, and reports.

mod assigned_structure;
mod assignment_check;
mod carbon_pairs;
mod common_space;
mod evaluation_molecule;
mod evaluation_set;
mod known_compound;
mod report;
mod selection;

pub use assigned_structure::{AssignedStructure, NmredataError};
pub use assignment_check::{
    AtomCheck, CARBON_TOLERANCE, PROTON_TOLERANCE, check_assignment, check_protons,
};
pub use carbon_pairs::Pairs;
pub(crate) use common_space::{BATCH, CommonSpace, rows_of, values};
pub use evaluation_molecule::EvaluationMolecule;
pub(crate) use evaluation_molecule::plausible;
pub use evaluation_set::EvaluationSet;
pub use known_compound::{KnownCompound, known_compounds};
pub use report::{Report, Table};
pub use selection::{Nuclei, Part, Selection};
