//! What can be wrong with the text of a JCAMP-DX file.

use std::path::Path;

use crate::fid::FidError;

/// Why a text gives no FID, before it is known which file it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// The end is missing: still being written or copied.
    CutOff,
    /// Sound, but of a kind that is not processed.
    Unsupported(String),
    /// A header value is missing or senseless.
    Parameter { name: &'static str, problem: String },
    /// Not what it says it is.
    Bad(String),
}

impl Problem {
    pub fn at(line: usize, what: impl std::fmt::Display) -> Self {
        Self::Bad(format!("line {line}: {what}"))
    }

    pub fn of(self, path: &Path) -> FidError {
        let path = path.to_owned();
        match self {
            Self::CutOff => FidError::ParametersCutOff { path },
            Self::Unsupported(reason) => FidError::Unsupported { path, reason },
            Self::Parameter { name, problem } => {
                FidError::Parameter { path, name: name.to_owned(), problem }
            }
            Self::Bad(problem) => FidError::BadPoints { path, problem },
        }
    }
}
