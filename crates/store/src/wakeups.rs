//! Being told that there may be something new. `NOTIFY` only wakes: what there is, and in which
//! order, the tables say.

use super::{Store, StoreError};

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

    pub(super) async fn listen(&self, channel: &str) -> Result<Wakeups, StoreError> {
        let mut listener = sqlx::postgres::PgListener::connect_with(&self.pool).await?;
        listener.listen(channel).await?;
        Ok(Wakeups { listener })
    }
}
