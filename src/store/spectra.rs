//! Processed spectra and their peaks.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Store, StoreError};
use crate::spectrum::Peak;

/// A spectrum as it was committed.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSpectrum {
    /// Identity.
    pub id: Uuid,
    /// The acquisition it was made from.
    pub acquisition: Uuid,
    /// Observed nucleus.
    pub nucleus: String,
    /// Kind of experiment.
    pub experiment: String,
    /// Spectrometer frequency of the nucleus, MHz.
    pub frequency_mhz: f64,
    /// Solvent, where known.
    pub solvent: Option<String>,
    /// How the axis was referenced.
    pub referencing: serde_json::Value,
    /// What was done to the data.
    pub processing: serde_json::Value,
    /// Standard deviation of the noise, relative to the tallest compound peak.
    pub noise: f64,
    /// Picked peaks.
    pub peaks: Vec<Peak>,
    /// When it was committed.
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// The latest spectrum of a sample for each nucleus and kind of experiment, with peaks.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn sample_spectra(&self, sample: Uuid) -> Result<Vec<StoredSpectrum>, StoreError> {
        let _ = sample;
        Err(StoreError::NotFound { what: "body", id: String::new() })
    }
}
