//! Evaluation: protocols and their tables.

mod assignment;
mod nmredata;

pub use assignment::{AtomCheck, check_assignment};
pub use nmredata::{AssignedStructure, NmredataError};
