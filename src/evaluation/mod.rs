//! Evaluation: protocols and their tables.

mod assignment;
mod assignment_protocol;
mod bootstrap;
mod error;
mod graph_protocol;
mod isomer_protocol;
mod kmaid_system;
mod match_protocol;
mod match_subjects;
mod nmredata;
mod report;
mod retrieval_protocol;
mod shift_protocol;
mod shift_system;
mod specimen;
mod system;
mod trained_on;

pub use assignment::{AtomCheck, check_assignment};
pub use assignment_protocol::assignment;
pub use bootstrap::Estimate;
pub use error::EvaluationError;
pub use graph_protocol::{GRAPH_BATCH, graph};
pub use isomer_protocol::{LEAST_ISOMERS, isomers};
pub use kmaid_system::KmaidSystem;
pub use match_protocol::matching;
pub use match_subjects::{MatchSubject, MatchSubjects};
pub use nmredata::{AssignedStructure, NmredataError};
pub use report::{Report, Table};
pub use retrieval_protocol::retrieval;
pub use shift_protocol::shifts;
pub use shift_system::ShiftSystem;
pub use specimen::{Selection, Specimen, Specimens};
pub use system::{Pairs, System};
pub use trained_on::TrainedOn;
