//! Evaluation: protocols and their tables.

mod acml_system;
mod assignment;
mod assignment_protocol;
mod bootstrap;
mod common_space;
mod error;
mod graph_protocol;
mod isomer_protocol;
mod kmaid_system;
mod nmredata;
mod probe;
mod report;
mod retrieval_protocol;
mod shift_protocol;
mod shift_system;
mod specimen;
mod system;
mod trained_on;

pub use acml_system::AcmlSystem;
pub use assignment::{AtomCheck, check_assignment};
pub use assignment_protocol::assignment;
pub use bootstrap::Estimate;
pub use error::EvaluationError;
pub use graph_protocol::{GRAPH_BATCH, graph};
pub use isomer_protocol::{LEAST_ISOMERS, isomers};
pub use kmaid_system::KmaidSystem;
pub use nmredata::{AssignedStructure, NmredataError};
pub use probe::probe;
pub use report::{Report, Table};
pub use retrieval_protocol::{Rivals, retrieval};
pub use shift_protocol::shifts;
pub use shift_system::ShiftSystem;
pub use specimen::{Selection, Specimen, Specimens};
pub use system::{Pairs, System};
pub use trained_on::TrainedOn;
