//! The file of JSON lines a run appends to and a later run goes on with.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::line::Line;
use larmor_nmr::spectrum::PROCESSING_VERSION;

/// Why a file of lines cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub(super) enum JournalError {
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Another run is writing to it.
    #[error("{} is in use: another larmor process writes to it", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// Something else than a file of lines.
    #[error(
        "{}: line {number} was not written by larmor process; give --out another file",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Which line, from 1.
        number: usize,
    },
}

/// A file that lines are appended to, each whole or, after a power cut, not at all.
pub(super) struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Opens or makes the file, cuts off a line that was half written when a run was killed, and
    /// gives what is in it. With `retry`, only what was processed counts as being in it.
    pub(super) fn open(path: &Path, retry: bool) -> Result<(Self, EarlierLines), JournalError> {
        let io = |source| JournalError::Io { path: path.to_owned(), source };
        let file =
            OpenOptions::new().read(true).append(true).create(true).open(path).map_err(io)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => JournalError::InUse { path: path.to_owned() },
            TryLockError::Error(source) => io(source),
        })?;
        let mut earlier = EarlierLines::default();
        let mut whole = 0;
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(io)?;
            if line.last() != Some(&b'\n') {
                break;
            }
            let written: Written = serde_json::from_slice(&line)
                .map_err(|_| JournalError::Foreign { path: path.to_owned(), number })?;
            earlier.take(written, retry);
            whole += read as u64;
        }
        if file.metadata().map_err(io)?.len() > whole {
            file.set_len(whole).map_err(io)?;
        }
        Ok((Self { path: path.to_owned(), file }, earlier))
    }

    /// Appends one line with one write.
    pub(super) fn append(&mut self, line: &Line) -> Result<(), JournalError> {
        let mut text = serde_json::to_vec(line).map_err(|source| self.io(source.into()))?;
        text.push(b'\n');
        self.file.write_all(&text).map_err(|source| self.io(source))
    }

    /// Makes sure that everything is on disk.
    pub(super) fn close(self) -> Result<(), JournalError> {
        self.file.sync_data().map_err(|source| self.io(source))
    }

    fn io(&self, source: io::Error) -> JournalError {
        JournalError::Io { path: self.path.clone(), source }
    }
}

/// What a later run needs of a line.
#[derive(Deserialize)]
struct Written {
    path: String,
    modified: Option<String>,
    digest: Option<String>,
    skipped: Option<String>,
    error: Option<String>,
    processing_version: Option<u32>,
}

/// The datasets of a file of lines, by path; the last line of a path counts. Fingerprints stand
/// for texts, as an archive may hold millions.
#[derive(Debug, Default)]
pub(super) struct EarlierLines(HashMap<u128, EarlierLine>);

/// What a line says of one dataset.
#[derive(Debug, Clone, Copy)]
pub(super) struct EarlierLine {
    modified: Option<u128>,
    digest: Option<u128>,
    failed: bool,
}

impl EarlierLines {
    fn take(&mut self, line: Written, retry: bool) {
        let path = fingerprint(&line.path);
        let processed = line.error.is_none() && line.skipped.is_none();
        // What an earlier version made is made anew.
        let counts =
            if processed { line.processing_version == Some(PROCESSING_VERSION) } else { !retry };
        if counts {
            let entry = EarlierLine {
                modified: line.modified.as_deref().map(fingerprint),
                digest: line.digest.as_deref().map(fingerprint),
                failed: line.error.is_some(),
            };
            self.0.insert(path, entry);
        } else {
            self.0.remove(&path);
        }
    }

    /// The line of the dataset at a path.
    pub(super) fn get(&self, path: &Path) -> Option<EarlierLine> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&fingerprint(&path.display().to_string())).copied()
    }
}

impl EarlierLine {
    /// True where the dataset was last written to at the same time.
    pub(super) fn is_as_of(&self, modified: Option<&str>) -> bool {
        self.modified.is_some() && self.modified == modified.map(fingerprint)
    }

    /// True where the dataset holds the same data, whenever its files were written.
    pub(super) fn is_of(&self, digest: Option<&str>) -> bool {
        self.digest.is_some() && self.digest == digest.map(fingerprint)
    }

    /// True where it could not be processed.
    pub(super) fn failed(&self) -> bool {
        self.failed
    }
}

fn fingerprint(text: &str) -> u128 {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(16).fold(0, |sum, &byte| sum << 8 | u128::from(byte))
}
