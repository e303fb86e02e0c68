//! Reading files that anybody may have put there: only plain files, never through a symbolic
//! link, never more than a limit, and never blocking on a pipe or device.

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use super::error::FidError;

/// Opens a plain file for reading.
pub(super) fn open(path: &Path) -> Result<(File, Metadata), FidError> {
    // Examined before opening so that no device's open routine runs; O_NOFOLLOW and O_NONBLOCK
    // cover a file swapped in between.
    let before = std::fs::symlink_metadata(path).map_err(|source| FidError::io(path, source))?;
    refuse_special(path, before.file_type())?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC)
        .open(path)
        .map_err(|source| FidError::io(path, source))?;
    let metadata = file.metadata().map_err(|source| FidError::io(path, source))?;
    refuse_special(path, metadata.file_type())?;
    Ok((file, metadata))
}

/// Reads a whole plain file of at most `limit` bytes.
pub(super) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FidError> {
    let (file, metadata) = open(path)?;
    let size = metadata.len();
    if size > limit {
        return Err(FidError::TooLarge { path: path.to_owned(), size, limit });
    }
    read_prefix(path, file, size)
}

/// Reads the first `wanted` bytes, or fewer where the file ends before.
pub(super) fn read_prefix(path: &Path, file: File, wanted: u64) -> Result<Vec<u8>, FidError> {
    let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or(0));
    file.take(wanted).read_to_end(&mut bytes).map_err(|source| FidError::io(path, source))?;
    Ok(bytes)
}

/// Like [`read`], but a missing file is `None`.
pub(super) fn read_if_there(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, FidError> {
    match read(path, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(FidError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn refuse_special(path: &Path, kind: FileType) -> Result<(), FidError> {
    let kind = if kind.is_file() {
        return Ok(());
    } else if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_dir() {
        "a directory"
    } else if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    };
    Err(FidError::NotPlainFile { path: path.to_owned(), kind })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_plain_file_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(matches!(
            read(&pipe, 10),
            Err(FidError::NotPlainFile { kind: "a named pipe", .. })
        ));
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
        assert!(matches!(read(&link, 10), Err(FidError::NotPlainFile { .. })));
        assert!(matches!(read(folder.path(), 10), Err(FidError::NotPlainFile { .. })));
        assert!(matches!(
            read(Path::new("/dev/zero"), 10),
            Err(FidError::NotPlainFile { kind: "a device", .. })
        ));
    }

    #[test]
    fn limits_hold_and_missing_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert!(read(&path, 10).unwrap_err().is_missing());
        assert!(read_if_there(&path, 10).unwrap().is_none());
        std::fs::write(&path, b"twelve bytes").unwrap();
        assert!(matches!(read(&path, 11), Err(FidError::TooLarge { size: 12, .. })));
        assert_eq!(read(&path, 12).unwrap(), b"twelve bytes");
    }
}
