//! Why an acquisition was not processed, and whether that may pass.

use std::error::Error;

use larmor_elucidation::ElucidationError;
use larmor_networks::inference::InferenceError;
use larmor_nmr::fid::FidError;
use larmor_nmr::spectrum::SpectrumError;
use larmor_store::StoreError;

use super::compute::ComputeError;

/// A failure to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// Why, with every cause.
    pub(super) reason: String,
    /// True when trying again may help.
    pub(super) retryable: bool,
    /// True when the data are gone because another acquisition overwrote them.
    pub(super) superseded: bool,
}

impl Failure {
    pub(super) fn permanent(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), retryable: false, superseded: false }
    }

    pub(super) fn superseded(reason: impl Into<String>) -> Self {
        Self { superseded: true, ..Self::permanent(reason) }
    }

    pub(super) fn retryable(reason: impl Into<String>) -> Self {
        Self { retryable: true, ..Self::permanent(reason) }
    }
}

impl From<FidError> for Failure {
    fn from(error: FidError) -> Self {
        // The directory may be on a share that is away; the data themselves are as they are. It
        // was a dataset when it was observed: that it is none now is the surroundings' doing, too.
        let retryable = matches!(error, FidError::Io { .. } | FidError::NotADataset { .. });
        Self { retryable, ..Self::permanent(chain(&error)) }
    }
}

impl From<SpectrumError> for Failure {
    fn from(error: SpectrumError) -> Self {
        Self::permanent(chain(&error))
    }
}

impl From<ElucidationError> for Failure {
    fn from(error: ElucidationError) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        let mut retryable = false;
        while let Some(error) = cause {
            retryable |= matches!(
                error.downcast_ref(),
                Some(InferenceError::Overloaded { .. } | InferenceError::Stopped)
            );
            cause = error.source();
        }
        Self { retryable, ..Self::permanent(chain(&error)) }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::retryable(chain(&error))
    }
}

impl From<ComputeError> for Failure {
    fn from(error: ComputeError) -> Self {
        let retryable = matches!(error, ComputeError::Ended);
        Self { retryable, ..Self::permanent(chain(&error)) }
    }
}

/// An error and its causes in one line, each said once.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        cause = error.source();
    }
    text
}
