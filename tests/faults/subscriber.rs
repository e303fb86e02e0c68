//! A client that follows results by its cursor, and loses the server again and again.

use std::path::PathBuf;
use std::time::Duration;

use larmor_client::proto::WatchResultsRequest;
use larmor_client::{ResultStream, Server, Update};
use larmor_store::Event;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Where a daemon tells its address, which is another one after each start.
#[derive(Debug, Clone)]
pub struct Ready(pub PathBuf);

impl Ready {
    fn address(&self) -> Option<String> {
        let text = std::fs::read_to_string(&self.0).ok()?;
        (!text.trim().is_empty()).then(|| text.trim().to_owned())
    }
}

pub struct Subscriber {
    until: watch::Sender<Option<i64>>,
    task: JoinHandle<Vec<i64>>,
}

impl Subscriber {
    /// Follows from the beginning.
    pub fn follow(ready: Ready) -> Self {
        let (until, told) = watch::channel(None);
        Self { until, task: tokio::spawn(follow(ready, told)) }
    }

    /// Waits until it has the last of these events; tells the cursors it saw, in their order.
    pub async fn stop_at(self, events: &[Event]) -> Vec<i64> {
        let last = events.last().map_or(0, |event| event.cursor);
        self.until.send(Some(last)).unwrap();
        timeout(Duration::from_secs(60), self.task).await.expect("it has not caught up").unwrap()
    }
}

async fn follow(ready: Ready, until: watch::Receiver<Option<i64>>) -> Vec<i64> {
    let (mut seen, mut cursor) = (Vec::new(), 0);
    let done = |cursor: i64| until.borrow().is_some_and(|last| cursor >= last);
    while !done(cursor) {
        let Some(address) = ready.address() else {
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let request = WatchResultsRequest { cursor, ..Default::default() };
        let mut stream = ResultStream::new(Server::try_from(address.as_str()).unwrap(), request);
        while !done(cursor) && ready.address().as_deref() == Some(address.as_str()) {
            match timeout(Duration::from_millis(500), stream.next()).await {
                Ok(Ok(Update::Event(event))) => {
                    seen.push(event.cursor);
                    cursor = event.cursor;
                }
                Ok(Ok(Update::Bookmark(bookmark))) => cursor = bookmark,
                Ok(Ok(_)) | Err(_) => {}
                Ok(Err(error)) => panic!("{error}"),
            }
        }
    }
    seen
}
