//! Processed spectra with their peaks and multiplets.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::text::{read_name, read_nucleus, storable, storable_json};
use super::{
    Lease, NewSpectrum, Recorded, StageTimings, Store, StoreError, multiplets, peaks, traces,
};
use larmor_nmr::fid::{Experiment, Nucleus, Origin, Solvent};
use larmor_nmr::spectrum::{Multiplet, Peak, Quality, Referencing};

/// A spectrum as it was committed.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSpectrum {
    /// Identity.
    pub id: Uuid,
    /// The acquisition it was made from.
    pub acquisition: Uuid,
    /// Name of the instrument.
    pub instrument: String,
    /// Observed nucleus.
    pub nucleus: Nucleus,
    /// Kind of experiment.
    pub experiment: Recorded<Experiment>,
    /// Spectrometer frequency of the nucleus, MHz.
    pub frequency_mhz: f64,
    /// Solvent, where known.
    pub solvent: Option<Recorded<Solvent>>,
    /// How the axis was referenced.
    pub referencing: serde_json::Value,
    /// What was done to the data.
    pub processing: serde_json::Value,
    /// Standard deviation of the noise, relative to the tallest compound peak.
    pub noise: f64,
    /// What its FID was before it was read.
    pub origin: Origin,
    /// How far it can be trusted; none where an earlier version of Larmor made it.
    pub quality: Option<Quality>,
    /// Picked peaks.
    pub peaks: Vec<Peak>,
    /// Multiplets, of 1H.
    pub multiplets: Vec<Multiplet>,
    /// When the spectrometer last wrote to its acquisition, else when Larmor first saw that.
    pub acquired_at: DateTime<Utc>,
    /// When it was committed.
    pub created_at: DateTime<Utc>,
}

impl StoredSpectrum {
    /// How the axis was referenced; `None` where another version wrote that otherwise.
    #[must_use]
    pub fn axis(&self) -> Option<Referencing> {
        Referencing::deserialize(&self.referencing).ok()
    }
}

impl Store {
    /// The spectrum of a sample that stands for each nucleus and kind of experiment, the one
    /// acquired last of those that were acquired and not calculated back from a spectrum.
    /// An acquisition processed several times counts with its latest spectrum.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn sample_spectra(&self, sample: Uuid) -> Result<Vec<StoredSpectrum>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let ids = sqlx::query_scalar!(
            "SELECT DISTINCT ON (s.nucleus, s.experiment) s.id
             FROM (SELECT DISTINCT ON (acquisition_id) * FROM spectra WHERE sample_id = $1
                   ORDER BY acquisition_id, created_at DESC, id DESC) AS s
             JOIN acquisitions a ON a.id = s.acquisition_id
             ORDER BY s.nucleus, s.experiment, s.origin <> 'acquired',
                      coalesce(a.last_written, a.discovered_at) DESC, a.id DESC",
            sample
        )
        .fetch_all(&mut *transaction)
        .await?;
        let mut spectra = Vec::with_capacity(ids.len());
        for id in ids {
            spectra.extend(whole(&mut transaction, id).await?);
        }
        transaction.commit().await?;
        Ok(spectra)
    }

    /// One spectrum, whole.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such spectrum.
    pub async fn spectrum(&self, id: Uuid) -> Result<StoredSpectrum, StoreError> {
        let mut connection = self.pool.acquire().await?;
        whole(&mut connection, id)
            .await?
            .ok_or_else(|| StoreError::NotFound { what: "spectrum", id: id.to_string() })
    }

    /// The latest spectrum that was made of an acquisition, if any was.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn acquisition_spectrum(
        &self,
        acquisition: Uuid,
    ) -> Result<Option<StoredSpectrum>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let latest = sqlx::query_scalar!(
            "SELECT id FROM spectra WHERE acquisition_id = $1
             ORDER BY created_at DESC, id DESC LIMIT 1",
            acquisition
        )
        .fetch_optional(&mut *connection)
        .await?;
        match latest {
            Some(id) => whole(&mut connection, id).await,
            None => Ok(None),
        }
    }
}

/// A spectrum with its peaks and multiplets.
pub(super) async fn whole(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<StoredSpectrum>, StoreError> {
    let row = sqlx::query!(
        r#"SELECT s.id, s.acquisition_id, s.nucleus, s.experiment, s.frequency_mhz, s.solvent,
                  s.referencing, s.processing, s.noise, s.origin, s.quality, s.quality_reasons,
                  s.created_at, coalesce(a.last_written, a.discovered_at) AS "acquired_at!",
                  i.name AS instrument
           FROM spectra s JOIN acquisitions a ON a.id = s.acquisition_id
           JOIN instruments i ON i.id = a.instrument_id WHERE s.id = $1"#,
        id
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let reasons = row.quality_reasons;
    Ok(Some(StoredSpectrum {
        id: row.id,
        acquisition: row.acquisition_id,
        instrument: row.instrument,
        nucleus: read_nucleus(&row.nucleus),
        experiment: Recorded::read(row.experiment),
        frequency_mhz: row.frequency_mhz,
        solvent: row.solvent.map(Recorded::read),
        referencing: row.referencing,
        processing: row.processing,
        noise: row.noise,
        origin: read_name("an origin", row.origin)?,
        quality: row.quality.map(|score| Quality { score, reasons }),
        peaks: peaks::of_spectrum(&mut *connection, id).await?,
        multiplets: multiplets::of_spectrum(connection, id).await?,
        acquired_at: row.acquired_at,
        created_at: row.created_at,
    }))
}

/// Inserts a spectrum with its peaks, multiplets and points.
pub(super) async fn insert(
    connection: &mut PgConnection,
    lease: &Lease,
    spectrum: &NewSpectrum,
    timings: &StageTimings,
) -> Result<Uuid, StoreError> {
    let id = Uuid::now_v7();
    let reasons: Vec<String> =
        spectrum.quality.reasons.iter().map(|reason| storable(reason)).collect();
    sqlx::query!(
        "INSERT INTO spectra (id, acquisition_id, sample_id, nucleus, experiment, frequency_mhz,
                              solvent, noise, referencing, processing, read_ms, process_ms,
                              origin, quality, quality_reasons)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        id,
        lease.acquisition,
        lease.sample,
        storable(&spectrum.nucleus.to_string()),
        spectrum.experiment.to_string(),
        spectrum.frequency_mhz,
        spectrum.solvent.map(Solvent::name),
        spectrum.noise,
        storable_json(spectrum.referencing.clone()),
        storable_json(spectrum.processing.clone()),
        timings.read_ms,
        timings.process_ms,
        spectrum.origin.name(),
        spectrum.quality.score,
        &reasons
    )
    .execute(&mut *connection)
    .await?;
    peaks::insert(&mut *connection, id, &spectrum.peaks).await?;
    multiplets::insert(&mut *connection, id, &spectrum.multiplets).await?;
    traces::put(connection, id, &spectrum.trace).await?;
    Ok(id)
}
