//! 1H multiplets of a spectrum, tied to their lines.

use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use super::text::{read_name, storable};
use larmor_nmr::spectrum::Multiplet;

/// The multiplets of a spectrum, in their order.
pub(super) async fn of_spectrum(
    connection: &mut PgConnection,
    spectrum: Uuid,
) -> Result<Vec<Multiplet>, StoreError> {
    sqlx::query!(
        r#"SELECT m.ppm, m.from_ppm, m.to_ppm, m.area, m.hydrogens, m.pattern, m.couplings_hz, m.class,
                  ARRAY(SELECT p.position FROM multiplet_peaks l JOIN peaks p ON p.id = l.peak_id
                        WHERE l.multiplet_id = m.id ORDER BY p.position) AS "peaks!"
           FROM multiplets m WHERE m.spectrum_id = $1 ORDER BY m.position"#,
        spectrum
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        Ok(Multiplet {
            ppm: row.ppm,
            from_ppm: row.from_ppm,
            to_ppm: row.to_ppm,
            area: row.area,
            hydrogens: row.hydrogens,
            pattern: row.pattern,
            couplings_hz: row.couplings_hz,
            class: read_name("a multiplet's class", row.class)?,
            peaks: row.peaks.into_iter().filter_map(|place| usize::try_from(place).ok()).collect(),
        })
    })
    .collect()
}

/// Inserts the multiplets of a spectrum whose peaks are there.
pub(super) async fn insert(
    connection: &mut PgConnection,
    spectrum: Uuid,
    multiplets: &[Multiplet],
) -> Result<(), StoreError> {
    for (position, multiplet) in multiplets.iter().enumerate() {
        let lines: Vec<i32> =
            multiplet.peaks.iter().filter_map(|&place| i32::try_from(place).ok()).collect();
        sqlx::query!(
            "WITH one AS (
                 INSERT INTO multiplets (spectrum_id, position, ppm, from_ppm, to_ppm, area,
                                         hydrogens, pattern, couplings_hz, class)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id)
             INSERT INTO multiplet_peaks (multiplet_id, peak_id)
             SELECT one.id, p.id FROM one, peaks p
             WHERE p.spectrum_id = $1 AND p.position = ANY($11)",
            spectrum,
            i32::try_from(position).unwrap_or(i32::MAX),
            multiplet.ppm,
            multiplet.from_ppm,
            multiplet.to_ppm,
            multiplet.area,
            multiplet.hydrogens,
            storable(&multiplet.pattern),
            &multiplet.couplings_hz,
            multiplet.class.name(),
            &lines
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
