//! Secrets that callers show. They are random, so that a plain digest of one tells nothing of it, and
//! begin with a word by which scanners of logs and repositories know them.

use std::fmt;

use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};

/// What every secret begins with.
const PREFIX: &str = "larmor_";
/// Random bytes of one.
const BYTES: usize = 32;

/// What a caller shows. It is never printed but by [`reveal`](Self::reveal).
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no random numbers to give.
    pub fn new() -> Result<Self, rand::rngs::SysError> {
        let mut bytes = [0; BYTES];
        SysRng.try_fill_bytes(&mut bytes)?;
        let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
        Ok(Self(PREFIX.to_owned() + &digits.collect::<String>()))
    }

    /// What a caller has shown, whatever it is.
    #[must_use]
    pub fn shown(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// SHA-256 of it, by which it is known.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The text, for the one who is to have it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_not_printed() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_ne!(one, other);
        assert_ne!(one.digest(), other.digest());
        assert_eq!(one.reveal().len(), PREFIX.len() + 2 * BYTES);
        assert!(!format!("{one:?}").contains(&one.reveal()[PREFIX.len()..]));
        let again = Secret::shown(&format!(" {}\n", one.reveal()));
        assert_eq!(again.digest(), one.digest());
    }
}
