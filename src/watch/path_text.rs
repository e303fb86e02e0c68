//! Paths as text a database can hold. A Unix path is bytes; bytes that are no UTF-8 are written
//! `\xHH`, so that a dataset with such a name can be stored and found again.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// Path to text; most paths are unchanged.
#[must_use]
pub fn encode_path(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        // A literal `\x` would read as an escape: its backslash is escaped itself.
        out.push_str(&chunk.valid().replace("\\x", "\\x5Cx"));
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02X}");
        }
    }
    out
}

/// Text back to the path it was made of.
#[must_use]
pub fn decode_path(text: &str) -> PathBuf {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = bytes[at..]
            .strip_prefix(b"\\x")
            .and_then(|rest| rest.get(..2))
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(byte) => {
                out.push(byte);
                at += 4;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    PathBuf::from(OsString::from_vec(out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_paths_are_unchanged() {
        assert_eq!(encode_path(Path::new("/data/Größe 7/10")), "/data/Größe 7/10");
    }

    proptest! {
        #[test]
        fn every_path_comes_back(bytes in proptest::collection::vec(1u8.., 0..64)) {
            let path = PathBuf::from(OsString::from_vec(bytes));
            prop_assert_eq!(decode_path(&encode_path(&path)), path);
        }

        #[test]
        fn backslashes_come_back(text in r"[\\x0-9A-F/]{0,24}") {
            let path = PathBuf::from(text);
            prop_assert_eq!(decode_path(&encode_path(&path)), path);
        }
    }
}
