//! What became of one dataset.

use super::line::Line;

/// What became of one dataset.
#[derive(Debug)]
pub(super) enum Outcome {
    /// There is a line to write.
    Line(Line),
    /// It is in the output already, unchanged.
    PassedOver {
        /// That line reports a failure.
        failed: bool,
    },
    /// Of a nucleus nobody asked for.
    NotAsked,
}
