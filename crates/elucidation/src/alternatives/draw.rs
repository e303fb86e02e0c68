//! Drawing lots that fall the same way every time.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// Puts a list in an order that depends on the seed and the key alone.
pub(super) fn shuffle<T>(list: &mut [T], seed: u64, key: &str) {
    let digest = Sha256::digest(key.as_bytes());
    let hash = digest.iter().take(8).fold(0, |hash, &byte| hash << 8 | u64::from(byte));
    list.shuffle(&mut ChaCha8Rng::seed_from_u64(seed ^ hash));
}
