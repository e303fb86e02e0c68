//! What is shown of an example differs from epoch to epoch where no spectrum tells the difference.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use larmor_networks::GinFeatures;

/// Isomers of this many molecules at most follow one another.
const ISOMERS: usize = 8;

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

/// The same with isomers side by side, a few at a time, so that a batch holds for most molecules
/// some that only their spectra tell apart. `formulas` has a number for each row's formula.
pub(crate) fn among_isomers(formulas: &[u64], random: &mut ChaCha8Rng) -> Vec<usize> {
    let mut order = shuffled(formulas.len(), random);
    order.sort_by_key(|&row| formulas[row]);
    let mut groups: Vec<&[usize]> = order
        .chunk_by(|&a, &b| formulas[a] == formulas[b])
        .flat_map(|isomers| isomers.chunks(ISOMERS))
        .collect();
    groups.shuffle(random);
    groups.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn isomers_follow_one_another_and_every_row_comes_once() {
        let formulas: Vec<u64> = (0..400).map(|row| row % 20).collect();
        let order = among_isomers(&formulas, &mut random(1, 2, 3));
        let beside = order.windows(2).filter(|two| formulas[two[0]] == formulas[two[1]]).count();
        assert!(beside > 300, "{beside}");
        let mut rows = order.clone();
        rows.sort_unstable();
        assert!(rows.into_iter().eq(0..400));
        assert_ne!(order, among_isomers(&formulas, &mut random(1, 2, 4)));
    }
}
