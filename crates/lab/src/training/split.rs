//! Which molecules train, which validate and which test.

use super::{AcmlExample, HeldOut, KmaidExample, MatchMolecule, ShiftExample, key_hash};

/// One molecule in this many, chosen by the digest of its key, validates.
pub(super) const VALIDATION_SHARE: u64 = 25;

/// True of molecules that validate, as far as they are neither tested on nor held out.
#[must_use]
pub fn validates(block: &str) -> bool {
    key_hash(block).is_multiple_of(VALIDATION_SHARE)
}

/// What a split goes by.
pub(super) trait Keyed {
    /// First block of the InChIKey.
    fn block(&self) -> &str;
    /// Fold of the published split.
    fn fold(&self) -> Option<u8>;
}

impl Keyed for ShiftExample {
    fn block(&self) -> &str {
        &self.block
    }

    fn fold(&self) -> Option<u8> {
        self.fold
    }
}

impl Keyed for KmaidExample {
    fn block(&self) -> &str {
        &self.block
    }

    fn fold(&self) -> Option<u8> {
        self.fold
    }
}

impl Keyed for AcmlExample {
    fn block(&self) -> &str {
        &self.block
    }

    fn fold(&self) -> Option<u8> {
        self.fold
    }
}

impl Keyed for MatchMolecule {
    fn block(&self) -> &str {
        &self.block
    }

    /// The published lists have files in place of folds.
    fn fold(&self) -> Option<u8> {
        None
    }
}

pub(super) struct Parts<T> {
    pub train: Vec<T>,
    pub validation: Vec<T>,
    pub test: Vec<T>,
}

impl<T: Keyed> Parts<T> {
    /// Splits by InChIKey first block: the test fold, the held-out molecules, a share by digest that
    /// validates, and the rest.
    pub(super) fn split(examples: Vec<T>, test_fold: Option<u8>, held_out: &HeldOut) -> Self {
        let mut test_blocks = HeldOut::default();
        for example in examples.iter().filter(|e| test_fold.is_some() && e.fold() == test_fold) {
            test_blocks.insert(example.block());
        }
        let mut parts = Self { train: Vec::new(), validation: Vec::new(), test: Vec::new() };
        for example in examples {
            if test_blocks.contains(example.block()) {
                parts.test.push(example);
            } else if held_out.contains(example.block()) {
                // Neither trained on nor tested on.
            } else if validates(example.block()) {
                parts.validation.push(example);
            } else {
                parts.train.push(example);
            }
        }
        parts
    }

    /// Digests of the keys that had a part in the training.
    pub(super) fn trained_on(&self) -> Vec<u64> {
        let mut keys: Vec<u64> =
            self.train.iter().chain(&self.validation).map(|e| key_hash(e.block())).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}
