//! One stream of events. It is driven by its cursor alone: what wakes it, how the database
//! comes and goes and how fast the client reads never decide what is sent, only when.

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{self, OwnedPermit};
use tokio::time::{Instant, sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};

use super::feed::Feed;
use super::info::Limits;
use super::{convert, status};
use larmor_client::proto::watch_results_response::Message;
use larmor_client::proto::{Bookmark, WatchResultsResponse};
use larmor_retry::Backoff;
use larmor_store::{EventFilter, RECONNECT, Store};

/// Messages that wait for the client at most.
const BUFFER: usize = 32;
/// Events read at once.
const READ: i64 = 32;

/// What a stream yields.
pub(super) type Item = Result<WatchResultsResponse, Status>;

/// Where a stream starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// After a cursor.
    After(i64),
    /// After the newest event.
    Newest,
}

/// Opens a stream; it ends when the client goes, or with a status.
pub(super) fn open(
    store: Store,
    feed: &Feed,
    limits: Limits,
    start: Start,
    filter: EventFilter,
    slot: OwnedSemaphorePermit,
) -> Result<ReceiverStream<Item>, Status> {
    let (sender, receiver) = mpsc::channel(BUFFER + 1);
    // Kept for the last word, so that there is room for it even when the client reads nothing.
    let last_word = sender
        .clone()
        .try_reserve_owned()
        .map_err(|_| Status::internal("a stream could not be opened"))?;
    let mut draining = feed.draining();
    let stream = Stream { store, sender, limits, filter, news: feed.news() };
    tokio::spawn(async move {
        let _slot = slot;
        let gone = stream.sender.clone();
        let ended = tokio::select! {
            ended = stream.send_events(start) => ended,
            _ = draining.wait_for(|&draining| draining) => Err(Status::unavailable(
                "the server shuts down; resume at your cursor",
            )),
            () = gone.closed() => Ok(()),
        };
        end(last_word, ended);
    });
    Ok(ReceiverStream::new(receiver))
}

fn end(last_word: OwnedPermit<Item>, ended: Result<(), Status>) {
    if let Err(status) = ended {
        last_word.send(Err(status));
    }
}

struct Stream {
    store: Store,
    sender: mpsc::Sender<Item>,
    limits: Limits,
    filter: EventFilter,
    news: tokio::sync::watch::Receiver<u64>,
}

impl Stream {
    async fn send_events(mut self, start: Start) -> Result<(), Status> {
        let mut cursor = match start {
            Start::After(cursor) => cursor,
            Start::Newest => self.newest().await?,
        };
        // At once when caught up: the client learns where it is.
        let mut bookmark_at = Instant::now();
        let mut backoff = Backoff::new(RECONNECT);
        loop {
            self.news.mark_unchanged();
            let caught_up = match self.store.events_after(cursor, &self.filter, READ).await {
                Ok(page) => {
                    backoff.reset();
                    let sent = !page.events.is_empty();
                    for event in page.events {
                        self.send(Message::Event(convert::event(event))).await?;
                    }
                    cursor = page.next;
                    if sent {
                        bookmark_at = Instant::now() + self.limits.bookmark;
                    }
                    cursor == page.newest
                }
                // The stream outlives the database: it goes on from the same cursor.
                Err(error) if error.is_unavailable() => {
                    sleep(backoff.next_wait()).await;
                    false
                }
                Err(error) => return Err(status::of(error)),
            };
            if Instant::now() >= bookmark_at {
                self.send(Message::Bookmark(Bookmark { cursor })).await?;
                bookmark_at = Instant::now() + self.limits.bookmark;
            }
            if caught_up {
                tokio::select! {
                    // The feed ends only with the server, which ends this stream as well.
                    _ = self.news.changed() => {}
                    () = tokio::time::sleep_until(bookmark_at) => {}
                }
            }
        }
    }

    async fn newest(&self) -> Result<i64, Status> {
        let mut backoff = Backoff::new(RECONNECT);
        loop {
            match self.store.cursor_bounds().await {
                Ok(bounds) => return Ok(bounds.newest),
                Err(error) if error.is_unavailable() => sleep(backoff.next_wait()).await,
                Err(error) => return Err(status::of(error)),
            }
        }
    }

    async fn send(&self, message: Message) -> Result<(), Status> {
        let message = WatchResultsResponse { message: Some(message) };
        match timeout(self.limits.slow_consumer, self.sender.send(Ok(message))).await {
            // A closed channel means that the client has gone; the select above ends the task.
            Ok(_) => Ok(()),
            Err(_) => Err(status::detailed(
                Code::ResourceExhausted,
                format!(
                    "nothing was read for {:.0} s; resume at your cursor and read faster",
                    self.limits.slow_consumer.as_secs_f64()
                ),
                "SLOW_CONSUMER",
                [],
            )),
        }
    }
}
