//! What is said of one dataset.

use std::path::Path;

use serde::Serialize;

use larmor_nmr::fid::{self, Fid, Inspection};
use larmor_nmr::spectrum::{
    Multiplet, Peak, ProcessedSpectrum, ProcessingStep, Quality, Referencing,
};

/// One line of output.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Line {
    /// Processed.
    Done(Box<Done>),
    /// Nothing to process, for a reason that is no fault.
    Skipped {
        path: String,
        skipped: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        modified: Option<String>,
    },
    /// Could not be processed.
    Failed {
        path: String,
        error: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        modified: Option<String>,
    },
}

#[derive(Debug, Serialize)]
pub(super) struct Done {
    pub(super) path: String,
    pub(super) vendor: &'static str,
    pub(super) title: String,
    pub(super) pulse_program: String,
    pub(super) nucleus: String,
    pub(super) experiment: String,
    pub(super) frequency_mhz: f64,
    pub(super) solvent: Option<&'static str>,
    pub(super) digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) modified: Option<String>,
    pub(super) halted: bool,
    pub(super) referencing: Referencing,
    pub(super) noise: f64,
    pub(super) quality: Quality,
    pub(super) peaks: Vec<Peak>,
    pub(super) multiplets: Vec<Multiplet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) plot: Option<String>,
    pub(super) processing_version: u32,
    pub(super) processing: Vec<ProcessingStep>,
}

impl Line {
    pub(super) fn skipped(path: &Path, reason: String, modified: Option<String>) -> Self {
        Self::Skipped { path: path.display().to_string(), skipped: reason, modified }
    }

    pub(super) fn failed(path: &Path, reason: String, modified: Option<String>) -> Self {
        Self::Failed { path: path.display().to_string(), error: reason, modified }
    }
}

impl Done {
    /// Takes over everything but the points.
    pub(super) fn new(
        path: &Path,
        inspection: Inspection,
        halted: bool,
        fid: Fid,
        spectrum: ProcessedSpectrum,
    ) -> Self {
        Self {
            path: path.display().to_string(),
            vendor: inspection.vendor.name(),
            title: fid.title,
            pulse_program: fid.pulse_program,
            nucleus: spectrum.nucleus.to_string(),
            experiment: spectrum.experiment.to_string(),
            frequency_mhz: spectrum.frequency_mhz,
            solvent: spectrum.solvent.map(fid::Solvent::name),
            digest: inspection.digest,
            modified: None,
            halted,
            referencing: spectrum.referencing,
            noise: spectrum.noise,
            quality: spectrum.quality,
            peaks: spectrum.peaks,
            multiplets: spectrum.multiplets,
            plot: None,
            processing_version: spectrum.record.version,
            processing: spectrum.record.steps,
        }
    }
}
