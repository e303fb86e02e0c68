//! Tells every open stream when there may be something new, over one connection to the
//! database however many streams there are.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use larmor_retry::Backoff;
use larmor_store::{RECONNECT, Store, StoreError};

/// Streams read this often even if nothing woke them.
const POLL: Duration = Duration::from_secs(10);

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
    let mut backoff = Backoff::new(RECONNECT);
    loop {
        if let Err(error) = listen(store, news, &mut backoff).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "not woken for now");
        }
        news.send_modify(|count| *count += 1);
        sleep(backoff.next_wait()).await;
    }
}

async fn listen(
    store: &Store,
    news: &watch::Sender<u64>,
    backoff: &mut Backoff,
) -> Result<(), StoreError> {
    let mut wakeups = store.wakeups().await?;
    backoff.reset();
    loop {
        // Something may have come before we listened, so tell first.
        news.send_modify(|count| *count += 1);
        if let Ok(woken) = timeout(POLL, wakeups.next()).await {
            woken?;
        }
    }
}
