//! Why a sample could not be judged.

use larmor_networks::inference::InferenceError;

/// Why a sample could not be judged.
#[derive(Debug, thiserror::Error)]
pub enum ElucidationError {
    /// Nothing was observed.
    #[error("no compound peaks: neither 13C nor 1H lines are left to judge by")]
    NoPeaks,
    /// A list no spectrum of one compound gives.
    #[error("{found} {nucleus} peaks, at most {limit} are judged: is this noise picked as peaks?")]
    TooManyPeaks {
        /// Nucleus of the list.
        nucleus: &'static str,
        /// Peaks in it.
        found: usize,
        /// Most that are judged.
        limit: usize,
    },
    /// A shift that cannot be one.
    #[error("{ppm} ppm is no {nucleus} shift")]
    AbsurdPeak {
        /// Nucleus of the list.
        nucleus: &'static str,
        /// The shift.
        ppm: f64,
    },
    /// Shifts of candidates could not be predicted.
    #[error("candidate shifts could not be predicted: {0}")]
    Inference(#[from] InferenceError),
    /// A scoring thread ended early.
    #[error("a scoring thread ended early")]
    Worker,
}
