//! How the pipeline works.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::duration;
use larmor_nmr::spectrum::ProcessingParameters;
use larmor_store::WorkRange;

/// `[pipeline]`: workers and processing, fixed while it runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PipelineSettings {
    /// Acquisitions processed at the same time.
    pub workers: usize,
    /// Times an acquisition is tried again after a failure that may pass.
    pub retries: u32,
    /// Longest that reading one dataset may take. A share that answers later is taken to be away.
    #[serde(with = "duration")]
    pub read_deadline: Duration,
    /// Longest that processing one dataset, and judging one sample, may take.
    #[serde(with = "duration")]
    pub deadline: Duration,
    /// Time for running work to finish at shutdown.
    #[serde(with = "duration")]
    pub grace: Duration,
    /// Older data.
    pub backfill: BackfillSettings,
    /// How spectra are processed.
    pub processing: ProcessingParameters,
}

impl Default for PipelineSettings {
    fn default() -> Self {
        Self {
            workers: 2,
            retries: 10,
            read_deadline: Duration::from_secs(30),
            deadline: Duration::from_secs(300),
            grace: Duration::from_secs(30),
            backfill: BackfillSettings::default(),
            processing: ProcessingParameters::default(),
        }
    }
}

/// `[pipeline.backfill]`: data acquired more than a day before they were found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BackfillSettings {
    /// Only data acquired on this day or later; what is older waits until this is set to an earlier
    /// day.
    pub since: Option<NaiveDate>,
    /// Share of the time of one worker that older data may take, more than 0 to 1.
    pub share: f64,
}

impl Default for BackfillSettings {
    fn default() -> Self {
        Self { since: None, share: 1.0 }
    }
}

impl BackfillSettings {
    /// The begin, in universal time, of the day from which on data are worked through.
    #[must_use]
    pub fn begin(&self) -> Option<DateTime<Utc>> {
        self.since.map(|day| day.and_time(NaiveTime::MIN).and_utc())
    }

    /// How far down the queue a worker goes that takes older data.
    pub(super) fn range(&self) -> WorkRange {
        self.begin().map_or(WorkRange::WithBackfill, WorkRange::BackfillSince)
    }
}
