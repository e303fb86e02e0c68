//! Why the device thread gave no answer.

/// Why a prediction was not made.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum InferenceError {
    /// The queue is full; try again later.
    #[error("inference is overloaded: {limit} requests wait already")]
    Overloaded {
        /// Most requests that may wait.
        limit: usize,
    },
    /// The device thread has ended.
    #[error("inference has stopped")]
    Stopped,
    /// The network failed on this input.
    #[error("network failed: {0}")]
    Network(String),
}
