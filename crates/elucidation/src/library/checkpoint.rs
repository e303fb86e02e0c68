//! How far a build has come, so that an interrupted one goes on.

use serde::{Deserialize, Serialize};

/// What a build is of: another input or another model starts anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BuildKey {
    pub(super) source: String,
    /// Size and time of the input.
    pub(super) stamp: String,
    pub(super) model_digest: String,
    pub(super) format: u32,
    /// How the input is cut into records.
    pub(super) records: u32,
}

/// How far a build has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    pub(super) key: BuildKey,
    /// Records of the input dealt with.
    pub(super) records: u64,
    pub(super) accepted: u64,
    pub(super) rejected: u64,
    pub(super) duplicates: u64,
    pub(super) lengths: [u64; 4],
    pub(super) rejects_bytes: u64,
    pub(super) sites: u64,
    pub(super) atoms: u64,
    pub(super) formulas: Vec<String>,
}
