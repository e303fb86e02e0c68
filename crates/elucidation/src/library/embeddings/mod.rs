//! Vectors of a library's molecules, written for other programs.

mod array;
mod export;
mod rows;
mod table;

pub use export::{Embed, export_embeddings};
