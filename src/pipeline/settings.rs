//! How the pipeline works.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::duration;
use larmor_nmr::spectrum::ProcessingParameters;

/// `[pipeline]`: workers and processing, fixed while it runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PipelineSettings {
    /// Acquisitions processed at the same time.
    pub workers: usize,
    /// Times an acquisition is tried again after a failure that may pass.
    pub retries: u32,
    /// Time for running work to finish at shutdown.
    #[serde(with = "duration")]
    pub grace: Duration,
    /// How spectra are processed.
    pub processing: ProcessingParameters,
}

impl Default for PipelineSettings {
    fn default() -> Self {
        Self {
            workers: 2,
            retries: 10,
            grace: Duration::from_secs(30),
            processing: ProcessingParameters::default(),
        }
    }
}
