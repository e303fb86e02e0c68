//! What is shown of an example differs from epoch to epoch where no spectrum tells the difference.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use larmor_networks::GinFeatures;

/// Each line of each epoch is moved by up to so many bins of 0.1 ppm: as far as solvent and
/// referencing move it between laboratories.
const JITTER_BINS: i32 = 3;

/// Random numbers of one epoch of one stage, which `salt` names.
pub(crate) fn random(seed: u64, salt: u64, epoch: i64) -> ChaCha8Rng {
    let seed = (seed ^ salt).wrapping_mul(1_000_003);
    ChaCha8Rng::seed_from_u64(seed.wrapping_add(epoch.unsigned_abs()))
}

/// Rows of a training part in an order of their own every epoch.
pub(crate) fn shuffled(rows: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    order.shuffle(random);
    order
}

/// A molecule as it is, or half of the time its mirror image, whose spectrum is the same.
pub(crate) fn shown(features: &GinFeatures, random: &mut ChaCha8Rng) -> GinFeatures {
    if random.random_bool(0.5) { features.mirrored() } else { features.clone() }
}

/// A spectrum with every line moved a little.
pub(crate) fn shaken(spectrum: &[u16], random: &mut ChaCha8Rng) -> Vec<u16> {
    spectrum
        .iter()
        .filter_map(|&bin| {
            u16::try_from(i32::from(bin) + random.random_range(-JITTER_BINS..=JITTER_BINS)).ok()
        })
        .collect()
}
