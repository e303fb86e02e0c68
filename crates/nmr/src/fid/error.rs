//! Why a dataset could not be read.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::problem::{Malformed, ParameterProblem, PointsProblem, Unsupported};
use super::vendor::Vendor;

/// A dataset, or a file of one, that could not be read.
#[derive(Debug, Error)]
pub enum FidError {
    /// The file system refused.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// File or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something other than a plain file lies where a data file belongs.
    #[error("{} is {kind}, not a plain file; put the data file itself there", path.display())]
    NotPlainFile {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        kind: &'static str,
    },
    /// A file is larger than anything of its kind can honestly be.
    #[error("{} holds {size} bytes, more than the {limit} accepted here", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size, bytes.
        size: u64,
        /// The limit, bytes.
        limit: u64,
    },
    /// The files of no format were recognised.
    #[error("{} is not a dataset: {}", path.display(), what_lacks(lacking))]
    NotADataset {
        /// The file or directory.
        path: PathBuf,
        /// The formats some of whose files are there.
        lacking: Vec<MissingFiles>,
    },
    /// A parameter is missing or senseless.
    #[error("{}: parameter {name} {problem}", path.display())]
    Parameter {
        /// Whose files they are.
        vendor: Vendor,
        /// The parameter file.
        path: PathBuf,
        /// Name of the parameter.
        name: String,
        /// What is wrong with it.
        problem: ParameterProblem,
    },
    /// The parameter file stops before its end.
    #[error("{} is cut off before its end; copy it again", path.display())]
    ParametersCutOff {
        /// Whose files they are.
        vendor: Vendor,
        /// The parameter file.
        path: PathBuf,
    },
    /// Fewer points than the header declares.
    #[error(
        "{} holds {found} of {expected} bytes: the acquisition or its copy is not finished",
        path.display()
    )]
    TooShort {
        /// Whose files they are.
        vendor: Vendor,
        /// The data file.
        path: PathBuf,
        /// Bytes the header asks for.
        expected: u64,
        /// Bytes there.
        found: u64,
    },
    /// The file is not what its name says, or its parts do not fit together.
    #[error("{}: {problem}", path.display())]
    Malformed {
        /// Whose files they are.
        vendor: Vendor,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: Malformed,
    },
    /// The points cannot come from a receiver.
    #[error("{}: {problem}", path.display())]
    BadPoints {
        /// Whose files they are.
        vendor: Vendor,
        /// The data file.
        path: PathBuf,
        /// What is wrong with them.
        problem: PointsProblem,
    },
    /// A kind of data that is not read.
    #[error("{}: {reason}", path.display())]
    Unsupported {
        /// Whose files they are.
        vendor: Vendor,
        /// The dataset.
        path: PathBuf,
        /// Why not.
        reason: Unsupported,
    },
}

/// A format of which one file is there and another is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingFiles {
    /// Whose format it is.
    pub vendor: Vendor,
    /// The file that is there.
    pub found: &'static str,
    /// The file that would make it a dataset, under any of these names.
    pub missing: &'static [&'static str],
}

impl FidError {
    /// Whose files they are, where that is known.
    #[must_use]
    pub fn vendor(&self) -> Option<Vendor> {
        match self {
            Self::Io { .. }
            | Self::NotPlainFile { .. }
            | Self::TooLarge { .. }
            | Self::NotADataset { .. } => None,
            Self::Parameter { vendor, .. }
            | Self::ParametersCutOff { vendor, .. }
            | Self::TooShort { vendor, .. }
            | Self::Malformed { vendor, .. }
            | Self::BadPoints { vendor, .. }
            | Self::Unsupported { vendor, .. } => Some(*vendor),
        }
    }

    /// True when the file or directory is not there (any more).
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// What the system said, where it refused for another cause than that nothing is there: the
    /// data themselves may be sound.
    #[must_use]
    pub fn refusal(&self) -> Option<&io::Error> {
        match self {
            Self::Io { source, .. } if source.kind() != io::ErrorKind::NotFound => Some(source),
            _ => None,
        }
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    pub(super) fn parameter(
        vendor: Vendor,
        path: &Path,
        name: &str,
        problem: ParameterProblem,
    ) -> Self {
        Self::Parameter { vendor, path: path.to_owned(), name: name.to_owned(), problem }
    }
}

/// `procpar is there, but no fid (varian)`.
fn what_lacks(lacking: &[MissingFiles]) -> String {
    let Some(first) = lacking.first() else {
        return "it has the files of no format".to_owned();
    };
    let missing: Vec<String> = lacking
        .iter()
        .map(|one| format!("no {} ({})", one.missing.join(" or "), one.vendor))
        .collect();
    format!("{} is there, but {}", first.found, missing.join(" and "))
}
