//! Which molecules train, which validate and which test.

use super::{HeldOut, ShiftExample, key_hash};

/// One molecule in this many, chosen by the digest of its key, validates.
pub(super) const VALIDATION_SHARE: u64 = 25;

pub(super) struct Parts {
    pub train: Vec<ShiftExample>,
    pub validation: Vec<ShiftExample>,
    pub test: Vec<ShiftExample>,
}

impl Parts {
    /// Splits by InChIKey first block: the test fold, the held-out molecules, a share by digest that
    /// validates, and the rest.
    pub(super) fn split(
        examples: Vec<ShiftExample>,
        test_fold: Option<u8>,
        held_out: &HeldOut,
    ) -> Self {
        let mut test_blocks = HeldOut::default();
        for example in examples.iter().filter(|e| test_fold.is_some() && e.fold == test_fold) {
            test_blocks.insert(&example.block);
        }
        let mut parts = Self { train: Vec::new(), validation: Vec::new(), test: Vec::new() };
        for example in examples {
            if test_blocks.contains(&example.block) {
                parts.test.push(example);
            } else if held_out.contains(&example.block) {
                // Neither trained on nor tested on.
            } else if key_hash(&example.block).is_multiple_of(VALIDATION_SHARE) {
                parts.validation.push(example);
            } else {
                parts.train.push(example);
            }
        }
        parts
    }
}
