//! Following results: a stream that keeps its cursor and comes back after any interruption.

use std::mem;
use std::time::Duration;

use larmor_retry::{Backoff, Schedule};
use tokio::time::{Instant, sleep_until};
use tonic::{Code, Status, Streaming};

use crate::connection::Server;
use crate::error::ClientError;
use crate::proto::result_service_client::ResultServiceClient;
use crate::proto::watch_results_response::Message;
use crate::proto::{Condition, Event, WatchResultsRequest, WatchResultsResponse};

/// Waits before a server that went is asked again.
const WAITS: Schedule = Schedule::new(Duration::from_millis(250), 2, Duration::from_secs(5), 0.25);

/// What a [`ResultStream`] yields.
#[derive(Debug)]
#[non_exhaustive]
pub enum Update {
    /// Something that happened.
    Event(Box<Event>),
    /// Nothing up to this cursor but what was yielded: the stream has caught up, or is idle.
    Bookmark(i64),
    /// All that keeps the server from working now, where the request asks for `conditions`: the
    /// database, or the data of an instrument. Nothing once everything has passed.
    Conditions(Vec<Condition>),
    /// The server went, for the reason in the status; it is asked again until it is back. Comes
    /// once for each time it goes.
    Lost(Status),
    /// The server is back; what follows is what came meanwhile.
    Regained,
}

/// Events of a server in their order, each exactly once, from a cursor on and then as they come.
///
/// The stream resumes at its cursor whenever the server restarts, ends the stream to shed load, or
/// the connection breaks. It gives up only where asking again would end the same way.
///
/// ```no_run
/// use larmor_client::proto::WatchResultsRequest;
/// use larmor_client::{ClientError, ResultStream, Server, Update};
///
/// # async fn follow(stored: i64) -> Result<(), ClientError> {
/// let request = WatchResultsRequest { cursor: stored, ..Default::default() };
/// let mut results = ResultStream::new(Server::try_from("127.0.0.1:50151")?, request);
/// loop {
///     match results.next().await? {
///         Update::Event(event) => println!("{}: {}", event.cursor, event.sample),
///         Update::Lost(status) => eprintln!("waiting for the server: {}", status.message()),
///         _ => {}
///     }
///     // What came is dealt with: store results.cursor() and start there the next time.
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct ResultStream {
    server: Server,
    request: WatchResultsRequest,
    stream: Option<Streaming<WatchResultsResponse>>,
    /// Not to be opened before.
    retry_at: Option<Instant>,
    backoff: Backoff,
    /// The caller knows that the server is away.
    lost: bool,
    /// Came first after the server was away; to be yielded next.
    held: Option<Message>,
}

impl ResultStream {
    /// Follows what the request asks for: after its cursor, or from now on where it says
    /// `from_newest`. Nothing is connected before the first [`next`](Self::next).
    #[must_use]
    pub fn new(server: Server, request: WatchResultsRequest) -> Self {
        Self {
            server,
            request,
            stream: None,
            retry_at: None,
            backoff: Backoff::new(WAITS),
            lost: false,
            held: None,
        }
    }

    /// The cursor to resume at once everything yielded so far has been dealt with. None while a
    /// stream from the newest event on has not learnt yet where that is.
    #[must_use]
    pub fn cursor(&self) -> Option<i64> {
        (!self.request.from_newest).then_some(self.request.cursor)
    }

    /// What comes next; waits as long as it takes. Nothing is lost when the future is dropped
    /// before it is done, so it may stand in a `select!`.
    ///
    /// # Errors
    /// [`ClientError::CursorTooOld`], [`ClientError::CursorFromFuture`] and
    /// [`ClientError::Refused`], after which following at the same cursor is in vain.
    pub async fn next(&mut self) -> Result<Update, ClientError> {
        if let Some(message) = self.held.take() {
            return Ok(self.deliver(message));
        }
        loop {
            match self.message().await {
                Ok(message) => {
                    // A server that ends every stream at once may greet each with a bookmark.
                    if self.moves_cursor(&message) {
                        self.backoff.reset();
                    }
                    if mem::take(&mut self.lost) {
                        self.held = Some(message);
                        return Ok(Update::Regained);
                    }
                    return Ok(self.deliver(message));
                }
                Err(status) => {
                    self.stream = None;
                    if !may_come_back(&status) {
                        return Err(status.into());
                    }
                    self.retry_at = Some(Instant::now() + self.backoff.next_wait());
                    if !mem::replace(&mut self.lost, true) {
                        return Ok(Update::Lost(status));
                    }
                }
            }
        }
    }

    /// The next message of the stream, which is opened where it is not.
    async fn message(&mut self) -> Result<Message, Status> {
        let stream = match self.stream.as_mut() {
            Some(stream) => stream,
            None => {
                if let Some(retry_at) = self.retry_at {
                    sleep_until(retry_at).await;
                }
                let mut client = ResultServiceClient::new(self.server.connect_lazy());
                let answer = client.watch_results(self.request.clone()).await?;
                self.stream.insert(answer.into_inner())
            }
        };
        loop {
            match stream.message().await? {
                // A message without content comes from a newer server.
                Some(WatchResultsResponse { message: None }) => {}
                Some(WatchResultsResponse { message: Some(message) }) => return Ok(message),
                None => return Err(Status::unavailable("the stream ended")),
            }
        }
    }

    /// Whether a message brings more than was known.
    fn moves_cursor(&self, message: &Message) -> bool {
        let cursor = match message {
            Message::Event(event) => event.cursor,
            Message::Bookmark(bookmark) => bookmark.cursor,
            Message::Conditions(_) => return false,
        };
        self.request.from_newest || cursor != self.request.cursor
    }

    /// Moves the cursor past a message that has one.
    fn deliver(&mut self, message: Message) -> Update {
        let (cursor, update) = match message {
            Message::Event(event) => (event.cursor, Update::Event(Box::new(event))),
            Message::Bookmark(bookmark) => (bookmark.cursor, Update::Bookmark(bookmark.cursor)),
            Message::Conditions(all) => return Update::Conditions(all.conditions),
        };
        self.request.cursor = cursor;
        self.request.from_newest = false;
        update
    }
}

/// Whether asking again may end otherwise. Unknown and Internal are how a broken connection may
/// look from here.
fn may_come_back(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable | Code::ResourceExhausted | Code::Unknown | Code::Internal
    )
}
