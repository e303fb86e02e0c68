//! Why a FID could not be made a spectrum.

use thiserror::Error;

/// A FID that cannot be processed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SpectrumError {
    /// Too few points to transform.
    #[error("{points} complex points are too few for a spectrum (at least {least})")]
    TooFewPoints {
        /// Points there.
        points: usize,
        /// Points needed.
        least: usize,
    },
    /// More points than are transformed.
    #[error("{points} complex points are more than the {most} processed here")]
    TooManyPoints {
        /// Points there.
        points: usize,
        /// Points accepted.
        most: usize,
    },
    /// A nucleus without known solvents and shifts.
    #[error("nucleus {0} is not processed; 1H and 13C are")]
    Nucleus(String),
    /// Two or more dimensions, or no signal of a spectrum.
    #[error("{0} data are not processed")]
    Experiment(String),
    /// A header value that makes no sense.
    #[error("{name} is {value}: not a positive number")]
    Frequency {
        /// Which value.
        name: &'static str,
        /// What it is.
        value: f64,
    },
    /// Points so large that their sums cannot be told from infinity.
    #[error(
        "a point of {0:e} is beyond any receiver: the file is damaged or read as the wrong type"
    )]
    Overflow(f64),
    /// Nothing but noise, or nothing at all.
    #[error("no signal: every point of the spectrum is zero or not a number")]
    NoSignal,
}
