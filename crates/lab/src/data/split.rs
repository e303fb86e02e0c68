//! Which molecules train, which validate and which test.

use std::collections::HashSet;
use std::path::PathBuf;

use super::dropped::Dropped;
use super::held_out::HeldOut;
use super::trained_on::key_hash;
use crate::error::TrainingError;

/// One molecule in this many, chosen by the digest of its key, validates.
pub(crate) const VALIDATION_SHARE: u64 = 25;

/// True of molecules that validate, as far as they are neither tested on nor held out.
#[must_use]
pub fn validates(block: &str) -> bool {
    key_hash(block).is_multiple_of(VALIDATION_SHARE)
}

/// What a split goes by.
pub trait Keyed {
    /// First block of the InChIKey.
    fn block(&self) -> &str;
    /// Fold of the published split; the published lists have files in place of folds.
    fn fold(&self) -> Option<u8> {
        None
    }
}

/// The usable molecules of a data file.
#[derive(Debug, Clone)]
pub struct DataSet<T> {
    /// The file.
    pub path: PathBuf,
    /// The molecules.
    pub examples: Vec<T>,
    /// What was left out, and why.
    pub dropped: Dropped,
}

impl<T> DataSet<T> {
    /// Leaves out, for the reason named, what `keep` does not hold for.
    pub fn retain(&mut self, reason: &'static str, keep: impl FnMut(&T) -> bool) {
        let all = self.examples.len();
        self.examples.retain(keep);
        self.dropped.add(reason, all - self.examples.len());
    }
}

/// The parts of a data set.
pub(crate) struct Parts<T> {
    pub train: Vec<T>,
    pub validation: Vec<T>,
    pub test: Vec<T>,
    /// Where they come from.
    path: PathBuf,
    /// What is in none of them, and why.
    dropped: Dropped,
}

impl<T: Keyed> Parts<T> {
    /// Splits by InChIKey first block: the test fold, the held-out molecules, a share by digest that
    /// validates, and the rest.
    pub(crate) fn split(data: DataSet<T>, test_fold: Option<u8>, held_out: &HeldOut) -> Self {
        let mut test_blocks = HeldOut::default();
        for example in data.examples.iter().filter(|e| test_fold.is_some() && e.fold() == test_fold)
        {
            test_blocks.insert(example.block());
        }
        let mut parts = Self {
            train: Vec::new(),
            validation: Vec::new(),
            test: Vec::new(),
            path: data.path,
            dropped: data.dropped,
        };
        for example in data.examples {
            if test_blocks.contains(example.block()) {
                parts.test.push(example);
            } else if held_out.contains(example.block()) {
                // Neither trained on nor tested on.
                parts.dropped.count("held out");
            } else if validates(example.block()) {
                parts.validation.push(example);
            } else {
                parts.train.push(example);
            }
        }
        parts
    }

    /// Blocks of the molecules that test.
    pub(crate) fn tested(&self) -> HashSet<String> {
        self.test.iter().map(|example| example.block().to_owned()).collect()
    }

    /// Digests of the keys that had a part in the training.
    pub(crate) fn trained_on(&self) -> Vec<u64> {
        let mut keys: Vec<u64> =
            self.train.iter().chain(&self.validation).map(|e| key_hash(e.block())).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

impl<T> Parts<T> {
    /// Says how many molecules there are, and what was left out.
    pub(crate) fn report(&self, report: &mut dyn FnMut(&str)) {
        report(&format!(
            "{} molecules to train on, {} validate, {} test",
            self.train.len(),
            self.validation.len(),
            self.test.len()
        ));
        if !self.dropped.is_empty() {
            report(&format!("left out of {}: {}", self.path.display(), self.dropped));
        }
    }

    /// A network that saw nothing, or whose best epoch nothing tells, is not made.
    ///
    /// # Errors
    /// [`TrainingError::Empty`] when no molecule trains or none validates.
    pub(crate) fn refuse_empty(&self) -> Result<(), TrainingError> {
        let purpose = match (self.train.len(), self.validation.len()) {
            (0, _) => "train on",
            (_, 0) => "validate",
            _ => return Ok(()),
        };
        Err(TrainingError::Empty {
            path: self.path.clone(),
            purpose,
            train: self.train.len(),
            validation: self.validation.len(),
            test: self.test.len(),
            dropped: self.dropped.to_string(),
        })
    }

    /// Why an epoch went by without a step.
    pub(crate) fn no_batch(&self) -> TrainingError {
        TrainingError::NoBatch {
            path: self.path.clone(),
            train: self.train.len(),
            dropped: self.dropped.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Example(&'static str, u8);

    impl Keyed for Example {
        fn block(&self) -> &str {
            self.0
        }

        fn fold(&self) -> Option<u8> {
            Some(self.1)
        }
    }

    #[test]
    fn a_data_set_without_a_part_is_refused_with_path_and_counts() {
        let mut held_out = HeldOut::default();
        held_out.insert("BSYNRYMUTXBXSQ");
        let mut data = DataSet {
            path: "molecules.csv".into(),
            examples: vec![
                Example("LFQSCWFLJHTTHZ", 1),
                Example("BSYNRYMUTXBXSQ", 1),
                Example("RYYVLZVUVIJVGH", 2),
                Example("QTBSBXVTEAMEQO", 0),
            ],
            dropped: Dropped::default(),
        };
        data.retain("of another fold", |example| example.1 < 2);
        let parts = Parts::split(data, Some(0), &held_out);
        assert_eq!((parts.train.len(), parts.validation.len(), parts.test.len()), (1, 0, 1));
        let said = parts.refuse_empty().map_err(|error| error.to_string());
        let expected = "molecules.csv: no molecule to validate: 1 to train on, 0 to validate, 1 to \
                        test; left out: 1 of another fold, 1 held out";
        assert_eq!(said, Err(expected.to_owned()));
    }
}
