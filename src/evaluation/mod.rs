//! Evaluation: protocols and their tables.
