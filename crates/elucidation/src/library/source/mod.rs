//! Structures out of a file, one at a time: SMILES, CSV with a SMILES column, SDF; each also
//! gzipped. A record is read whole only up to a limit, so no file can fill the memory. A record
//! that cannot be read comes as such, with its line and the reason.

mod lines;
mod raw_structure;
mod reader;
mod row_parser;
mod sdf;
mod smiles;
mod table;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

/// Changes when the same file is cut into other records than before: an interrupted import of an
/// earlier release then starts anew.
pub(super) const RECORDS_VERSION: u32 = 2;

pub use raw_structure::RawStructure;
pub use reader::StructureReader;
