//! Why an acquisition was not processed, and whether that may pass.

use std::error::Error;

use larmor_elucidation::ElucidationError;
use larmor_networks::inference::InferenceError;
use larmor_nmr::fid::FidError;
use larmor_nmr::spectrum::SpectrumError;
use larmor_store::StoreError;

use super::away::is_of_the_file_system;
use super::compute::ComputeError;

/// Whose doing a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// The data's: they will not be better next time.
    Data,
    /// Something that may pass.
    Passing,
    /// Another acquisition's, which overwrote the data before they were processed.
    Superseded,
    /// The surroundings': the data's instrument cannot be reached. Nothing is counted.
    Surroundings,
}

/// A failure to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// Why, with every cause.
    pub(super) reason: String,
    /// Whose doing it is.
    pub(super) cause: Cause,
}

impl Failure {
    pub(super) fn permanent(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), cause: Cause::Data }
    }

    pub(super) fn passing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), cause: Cause::Passing }
    }

    pub(super) fn superseded(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), cause: Cause::Superseded }
    }

    pub(super) fn of_surroundings(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), cause: Cause::Surroundings }
    }
}

impl From<FidError> for Failure {
    fn from(error: FidError) -> Self {
        let cause = match &error {
            FidError::Io { source, .. } if is_of_the_file_system(source) => Cause::Surroundings,
            // It was a dataset when it was observed: that it is none now may pass.
            FidError::Io { .. } | FidError::NotADataset { .. } => Cause::Passing,
            _ => Cause::Data,
        };
        Self { reason: chain(&error), cause }
    }
}

impl From<SpectrumError> for Failure {
    fn from(error: SpectrumError) -> Self {
        Self::permanent(chain(&error))
    }
}

impl From<ElucidationError> for Failure {
    fn from(error: ElucidationError) -> Self {
        let mut source: Option<&(dyn Error + 'static)> = Some(&error);
        let mut passing = false;
        while let Some(error) = source {
            passing |= matches!(
                error.downcast_ref(),
                Some(InferenceError::Overloaded { .. } | InferenceError::Stopped)
            );
            source = error.source();
        }
        let cause = if passing { Cause::Passing } else { Cause::Data };
        Self { reason: chain(&error), cause }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::passing(chain(&error))
    }
}

impl From<ComputeError> for Failure {
    fn from(error: ComputeError) -> Self {
        let cause = match error {
            ComputeError::Ended => Cause::Passing,
            ComputeError::GivenUp => Cause::Surroundings,
            ComputeError::Panicked(_) | ComputeError::TimedOut(_) => Cause::Data,
        };
        Self { reason: chain(&error), cause }
    }
}

/// An error and its causes in one line, each said once.
pub(super) fn chain(error: &dyn Error) -> String {
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
