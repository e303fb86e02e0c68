//! 1H multiplets of a spectrum, tied to their lines.

use serde_json::json;
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
                  ARRAY(SELECT (SELECT p.position FROM peaks p WHERE p.id = l.peak_id)
                        FROM multiplet_peaks l WHERE l.multiplet_id = m.id ORDER BY 1) AS "peaks!"
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
    if multiplets.is_empty() {
        return Ok(());
    }
    // JSON, since lists of different lengths are no array of the database's.
    let rows: Vec<_> = multiplets
        .iter()
        .enumerate()
        .map(|(position, one)| {
            json!({
                "position": position, "ppm": one.ppm, "from_ppm": one.from_ppm,
                "to_ppm": one.to_ppm, "area": one.area, "hydrogens": one.hydrogens,
                "pattern": storable(&one.pattern), "couplings_hz": one.couplings_hz,
                "class": one.class.name(), "peaks": one.peaks,
            })
        })
        .collect();
    sqlx::query!(
        "WITH new AS (
             SELECT * FROM jsonb_to_recordset($2) AS m (position int4, ppm float8,
                 from_ppm float8, to_ppm float8, area float8, hydrogens float8, pattern text,
                 couplings_hz float8[], class text, peaks int4[])),
         inserted AS (
             INSERT INTO multiplets (spectrum_id, position, ppm, from_ppm, to_ppm, area, hydrogens,
                                     pattern, couplings_hz, class)
             SELECT $1, position, ppm, from_ppm, to_ppm, area, hydrogens, pattern, couplings_hz,
                    class FROM new
             RETURNING id, position)
         INSERT INTO multiplet_peaks (multiplet_id, peak_id)
         SELECT i.id, p.id FROM inserted i JOIN new ON new.position = i.position
         JOIN peaks p ON p.spectrum_id = $1 AND p.position = ANY(new.peaks)",
        spectrum,
        json!(rows)
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}
