//! Digests of files.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::error::LibraryError;
use super::manifest::FileSeal;

/// Size and digest of a finished file of a folder.
pub(super) fn seal(folder: &Path, name: &str) -> Result<FileSeal, LibraryError> {
    let path = folder.join(name);
    let io = |cause| LibraryError::io(&path, cause);
    let mut file = File::open(&path).map_err(io)?;
    let mut hash = Sha256::new();
    let bytes = io::copy(&mut file, &mut HashWriter(&mut hash)).map_err(io)?;
    Ok(FileSeal { name: name.to_owned(), bytes, digest: hex(&hash.finalize()) })
}

struct HashWriter<'a>(&'a mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
