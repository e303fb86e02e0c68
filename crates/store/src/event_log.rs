//! Reading the event log, by cursor.

use chrono::{DateTime, Utc};

use super::{Event, EventKind, Store, StoreError};

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
