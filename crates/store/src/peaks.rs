//! Peaks of a spectrum.

use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use super::text::{read_name, storable};
use larmor_nmr::spectrum::{LineErrors, Peak, Splitting, Substance};

/// The peaks of a spectrum, in their order.
pub(super) async fn of_spectrum(
    connection: &mut PgConnection,
    spectrum: Uuid,
) -> Result<Vec<Peak>, StoreError> {
    sqlx::query!(
        "SELECT ppm, intensity, width_hz, area, signal_to_noise, class, multiplicity, ppm_error,
                width_error_hz, area_error, split_by, split_lines, split_hz,
                substance, substance_confidence
         FROM peaks WHERE spectrum_id = $1 ORDER BY position",
        spectrum
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        let errors = match (row.ppm_error, row.width_error_hz, row.area_error) {
            (Some(ppm), Some(width_hz), Some(area)) => Some(LineErrors { ppm, width_hz, area }),
            _ => None,
        };
        let splitting = match (row.split_by, row.split_lines, row.split_hz) {
            (Some(by), Some(lines), Some(coupling_hz)) => {
                Some(Splitting { by, lines: u8::try_from(lines).unwrap_or(u8::MAX), coupling_hz })
            }
            _ => None,
        };
        Ok(Peak {
            ppm: row.ppm,
            intensity: row.intensity,
            width_hz: row.width_hz,
            area: row.area,
            signal_to_noise: row.signal_to_noise,
            class: read_name("a peak class", row.class)?,
            multiplicity: row
                .multiplicity
                .map(|word| read_name("a multiplicity", word))
                .transpose()?,
            errors,
            splitting,
            substance: row
                .substance
                .zip(row.substance_confidence)
                .map(|(name, confidence)| Substance { name, confidence }),
        })
    })
    .collect()
}

/// Inserts the peaks of a spectrum.
pub(super) async fn insert(
    connection: &mut PgConnection,
    spectrum: Uuid,
    peaks: &[Peak],
) -> Result<(), StoreError> {
    let column = |value: fn(&Peak) -> f64| peaks.iter().map(value).collect::<Vec<f64>>();
    let error = |value: fn(&LineErrors) -> f64| {
        peaks.iter().map(|peak| peak.errors.as_ref().map(value)).collect::<Vec<Option<f64>>>()
    };
    let splittings = || peaks.iter().map(|peak| peak.splitting.as_ref());
    let split_by: Vec<Option<String>> =
        splittings().map(|splitting| splitting.map(|one| storable(&one.by))).collect();
    let split_lines: Vec<Option<i16>> =
        splittings().map(|splitting| splitting.map(|one| i16::from(one.lines))).collect();
    let split_hz: Vec<Option<f64>> =
        splittings().map(|splitting| splitting.map(|one| one.coupling_hz)).collect();
    let substance = || peaks.iter().map(|peak| peak.substance.as_ref());
    let substances: Vec<Option<String>> =
        substance().map(|one| one.map(|one| storable(&one.name))).collect();
    let confidences: Vec<Option<f64>> =
        substance().map(|one| one.map(|one| one.confidence)).collect();
    let classes: Vec<String> = peaks.iter().map(|peak| peak.class.to_string()).collect();
    let multiplicities: Vec<Option<String>> =
        peaks.iter().map(|peak| peak.multiplicity.map(|one| one.to_string())).collect();
    sqlx::query!(
        "INSERT INTO peaks (spectrum_id, position, ppm, intensity, width_hz, area,
                            signal_to_noise, class, multiplicity, ppm_error, width_error_hz,
                            area_error, split_by, split_lines, split_hz, substance,
                            substance_confidence)
         SELECT $1, p.position - 1, p.ppm, p.intensity, p.width_hz, p.area, p.signal_to_noise,
                p.class, p.multiplicity, p.ppm_error, p.width_error_hz, p.area_error, p.split_by,
                p.split_lines, p.split_hz, p.substance, p.substance_confidence
         FROM unnest($2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::float8[],
                     $7::text[], $8::text[], $9::float8[], $10::float8[], $11::float8[],
                     $12::text[], $13::int2[], $14::float8[], $15::text[],
                     $16::float8[]) WITH ORDINALITY
              AS p (ppm, intensity, width_hz, area, signal_to_noise, class, multiplicity,
                    ppm_error, width_error_hz, area_error, split_by, split_lines, split_hz,
                    substance, substance_confidence, position)",
        spectrum,
        &column(|peak| peak.ppm),
        &column(|peak| peak.intensity),
        &column(|peak| peak.width_hz),
        &column(|peak| peak.area),
        &column(|peak| peak.signal_to_noise),
        &classes,
        &multiplicities as &[Option<String>],
        &error(|errors| errors.ppm) as &[Option<f64>],
        &error(|errors| errors.width_hz) as &[Option<f64>],
        &error(|errors| errors.area) as &[Option<f64>],
        &split_by as &[Option<String>],
        &split_lines as &[Option<i16>],
        &split_hz as &[Option<f64>],
        &substances as &[Option<String>],
        &confidences as &[Option<f64>]
    )
    .execute(connection)
    .await?;
    Ok(())
}
