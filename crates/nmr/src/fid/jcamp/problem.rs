//! What can be wrong with the text of a JCAMP-DX file.

use std::path::Path;

use crate::fid::error::FidError;
use crate::fid::problem::{LineProblem, Malformed, ParameterProblem, PointsProblem, Unsupported};
use crate::fid::vendor::Vendor;

/// Why a text gives no FID, before it is known which file it came from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Problem {
    /// The end is missing behind this line, 0 in a file without any: still being written or copied,
    /// or never finished.
    CutOff { line: usize },
    /// Sound, but of a kind that is not processed.
    Unsupported(Unsupported),
    /// A header value is missing or senseless.
    Parameter { name: &'static str, problem: ParameterProblem },
    /// Not what it says it is.
    Malformed(Malformed),
    /// Points that no receiver gives.
    Points(PointsProblem),
}

impl Problem {
    pub fn at(line: usize, problem: LineProblem) -> Self {
        Self::Malformed(Malformed::Line { line, problem })
    }

    pub fn of(self, path: &Path) -> FidError {
        let (vendor, path) = (Vendor::Jcamp, path.to_owned());
        match self {
            Self::CutOff { .. } => FidError::ParametersCutOff { vendor, path },
            Self::Unsupported(reason) => FidError::Unsupported { vendor, path, reason },
            Self::Parameter { name, problem } => {
                FidError::Parameter { vendor, path, name: name.to_owned(), problem }
            }
            Self::Malformed(problem) => FidError::Malformed { vendor, path, problem },
            Self::Points(problem) => FidError::BadPoints { vendor, path, problem },
        }
    }
}
