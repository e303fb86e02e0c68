//! The digest by which a dataset is known again, wherever it lies.

use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal over the points and what gives them meaning.
pub(super) fn digest(meaning: &str, parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(meaning.as_bytes());
    parts.into_iter().for_each(|part| hasher.update(part.as_ref()));
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
