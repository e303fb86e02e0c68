//! Reading the event log, by cursor.

use chrono::{DateTime, Utc};

use super::event_filter::EventFilter;
use super::text::read_nucleus;
use super::{Event, Store, StoreError};

/// A place in the event log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogPosition {
    /// Cursor of the last event up to here; 0 before the first.
    pub cursor: i64,
    /// When that event was written, where it is known. By it a log is recognised that was restored
    /// from a backup and went on: it has another event at the cursor.
    pub written: Option<DateTime<Utc>>,
}

impl LogPosition {
    /// Whether two positions with the same cursor may be of one history.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.cursor == other.cursor
            && (self.written.is_none() || other.written.is_none() || self.written == other.written)
    }
}

impl From<i64> for LogPosition {
    fn from(cursor: i64) -> Self {
        Self { cursor, written: None }
    }
}

/// Some events and where to go on.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPage {
    /// In order.
    pub events: Vec<Event>,
    /// Ask for what comes after this next; it moves past events the filter left out.
    pub next: i64,
    /// When the event at `next` was written, where it is still kept.
    pub next_written: Option<DateTime<Utc>>,
    /// The newest cursor there was when the page was read.
    pub newest: i64,
}

impl EventPage {
    /// Where to go on.
    #[must_use]
    pub fn position(&self) -> LogPosition {
        LogPosition { cursor: self.next, written: self.next_written }
    }
}

/// Which cursors one can resume from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CursorBounds {
    /// The oldest: events up to it are no longer kept.
    pub oldest: i64,
    /// The newest.
    pub newest: i64,
}

impl Store {
    /// Events after a position, in order; 0 takes everything that is kept.
    ///
    /// # Errors
    /// [`StoreError::CursorTooOld`], [`StoreError::CursorFromFuture`] and
    /// [`StoreError::AnotherHistory`] where one cannot resume.
    pub async fn events_after(
        &self,
        position: impl Into<LogPosition>,
        filter: &EventFilter,
        limit: i64,
    ) -> Result<EventPage, StoreError> {
        let LogPosition { cursor, written } = position.into();
        let kinds: Vec<String> = filter.kinds.iter().map(|kind| kind.word().to_owned()).collect();
        let states: Vec<String> =
            filter.states.iter().map(|state| state.word().to_owned()).collect();
        let nuclei: Vec<String> = filter.nuclei.iter().map(ToString::to_string).collect();
        let limit = limit.max(1);
        // One statement, one snapshot: the head of the log that goes with the events read. LIMIT
        // says what the planner does not know, that there is one head.
        let rows = sqlx::query!(
            r#"SELECT h.oldest, h.newest,
                      (SELECT occurred_at FROM events WHERE cursor = $1) AS asked_at,
                      (SELECT occurred_at FROM events WHERE cursor = h.newest) AS newest_at,
                      e.cursor AS "cursor?", e.occurred_at AS "occurred_at?",
                      e.group_name AS "group_name?", e.instrument AS "instrument?",
                      e.sample_id AS "sample_id?", e.sample AS "sample?",
                      e.acquisition_id AS "acquisition_id?", e.path AS "path?",
                      e.nucleus AS "nucleus?", e.body AS "body?"
               FROM (SELECT oldest, newest FROM event_log LIMIT 1) h LEFT JOIN LATERAL (
                   SELECT * FROM events
                   WHERE cursor > $1
                     AND (cardinality($2::text[]) = 0 OR group_name = ANY($2))
                     AND (cardinality($3::text[]) = 0 OR instrument = ANY($3))
                     AND (cardinality($4::text[]) = 0 OR sample = ANY($4))
                     AND (cardinality($5::text[]) = 0 OR kind = ANY($5))
                     AND (cardinality($6::text[]) = 0 OR nucleus = ANY($6))
                     AND (cardinality($7::text[]) = 0 OR CASE kind
                          WHEN 'discovered' THEN body ->> 'state'
                          WHEN 'processed' THEN 'done' WHEN 'elucidated' THEN 'done'
                          ELSE kind END = ANY($7))
                     AND ($8::uuid IS NULL OR acquisition_id = $8)
                     AND ($10::text[] IS NULL OR group_name = ANY($10))
                   ORDER BY cursor LIMIT $9) e ON true
               ORDER BY e.cursor"#,
            cursor,
            &filter.groups,
            &filter.instruments,
            &filter.samples,
            &kinds,
            &nuclei,
            &states,
            filter.acquisition,
            limit,
            filter.visible.as_deref()
        )
        .fetch_all(&self.pool)
        .await?;
        let head = rows.first().map(|row| (row.oldest, row.newest, row.asked_at, row.newest_at));
        let (oldest, newest, asked_at, newest_at) = head.unwrap_or_default();
        if cursor > newest || cursor < 0 {
            return Err(StoreError::CursorFromFuture { cursor, newest });
        }
        if cursor != 0 && cursor < oldest {
            return Err(StoreError::CursorTooOld { cursor, oldest });
        }
        let there = LogPosition { cursor, written: asked_at };
        if !there.agrees_with(&LogPosition { cursor, written }) {
            return Err(StoreError::AnotherHistory { cursor, newest });
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
                nucleus: row.nucleus.as_deref().map(read_nucleus),
                body,
            });
        }
        let full = i64::try_from(events.len()).is_ok_and(|read| read >= limit);
        let (next, next_written) = match events.last() {
            Some(last) if full => (last.cursor, Some(last.occurred_at)),
            _ => (newest, newest_at),
        };
        Ok(EventPage { events, next, next_written, newest })
    }

    /// Where the log ends.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn log_end(&self) -> Result<LogPosition, StoreError> {
        let row = sqlx::query!(
            "SELECT newest, (SELECT occurred_at FROM events WHERE cursor = newest) AS written
             FROM event_log"
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(LogPosition { cursor: row.newest, written: row.written })
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

    /// When the newest event was written; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn newest_event(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let newest =
            sqlx::query_scalar!("SELECT occurred_at FROM events ORDER BY cursor DESC LIMIT 1");
        Ok(newest.fetch_optional(&self.pool).await?)
    }

    /// Removes events written before a time and returns how many. Cursors before them are too
    /// old from then on.
    ///
    /// # Errors
    /// [`StoreError`] when the database is away or refuses.
    pub async fn forget_events(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        // Times follow cursors, so what goes is a prefix. Writers wait only for the head: deleting
        // many events takes longer, and what a crash leaves of it goes next time.
        sqlx::query!(
            "UPDATE event_log SET oldest = greatest(oldest,
                 (SELECT max(cursor) FROM events WHERE occurred_at < $1))",
            before
        )
        .execute(&self.pool)
        .await?;
        let removed =
            sqlx::query!("DELETE FROM events WHERE cursor <= (SELECT oldest FROM event_log)")
                .execute(&self.pool)
                .await?
                .rows_affected();
        Ok(removed)
    }
}
