//! The end of the event log in memory. One reader follows the log however many streams there are;
//! those that have caught up are served from here and never ask the database.

mod ring;

use std::convert::Infallible;
use std::error::Error;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use prost::bytes::Bytes;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::wire;
use larmor_retry::Backoff;
use larmor_store::{Event, EventFilter, EventPage, LogPosition, RECONNECT, Store, StoreError};
pub(super) use ring::TailEvent;
use ring::{Bounds, Ring};

/// The log is read this often even if nothing woke the reader.
const POLL: Duration = Duration::from_secs(10);
/// Events read at once.
const READ: i64 = 64;
/// What is kept for streams that are a little behind.
const KEPT: Bounds = Bounds { events: 4096, bytes: 32 << 20 };

/// The newest events. Cloning shares them.
#[derive(Debug, Clone)]
pub(super) struct Tail {
    /// None until the log was read for the first time.
    ring: Arc<RwLock<Option<Ring>>>,
    changes: watch::Sender<u64>,
}

/// What a stream is to be sent next.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Messages, encoded.
    pub(super) messages: Vec<Bytes>,
    /// Where to go on; it moves past events the filter left out.
    pub(super) next: LogPosition,
    /// Whether that is the end of the log.
    pub(super) caught_up: bool,
}

impl From<EventPage> for Batch {
    fn from(page: EventPage) -> Self {
        Self {
            next: page.position(),
            caught_up: page.next == page.newest,
            messages: page.events.into_iter().map(wire::event).collect(),
        }
    }
}

impl From<Event> for TailEvent {
    fn from(event: Event) -> Self {
        Self {
            position: LogPosition { cursor: event.cursor, written: Some(event.occurred_at) },
            subject: event.subject(),
            message: wire::event(event),
        }
    }
}

impl Tail {
    /// Starts to follow the log, until the server drains.
    pub(super) fn start(store: Store, draining: CancellationToken) -> Self {
        let tail = Self { ring: Arc::default(), changes: watch::Sender::new(0) };
        let following = tail.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = following.follow(&store) => {}
                () = draining.cancelled() => {}
            }
        });
        tail
    }

    /// Changes whenever there is something new.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// At most `most` events after a position that a filter takes. None where the position is not
    /// in memory: the database knows then.
    pub(super) fn after(
        &self,
        position: &LogPosition,
        filter: &EventFilter,
        most: usize,
    ) -> Option<Batch> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let mut batch = Batch { messages: Vec::new(), next: *position, caught_up: true };
        for event in ring.as_ref()?.after(position)? {
            if filter.takes(&event.subject) {
                if batch.messages.len() == most {
                    batch.caught_up = false;
                    break;
                }
                batch.messages.push(event.message.clone());
            }
            batch.next = event.position;
        }
        Some(batch)
    }

    async fn follow(&self, store: &Store) {
        let mut backoff = Backoff::new(RECONNECT);
        loop {
            let Err(error) = self.listen(store, &mut backoff).await;
            tracing::debug!(error = &error as &dyn Error, "not woken for now");
            // A database that answers and does not wake, behind a pooler, is asked again and again.
            if let Err(error) = self.catch_up(store).await {
                tracing::debug!(error = &error as &dyn Error, "the event log cannot be read now");
            }
            sleep(backoff.next_wait()).await;
        }
    }

    async fn listen(&self, store: &Store, backoff: &mut Backoff) -> Result<Infallible, StoreError> {
        let mut wakeups = store.wakeups().await?;
        loop {
            // Something may have come before we listened, so read first.
            self.catch_up(store).await?;
            backoff.reset();
            if let Ok(woken) = timeout(POLL, wakeups.next()).await {
                woken?;
            }
        }
    }

    /// Reads up to the end of the log.
    async fn catch_up(&self, store: &Store) -> Result<(), StoreError> {
        loop {
            let Some(position) = self.end() else {
                self.restart(Some(Ring::new(store.log_end().await?, KEPT)));
                return Ok(());
            };
            match store.events_after(position, &EventFilter::default(), READ).await {
                Ok(page) => {
                    let caught_up = page.next == page.newest;
                    self.add(page);
                    if caught_up {
                        return Ok(());
                    }
                }
                Err(error) if error.is_unavailable() => return Err(error),
                // Restored from a backup, removed before it was read, or written by another version
                // of Larmor. The streams ask the database themselves: it tells each what that means
                // at its cursor.
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn Error,
                        cursor = position.cursor,
                        "the event log cannot be followed from here; it is followed from its end"
                    );
                    self.restart(None);
                }
            }
        }
    }

    fn end(&self) -> Option<LogPosition> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        ring.as_ref().map(Ring::end)
    }

    fn add(&self, page: EventPage) {
        let end = page.position();
        // Encoded before anybody has to wait for it.
        let events: Vec<TailEvent> = page.events.into_iter().map(TailEvent::from).collect();
        {
            let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
            let Some(ring) = ring.as_mut() else { return };
            if ring.end().cursor == end.cursor {
                return;
            }
            events.into_iter().for_each(|event| ring.push(event));
            ring.move_to(end);
        }
        self.changes.send_modify(|count| *count += 1);
    }

    fn restart(&self, ring: Option<Ring>) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        self.changes.send_modify(|count| *count += 1);
    }
}
