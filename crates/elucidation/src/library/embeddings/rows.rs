//! What is written, whatever the form.

use crate::library::error::LibraryError;

/// One molecule with its vector.
pub(super) struct Row {
    pub(super) smiles: String,
    pub(super) inchikey: String,
    pub(super) vector: Vec<f32>,
}

/// A form that rows are written in, one after the other.
pub(super) trait Rows {
    fn push(&mut self, row: Row) -> Result<(), LibraryError>;
    /// Writes what is still held.
    fn finish(self: Box<Self>) -> Result<(), LibraryError>;
}
