//! Peaks and multiplets of the spectra that a judgement rests on, by which each of its assignments is
//! tied to what it was read from.

use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;

/// How far, in ppm, an observed shift may lie from the peak it was read from. Shifts are copied
/// from peaks and multiplets, so this only allows for rounding.
const SAME_PEAK_PPM: f64 = 1e-4;

#[derive(Debug)]
struct Signal {
    id: i64,
    nucleus: String,
    ppm: f64,
    /// Of a peak: its spectrum is an edited one. Of a multiplet: it has several lines.
    second_choice: bool,
}

/// What was judged.
#[derive(Debug)]
pub(super) struct JudgedSignals {
    peaks: Vec<Signal>,
    multiplets: Vec<Signal>,
}

/// The rows that an assigned shift was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Rows {
    pub(super) peak: Option<i64>,
    pub(super) multiplet: Option<i64>,
}

impl JudgedSignals {
    /// The compound's signals in the spectra of a judgement. Each spectrum's are looked up by themselves:
    /// joined, the planner reads whole tables as long as it takes them for small ones.
    pub(super) async fn of(
        connection: &mut PgConnection,
        spectra: &[Uuid],
    ) -> Result<Self, StoreError> {
        let peaks = sqlx::query_as!(
            Signal,
            r#"SELECT p.id, s.nucleus, p.ppm, s.experiment <> '1D' AS "second_choice!"
               FROM unnest($1::uuid[]) AS u (id) JOIN spectra s ON s.id = u.id
               CROSS JOIN LATERAL (SELECT p.id, p.ppm FROM peaks p
                                   WHERE p.spectrum_id = s.id AND p.class = 'compound'
                                   OFFSET 0) AS p
               ORDER BY p.id"#,
            spectra
        )
        .fetch_all(&mut *connection)
        .await?;
        let multiplets = sqlx::query_as!(
            Signal,
            r#"SELECT m.id, s.nucleus, m.ppm,
                      (SELECT count(*) FROM multiplet_peaks l WHERE l.multiplet_id = m.id) > 1
                      AS "second_choice!"
               FROM unnest($1::uuid[]) AS u (id) JOIN spectra s ON s.id = u.id
               CROSS JOIN LATERAL (SELECT m.id, m.ppm FROM multiplets m
                                   WHERE m.spectrum_id = s.id AND m.class = 'compound'
                                   OFFSET 0) AS m
               ORDER BY m.id"#,
            spectra
        )
        .fetch_all(&mut *connection)
        .await?;
        Ok(Self { peaks, multiplets })
    }

    /// What a shift was read from: a multiplet, where there is one, and a peak, but where the
    /// multiplet has several lines: its centre is no peak, even where a line lies there.
    pub(super) fn rows(&self, nucleus: &str, ppm: f64) -> Rows {
        let multiplet = nearest(&self.multiplets, nucleus, ppm, |_| false);
        let peak = match multiplet {
            Some(multiplet) if multiplet.second_choice => None,
            _ => nearest(&self.peaks, nucleus, ppm, |peak| peak.second_choice),
        };
        Rows { peak: peak.map(|peak| peak.id), multiplet: multiplet.map(|one| one.id) }
    }
}

/// The signal at a shift; of several, first one of a plain spectrum, then the nearest.
fn nearest<'a>(
    signals: &'a [Signal],
    nucleus: &str,
    ppm: f64,
    last: impl Fn(&Signal) -> bool,
) -> Option<&'a Signal> {
    let off = |signal: &Signal| (signal.ppm - ppm).abs();
    let here = signals.iter().filter(|one| one.nucleus == nucleus && off(one) <= SAME_PEAK_PPM);
    here.min_by(|one, other| {
        last(one)
            .cmp(&last(other))
            .then(off(one).total_cmp(&off(other)))
            .then(one.id.cmp(&other.id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(id: i64, nucleus: &str, ppm: f64, second_choice: bool) -> Signal {
        Signal { id, nucleus: nucleus.to_owned(), ppm, second_choice }
    }

    #[test]
    fn a_shift_is_tied_to_the_plain_peak_it_was_copied_from_or_to_its_multiplet() {
        let signals = JudgedSignals {
            peaks: vec![
                signal(1, "13C", 120.0, true),
                signal(2, "13C", 120.000_05, false),
                signal(3, "1H", 7.2, false),
                signal(4, "1H", 3.9, false),
            ],
            multiplets: vec![signal(8, "1H", 7.2, true), signal(9, "1H", 3.9, false)],
        };
        let rows = |peak, multiplet| Rows { peak, multiplet };
        assert_eq!(signals.rows("13C", 120.0), rows(Some(2), None));
        assert_eq!(signals.rows("1H", 7.2), rows(None, Some(8)), "the centre of several lines");
        assert_eq!(signals.rows("1H", 3.9), rows(Some(4), Some(9)));
        assert_eq!(signals.rows("13C", 121.0), Rows::default());
    }
}
