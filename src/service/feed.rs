//! Tells every open stream when there may be something new, over one connection to the
//! database however many streams there are.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use larmor_store::{Store, StoreError};

/// Streams look this often even if nothing woke them.
const LOOK: Duration = Duration::from_secs(10);
/// How long to wait before the database is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// What streams wait on.
#[derive(Debug, Clone)]
pub(super) struct Feed {
    news: watch::Sender<u64>,
    draining: watch::Sender<bool>,
}

impl Feed {
    /// Starts listening; it goes on until the server drains.
    pub(super) fn start(store: Store) -> Self {
        let feed = Self { news: watch::Sender::new(0), draining: watch::Sender::new(false) };
        let (news, mut draining) = (feed.news.clone(), feed.draining.subscribe());
        tokio::spawn(async move {
            tokio::select! {
                () = follow(&store, &news) => {}
                _ = draining.wait_for(|&draining| draining) => {}
            }
        });
        feed
    }

    /// Changes whenever there may be something new.
    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Becomes true when the server shuts down.
    pub(super) fn draining(&self) -> watch::Receiver<bool> {
        self.draining.subscribe()
    }

    /// Ends all streams.
    pub(super) fn drain(&self) {
        self.draining.send_replace(true);
    }
}

async fn follow(store: &Store, news: &watch::Sender<u64>) {
    loop {
        if let Err(error) = listen(store, news).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "not woken for now");
        }
        news.send_modify(|count| *count += 1);
        sleep(RETRY).await;
    }
}

async fn listen(store: &Store, news: &watch::Sender<u64>) -> Result<(), StoreError> {
    let mut wakeups = store.wakeups().await?;
    loop {
        // Something may have come before we listened, so tell first.
        news.send_modify(|count| *count += 1);
        if let Ok(woken) = timeout(LOOK, wakeups.next()).await {
            woken?;
        }
    }
}
