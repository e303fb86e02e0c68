//! How the pipeline works.

use larmor_elucidation::JudgeOptions;
use larmor_nmr::spectrum::ProcessingParameters;

/// Settings of the pipeline, fixed while it runs.
#[derive(Debug, Clone, PartialEq)]
pub struct PipelineSettings {
    /// Acquisitions processed at the same time.
    pub workers: usize,
    /// Times an acquisition is tried again after a failure that may pass.
    pub retries: u32,
    /// How spectra are processed.
    pub processing: ProcessingParameters,
    /// How candidates are judged.
    pub judging: JudgeOptions,
}
