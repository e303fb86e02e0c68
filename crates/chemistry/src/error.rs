//! Why a structure could not be taken.

/// Why a structure could not be taken.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum MoleculeError {
    /// Beyond what is parsed at all; see the message for the limit.
    #[error("structure refused: {0}")]
    TooLarge(String),
    /// RDKit could not read it.
    #[error("structure not understood: {0}")]
    Unreadable(String),
    /// Whether one structure is a part of another could not be found out in time.
    #[error("takes too long to be found: leave out parts that fit almost everything")]
    TooSlow,
    /// Read, but nothing in it can be matched.
    #[error("structure has no carbon or hydrogen-bearing atom")]
    Empty,
}

impl MoleculeError {
    /// What RDKit says, without the lines of its own code behind it.
    pub(crate) fn unreadable(error: &cxx::Exception) -> Self {
        let text = error.what();
        let first = text.lines().find(|line| !line.trim().is_empty());
        Self::Unreadable(first.unwrap_or("no reason given").trim().to_owned())
    }
}
