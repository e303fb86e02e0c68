//! Processed spectra and their peaks.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::text::{read_word, storable, storable_json, write_word};
use super::{Lease, NewSpectrum, StageTimings, Store, StoreError};
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
        let mut transaction = self.pool.begin().await?;
        let rows = sqlx::query!(
            "SELECT DISTINCT ON (nucleus, experiment) id, acquisition_id, nucleus, experiment,
                    frequency_mhz, solvent, referencing, processing, noise, created_at
             FROM spectra WHERE sample_id = $1
             ORDER BY nucleus, experiment, created_at DESC, id DESC",
            sample
        )
        .fetch_all(&mut *transaction)
        .await?;
        let mut spectra: Vec<StoredSpectrum> = rows
            .into_iter()
            .map(|row| StoredSpectrum {
                id: row.id,
                acquisition: row.acquisition_id,
                nucleus: row.nucleus,
                experiment: row.experiment,
                frequency_mhz: row.frequency_mhz,
                solvent: row.solvent,
                referencing: row.referencing,
                processing: row.processing,
                noise: row.noise,
                peaks: Vec::new(),
                created_at: row.created_at,
            })
            .collect();
        for spectrum in &mut spectra {
            spectrum.peaks = peaks(&mut transaction, spectrum.id).await?;
        }
        transaction.commit().await?;
        Ok(spectra)
    }
}

async fn peaks(connection: &mut PgConnection, spectrum: Uuid) -> Result<Vec<Peak>, StoreError> {
    sqlx::query!(
        "SELECT ppm, intensity, width_hz, area, signal_to_noise, class, multiplicity
         FROM peaks WHERE spectrum_id = $1 ORDER BY position",
        spectrum
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        Ok(Peak {
            ppm: row.ppm,
            intensity: row.intensity,
            width_hz: row.width_hz,
            area: row.area,
            signal_to_noise: row.signal_to_noise,
            class: read_word("a peak class", row.class)?,
            multiplicity: row
                .multiplicity
                .map(|word| read_word("a multiplicity", word))
                .transpose()?,
            errors: None,
            splitting: None,
        })
    })
    .collect()
}

/// Inserts a spectrum with its peaks.
pub(super) async fn insert(
    connection: &mut PgConnection,
    lease: &Lease,
    spectrum: &NewSpectrum,
    timings: &StageTimings,
) -> Result<Uuid, StoreError> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO spectra (id, acquisition_id, sample_id, nucleus, experiment, frequency_mhz,
                              solvent, noise, referencing, processing, read_ms, process_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        id,
        lease.acquisition,
        lease.sample,
        storable(&spectrum.nucleus),
        storable(&spectrum.experiment),
        spectrum.frequency_mhz,
        spectrum.solvent.as_deref().map(storable),
        spectrum.noise,
        storable_json(spectrum.referencing.clone()),
        storable_json(spectrum.processing.clone()),
        timings.read_ms,
        timings.process_ms
    )
    .execute(&mut *connection)
    .await?;
    insert_peaks(connection, id, &spectrum.peaks).await?;
    Ok(id)
}

async fn insert_peaks(
    connection: &mut PgConnection,
    spectrum: Uuid,
    peaks: &[Peak],
) -> Result<(), StoreError> {
    let column = |value: fn(&Peak) -> f64| peaks.iter().map(value).collect::<Vec<f64>>();
    let mut classes = Vec::with_capacity(peaks.len());
    let mut multiplicities = Vec::with_capacity(peaks.len());
    for peak in peaks {
        classes.push(write_word("a peak class", &peak.class)?);
        multiplicities
            .push(peak.multiplicity.map(|known| write_word("a multiplicity", &known)).transpose()?);
    }
    sqlx::query!(
        "INSERT INTO peaks (spectrum_id, position, ppm, intensity, width_hz, area,
                            signal_to_noise, class, multiplicity)
         SELECT $1, p.position - 1, p.ppm, p.intensity, p.width_hz, p.area, p.signal_to_noise,
                p.class, p.multiplicity
         FROM unnest($2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::float8[],
                     $7::text[], $8::text[]) WITH ORDINALITY
              AS p (ppm, intensity, width_hz, area, signal_to_noise, class, multiplicity, position)",
        spectrum,
        &column(|peak| peak.ppm),
        &column(|peak| peak.intensity),
        &column(|peak| peak.width_hz),
        &column(|peak| peak.area),
        &column(|peak| peak.signal_to_noise),
        &classes,
        &multiplicities as &[Option<String>]
    )
    .execute(connection)
    .await?;
    Ok(())
}
