//! What subscribers see: one total order that is the order of commits.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::text::storable_json;
use super::{AcquisitionState, StageTimings, Store, StoreError};
use crate::elucidation::{Candidate, Verdict};

/// How many candidates an event carries at most.
pub const EVENT_CANDIDATES: usize = 10;

/// Kinds of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// A dataset was seen for the first time.
    Discovered,
    /// A dataset is long overdue.
    Incomplete,
    /// A dataset is nothing Larmor works on.
    Skipped,
    /// A dataset could not be processed.
    Failed,
    /// A spectrum and its peaks are there.
    Processed,
    /// A sample was judged.
    Elucidated,
}

impl EventKind {
    /// The word that stands in the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Discovered => "discovered",
            Self::Incomplete => "incomplete",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Processed => "processed",
            Self::Elucidated => "elucidated",
        }
    }
}

/// Peaks of a spectrum by what they are taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PeakCounts {
    /// The sample's compound.
    pub compound: u32,
    /// The solvent.
    pub solvent: u32,
    /// Impurities.
    pub impurity: u32,
    /// Satellites.
    pub satellite: u32,
    /// Artifacts.
    pub artifact: u32,
}

/// What an event tells. Its JSON form is what the database keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum EventBody {
    /// A dataset was seen for the first time.
    Discovered {
        /// State it was seen in.
        state: AcquisitionState,
        /// Why.
        reason: String,
        /// Observed nucleus.
        nucleus: Option<String>,
        /// Kind of experiment.
        experiment: Option<String>,
        /// Title the operator gave it.
        title: String,
    },
    /// A dataset is long overdue.
    Incomplete {
        /// What is missing.
        reason: String,
    },
    /// A dataset is nothing Larmor works on.
    Skipped {
        /// Why.
        reason: String,
    },
    /// A dataset could not be processed.
    Failed {
        /// Why.
        reason: String,
        /// How often it was tried.
        attempts: i32,
    },
    /// A spectrum and its peaks are there.
    Processed {
        /// The spectrum.
        spectrum: Uuid,
        /// Observed nucleus.
        nucleus: String,
        /// Kind of experiment.
        experiment: String,
        /// Spectrometer frequency of the nucleus, MHz.
        frequency_mhz: f64,
        /// Solvent, where known.
        solvent: Option<String>,
        /// How many peaks of each class.
        peaks: PeakCounts,
        /// How long reading and processing took.
        timings: StageTimings,
        /// Why the sample was not judged, where it was not.
        #[serde(default)]
        unjudged: Option<String>,
    },
    /// A sample was judged.
    Elucidated {
        /// The judgement.
        elucidation: Uuid,
        /// 1 for the sample's first.
        revision: i32,
        /// What it comes to.
        verdict: Verdict,
        /// Why, in words for a chemist.
        reasons: Vec<String>,
        /// How many candidates were scored.
        considered: u64,
        /// The first ten, best first; assignments only of the best and of proposed ones.
        candidates: Vec<Candidate>,
        /// SHA-256 of the weights that predicted, hex.
        model_digest: String,
        /// How long each stage took.
        timings: StageTimings,
    },
}

impl EventBody {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Discovered { .. } => EventKind::Discovered,
            Self::Incomplete { .. } => EventKind::Incomplete,
            Self::Skipped { .. } => EventKind::Skipped,
            Self::Failed { .. } => EventKind::Failed,
            Self::Processed { .. } => EventKind::Processed,
            Self::Elucidated { .. } => EventKind::Elucidated,
        }
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its place in the total order; the next event's is one more.
    pub cursor: i64,
    /// When it was written.
    pub occurred_at: DateTime<Utc>,
    /// Group whose data it tells of.
    pub group: String,
    /// Name of the instrument.
    pub instrument: String,
    /// The sample.
    pub sample: Uuid,
    /// The sample's name.
    pub sample_name: String,
    /// The acquisition.
    pub acquisition: Uuid,
    /// Where the acquisition lay.
    pub path: String,
    /// What it tells.
    pub body: EventBody,
}

/// Which events to read; an absent field takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter {
    /// Only this group's.
    pub group: Option<String>,
    /// Only this instrument's.
    pub instrument: Option<String>,
    /// Only of samples of this name.
    pub sample: Option<String>,
    /// Only of these kinds; empty takes all.
    pub kinds: Vec<EventKind>,
}

/// Some events and where to go on.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPage {
    /// In order.
    pub events: Vec<Event>,
    /// Ask for what comes after this next; it moves past events the filter left out.
    pub next: i64,
    /// The newest cursor there was when the page was read.
    pub newest: i64,
}

/// Which cursors one can resume from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CursorBounds {
    /// The oldest: events up to it are no longer kept.
    pub oldest: i64,
    /// The newest.
    pub newest: i64,
}

/// Tells when there may be something new. It may wake for nothing and, when the connection was
/// lost, wakes once it is back: read from the cursor each time.
#[derive(Debug)]
pub struct Wakeups {
    listener: sqlx::postgres::PgListener,
}

impl Wakeups {
    /// Waits until there may be something new.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away; waiting again tries it again.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        self.listener.try_recv().await?;
        Ok(())
    }
}

impl Store {
    /// Events after a cursor, in order; 0 takes everything that is kept.
    ///
    /// # Errors
    /// [`StoreError::CursorTooOld`] and [`StoreError::CursorFromFuture`] where one cannot
    /// resume.
    pub async fn events_after(
        &self,
        cursor: i64,
        filter: &EventFilter,
        limit: i64,
    ) -> Result<EventPage, StoreError> {
        let kinds: Vec<String> = filter.kinds.iter().map(|kind| kind.word().to_owned()).collect();
        let limit = limit.max(1);
        // One statement, one snapshot: the head of the log that goes with the events read.
        let rows = sqlx::query!(
            r#"SELECT h.oldest, h.newest, e.cursor AS "cursor?", e.occurred_at AS "occurred_at?",
                      e.group_name AS "group_name?", e.instrument AS "instrument?",
                      e.sample_id AS "sample_id?", e.sample AS "sample?",
                      e.acquisition_id AS "acquisition_id?", e.path AS "path?", e.body AS "body?"
               FROM event_log h LEFT JOIN LATERAL (
                   SELECT * FROM events
                   WHERE cursor > $1
                     AND ($2::text IS NULL OR group_name = $2)
                     AND ($3::text IS NULL OR instrument = $3)
                     AND ($4::text IS NULL OR sample = $4)
                     AND (cardinality($5::text[]) = 0 OR kind = ANY($5))
                   ORDER BY cursor LIMIT $6) e ON true
               ORDER BY e.cursor"#,
            cursor,
            filter.group,
            filter.instrument,
            filter.sample,
            &kinds,
            limit
        )
        .fetch_all(&self.pool)
        .await?;
        let (oldest, newest) = rows.first().map_or((0, 0), |row| (row.oldest, row.newest));
        if cursor > newest || cursor < 0 {
            return Err(StoreError::CursorFromFuture { cursor, newest });
        }
        if cursor != 0 && cursor < oldest {
            return Err(StoreError::CursorTooOld { cursor, oldest });
        }
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let (
                Some(cursor),
                Some(occurred_at),
                Some(group),
                Some(instrument),
                Some(sample),
                Some(sample_name),
                Some(acquisition),
                Some(path),
                Some(body),
            ) = (
                row.cursor,
                row.occurred_at,
                row.group_name,
                row.instrument,
                row.sample_id,
                row.sample,
                row.acquisition_id,
                row.path,
                row.body,
            )
            else {
                continue;
            };
            let body = serde_json::from_value(body).map_err(|error| StoreError::Foreign {
                what: "an event",
                found: error.to_string(),
            })?;
            events.push(Event {
                cursor,
                occurred_at,
                group,
                instrument,
                sample,
                sample_name,
                acquisition,
                path,
                body,
            });
        }
        let full = i64::try_from(events.len()).is_ok_and(|read| read >= limit);
        let next = match events.last() {
            Some(last) if full => last.cursor,
            _ => newest,
        };
        Ok(EventPage { events, next, newest })
    }

    /// Which cursors one can resume from.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn cursor_bounds(&self) -> Result<CursorBounds, StoreError> {
        let row =
            sqlx::query!("SELECT oldest, newest FROM event_log").fetch_one(&self.pool).await?;
        Ok(CursorBounds { oldest: row.oldest, newest: row.newest })
    }

    /// Removes events written before a time and returns how many. Cursors before them are too
    /// old from then on.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn forget_events(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut transaction = self.pool.begin().await?;
        // The head first, as writers do; times follow cursors, so what goes is a prefix.
        sqlx::query!(
            "UPDATE event_log SET oldest = greatest(oldest,
                 (SELECT max(cursor) FROM events WHERE occurred_at < $1))",
            before
        )
        .execute(&mut *transaction)
        .await?;
        let removed =
            sqlx::query!("DELETE FROM events WHERE cursor <= (SELECT oldest FROM event_log)")
                .execute(&mut *transaction)
                .await?
                .rows_affected();
        transaction.commit().await?;
        Ok(removed)
    }

    /// Wakes when events were committed.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away.
    pub async fn wakeups(&self) -> Result<Wakeups, StoreError> {
        self.listen("larmor_events").await
    }

    /// Wakes when an acquisition became ready for a worker.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away.
    pub async fn work_wakeups(&self) -> Result<Wakeups, StoreError> {
        self.listen("larmor_work").await
    }

    async fn listen(&self, channel: &str) -> Result<Wakeups, StoreError> {
        let mut listener = sqlx::postgres::PgListener::connect_with(&self.pool).await?;
        listener.listen(channel).await?;
        Ok(Wakeups { listener })
    }
}

/// Writes an event of an acquisition and returns its cursor. The log's head stays locked until
/// the transaction ends, so this comes last in it.
pub(super) async fn append(
    connection: &mut PgConnection,
    acquisition: Uuid,
    body: &EventBody,
) -> Result<i64, StoreError> {
    let json = serde_json::to_value(body)
        .map_err(|cause| StoreError::Unwritable { what: "an event", cause })?;
    Ok(sqlx::query_scalar!(
        "INSERT INTO events (kind, group_name, instrument, sample_id, sample, acquisition_id, path,
                             body)
         SELECT $2, a.group_name, i.name, s.id, s.name, a.id, a.path, $3
         FROM acquisitions a JOIN instruments i ON i.id = a.instrument_id
         JOIN samples s ON s.id = a.sample_id
         WHERE a.id = $1 RETURNING cursor",
        acquisition,
        body.kind().word(),
        storable_json(json)
    )
    .fetch_one(connection)
    .await?)
}
