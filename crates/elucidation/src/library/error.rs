//! What can go wrong with a library, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use larmor_networks::inference::InferenceError;

/// A library that cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// A name that is no directory name.
    #[error("'{0}' cannot name a library: use up to 64 letters, digits, '-', '_' and '.'")]
    Name(String),
    /// Reading or writing failed.
    #[error("{}: {cause}", path.display())]
    Io {
        /// File or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A network gave no vectors for molecules.
    #[error("no vectors for the library's molecules: {0}")]
    Embedding(String),
    /// There is no library of that name.
    #[error(
        "there is no library in {}: make it with `larmor library import {name} FILE`",
        path.display()
    )]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
        /// Its name.
        name: String,
    },
    /// A file is not what the manifest says.
    #[error(
        "library {} is damaged ({reason}): restore it from a backup or import it again",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Written by another release.
    #[error(
        "library {} has format {found}, this release reads {FORMAT}: import it again",
        path.display(), FORMAT = super::FORMAT_VERSION
    )]
    Format {
        /// The manifest.
        path: PathBuf,
        /// Format it states.
        found: u32,
    },
    /// The shifts were predicted by other weights.
    #[error(
        "library {name} holds shifts of model {}, the model in use is {}: \
         run `larmor library rebuild {name}`",
        short(found),
        short(wanted)
    )]
    OtherModel {
        /// The library.
        name: String,
        /// Digest the library was made with.
        found: String,
        /// Digest of the model in use.
        wanted: String,
    },
    /// Somebody else is writing it.
    #[error("library {name} is being written by another process: wait for it to end")]
    Busy {
        /// The library.
        name: String,
    },
    /// The input cannot be read as structures.
    #[error("{}: {reason}", path.display())]
    Input {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// No structure was accepted.
    #[error("no structure in {} was accepted: see {}", path.display(), rejects.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// The list of what was rejected.
        rejects: PathBuf,
    },
    /// Predictions failed.
    #[error("shifts could not be predicted: {0}")]
    Inference(#[from] InferenceError),
    /// A worker thread ended early.
    #[error("a chemistry thread ended early; run the import again, it goes on where it stopped")]
    Worker,
}

impl LibraryError {
    pub(super) fn io(path: &Path, cause: io::Error) -> Self {
        Self::Io { path: path.to_owned(), cause }
    }

    pub(super) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), reason: reason.into() }
    }
}

/// Enough of a digest to tell two apart.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}
