//! What was observed, made ready once for all structures that are held against it.

use super::signal::Signals;
use crate::error::ElucidationError;
use crate::query::Query;
use crate::scoring::lines::Lines;

/// The lines and signals of a query.
#[derive(Debug, Clone)]
pub(crate) struct Observed {
    pub query: Query,
    pub lines: Lines,
    pub(super) signals: Option<Signals>,
}

impl Observed {
    /// # Errors
    /// [`ElucidationError`] when the peaks cannot be judged.
    pub fn of(query: &Query) -> Result<Self, ElucidationError> {
        let (lines, signals) = (Lines::of(query)?, Signals::of(query));
        Ok(Self { query: query.clone(), lines, signals })
    }
}
