//! Why a dataset could not be read.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

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
    /// No vendor's files were recognised.
    #[error("{} is not a dataset: no acqus with fid or ser in it", path.display())]
    NotADataset {
        /// The directory.
        path: PathBuf,
    },
    /// A parameter is missing or senseless.
    #[error("{}: parameter {name} {problem}", path.display())]
    Parameter {
        /// The parameter file.
        path: PathBuf,
        /// Name of the parameter.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The parameter file stops before its end.
    #[error("{} is cut off before its end; copy it again", path.display())]
    ParametersCutOff {
        /// The parameter file.
        path: PathBuf,
    },
    /// Fewer points than the header declares.
    #[error(
        "{} holds {found} of {expected} bytes: the acquisition or its copy is not finished",
        path.display()
    )]
    TooShort {
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
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The points cannot come from a receiver.
    #[error("{}: {problem}", path.display())]
    BadPoints {
        /// The data file.
        path: PathBuf,
        /// What is wrong with them.
        problem: String,
    },
    /// A kind of data that is not read.
    #[error("{}: {reason}", path.display())]
    Unsupported {
        /// The dataset.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
}

impl FidError {
    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    pub(super) fn parameter(path: &Path, name: &str, problem: impl Into<String>) -> Self {
        Self::Parameter { path: path.to_owned(), name: name.to_owned(), problem: problem.into() }
    }

    /// True when the file or directory is not there (any more).
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}
