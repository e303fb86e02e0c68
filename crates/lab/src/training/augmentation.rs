//! What is shown of an example differs from epoch to epoch where no spectrum tells the difference.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use larmor_networks::GinFeatures;

/// Each line of each epoch is moved by up to so many bins of 0.1 ppm: as far as solvent and
/// referencing move it between laboratories.
const JITTER_BINS: i32 = 3;

/// Random numbers of one epoch of one stage, which `salt` names.
pub(super) fn random(seed: u64, salt: u64, epoch: i64) -> ChaCha8Rng {
    let seed = (seed ^ salt).wrapping_mul(1_000_003);
    ChaCha8Rng::seed_from_u64(seed.wrapping_add(epoch.unsigned_abs()))
}

/// A molecule as it is, or half of the time its mirror image, whose spectrum is the same.
pub(super) fn shown(features: &GinFeatures, random: &mut ChaCha8Rng) -> GinFeatures {
    if random.random_bool(0.5) { features.mirrored() } else { features.clone() }
}

/// A spectrum with every line moved a little.
pub(super) fn shaken(spectrum: &[u16], random: &mut ChaCha8Rng) -> Vec<u16> {
    spectrum
        .iter()
        .filter_map(|&bin| {
            u16::try_from(i32::from(bin) + random.random_range(-JITTER_BINS..=JITTER_BINS)).ok()
        })
        .collect()
}

/// A draw from the Laplace distribution of scale 1.
pub(super) fn laplace(random: &mut impl Rng) -> f64 {
    let u: f64 = random.random_range(-0.5..0.5);
    -(1.0 - 2.0 * u.abs()).max(1e-9).ln() * u.signum()
}

/// A draw between two positive numbers whose logarithm is evenly spread.
pub(super) fn log_uniform(random: &mut impl Rng, [from, to]: [f64; 2]) -> f64 {
    random.random_range(from.ln()..to.ln()).exp()
}
