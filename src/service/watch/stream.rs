//! One stream of events. It is driven by its position alone: what wakes it, how the database
//! comes and goes and how fast the client reads never decide what is sent, only when.

use std::mem::replace;
use std::sync::Arc;

use tokio::sync::mpsc::{self, OwnedPermit};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};

use super::conditions;
use super::outlet::{Item, Outlet};
use crate::access::{Denial, Grant};
use crate::conditions::Conditions;
use crate::service::info::Limits;
use crate::service::shares::Share;
use crate::service::tail::{Batch, Tail};
use crate::service::{status, wire};
use larmor_client::EndReason;
use larmor_retry::Backoff;
use larmor_store::{EventFilter, LogPosition, RECONNECT, Store, StoreError};

/// Messages that wait for the client at most.
const BUFFER: usize = 32;
/// Events taken at once.
const READ: usize = 32;
/// Pages that streams read from the database at once: a crowd that comes back after a restart
/// leaves connections to everybody else.
pub(super) const READERS: usize = 4;

/// Where a stream starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::service) enum Start {
    /// After a cursor.
    After(i64),
    /// After a place in the log that the database told.
    At(LogPosition),
    /// After the newest event.
    Newest,
}

/// What every stream needs.
#[derive(Debug, Clone)]
pub(super) struct Sources {
    pub(super) store: Store,
    pub(super) tail: Tail,
    pub(super) limits: Limits,
    pub(super) conditions: Conditions,
    pub(super) draining: CancellationToken,
    /// See [`READERS`].
    pub(super) readers: Arc<Semaphore>,
}

impl Sources {
    /// Opens a stream; it ends when the client goes, or with a status. It tells `conditions`, too,
    /// where these are wanted.
    pub(super) fn open(
        &self,
        start: Start,
        filter: EventFilter,
        grant: Grant,
        share: Share,
        conditions: bool,
    ) -> Result<ReceiverStream<Item>, Status> {
        let (sender, receiver) = mpsc::channel(BUFFER + 1);
        // Kept for the last word, so that there is room for it even when the client reads nothing.
        let last_word = sender
            .clone()
            .try_reserve_owned()
            .map_err(|_| Status::internal("a stream could not be opened"))?;
        let changes = self.tail.changes();
        let outlet = Outlet { sender, patience: self.limits.slow_consumer };
        let sources = self.clone();
        tokio::spawn(async move {
            let _share = share;
            let gone = outlet.sender.clone();
            let (draining, holding) = (sources.draining.clone(), sources.conditions.clone());
            let stream = Stream { sources, outlet: &outlet, filter, grant, changes };
            let ended = tokio::select! {
                ended = stream.send_events(start) => ended,
                ended = conditions::tell(holding, &outlet), if conditions => ended,
                () = draining.cancelled() => Err(status::shutting_down()),
                () = gone.closed() => Ok(()),
            };
            end(last_word, ended);
        });
        Ok(ReceiverStream::new(receiver))
    }
}

fn access_ended(denial: Denial) -> Status {
    status::ended(Code::Unauthenticated, denial.to_string(), EndReason::AccessEnded, [])
}

fn end(last_word: OwnedPermit<Item>, ended: Result<(), Status>) {
    if let Err(status) = ended {
        last_word.send(Err(status));
    }
}

struct Stream<'a> {
    sources: Sources,
    outlet: &'a Outlet,
    filter: EventFilter,
    /// What the client may see, which may change while the stream is open.
    grant: Grant,
    changes: watch::Receiver<u64>,
}

impl Stream<'_> {
    async fn send_events(mut self, start: Start) -> Result<(), Status> {
        let interval = self.sources.limits.bookmark;
        let mut position = match start {
            Start::After(cursor) => cursor.into(),
            Start::At(position) => position,
            Start::Newest => self.newest().await?,
        };
        // A cursor that a client brings is held against the database once: it knows which are too
        // old, and when the event there was written.
        let mut verified = !matches!(start, Start::After(_));
        let mut caught_up = false;
        let mut bookmark_at = Instant::now() + interval;
        let mut backoff = Backoff::new(RECONNECT);
        loop {
            self.changes.mark_unchanged();
            let scope = self.grant.scope().map_err(access_ended)?;
            self.filter.visible = scope.groups().map(<[String]>::to_vec);
            let in_memory = if verified {
                self.sources.tail.after(&position, &self.filter, READ)
            } else {
                None
            };
            let batch = match in_memory {
                Some(batch) => batch,
                None => match self.read(position).await {
                    Ok(batch) => {
                        backoff.reset();
                        verified = true;
                        batch
                    }
                    // The stream outlives the database: it goes on from the same position.
                    Err(error) if error.is_unavailable() => {
                        sleep(backoff.next_wait()).await;
                        Batch { next: position, ..Batch::default() }
                    }
                    Err(error) => return Err(status::of(error)),
                },
            };
            position = batch.next;
            for message in batch.messages {
                self.outlet.send(message).await?;
                bookmark_at = Instant::now() + interval;
            }
            // Once it has caught up the client learns so at once, then whenever it is idle.
            let reached_the_end = batch.caught_up && !replace(&mut caught_up, batch.caught_up);
            if reached_the_end || verified && Instant::now() >= bookmark_at {
                self.outlet.send(wire::bookmark(position.cursor)).await?;
                bookmark_at = Instant::now() + interval;
            }
            if caught_up {
                tokio::select! {
                    // The tail ends only with the server, which ends this stream as well.
                    _ = self.changes.changed() => {}
                    () = self.grant.changed() => {}
                    () = sleep_until(bookmark_at) => {}
                }
            }
        }
    }

    /// A page from the database.
    async fn read(&self, position: LogPosition) -> Result<Batch, StoreError> {
        // The semaphore is never closed.
        let _turn = self.sources.readers.acquire().await;
        let limit = i64::try_from(READ).unwrap_or(i64::MAX);
        self.sources.store.events_after(position, &self.filter, limit).await.map(Batch::from)
    }

    async fn newest(&self) -> Result<LogPosition, Status> {
        let mut backoff = Backoff::new(RECONNECT);
        loop {
            match self.sources.store.log_end().await {
                Ok(end) => return Ok(end),
                Err(error) if error.is_unavailable() => sleep(backoff.next_wait()).await,
                Err(error) => return Err(status::of(error)),
            }
        }
    }
}
