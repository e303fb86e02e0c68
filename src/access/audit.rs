//! Keeps who did what. Reads are gathered for a moment and counted, so that a page that reads a sample
//! every second costs one row; changes are kept before they are answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use larmor_store::{AuditEntry, Store, StoreError};

/// How long reads are gathered.
const GATHER: Duration = Duration::from_secs(2);
/// Different entries that are gathered while the database is away; what comes on top is not kept, and
/// the log says so.
const MOST: usize = 100_000;

/// Where it is kept who did what. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Audit(Option<Arc<Gathering>>);

#[derive(Debug)]
struct Gathering {
    store: Store,
    entries: Mutex<HashMap<AuditEntry, i64>>,
}

impl Audit {
    /// Keeps nothing.
    pub(super) fn off() -> Self {
        Self(None)
    }

    /// Keeps it in the database, the last of it once the server drains.
    pub(super) fn start(store: Store, draining: CancellationToken) -> Self {
        let gathering = Arc::new(Gathering { store, entries: Mutex::default() });
        let keeping = Arc::clone(&gathering);
        tokio::spawn(async move {
            while !draining.is_cancelled() {
                tokio::select! {
                    () = sleep(GATHER) => {}
                    () = draining.cancelled() => {}
                }
                keeping.keep().await;
            }
        });
        Self(Some(gathering))
    }

    /// Whether anything is kept.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Keeps what was read or refused, soon.
    pub fn note(&self, entry: Option<AuditEntry>) {
        let (Some(gathering), Some(entry)) = (&self.0, entry) else { return };
        gathering.add(entry, 1);
    }

    /// Keeps what was changed, now.
    pub async fn changed(&self, entry: Option<AuditEntry>) {
        let (Some(gathering), Some(entry)) = (&self.0, entry) else { return };
        if let Err(error) = gathering.store.audit(&entry, 1).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "what was done is kept later");
            gathering.add(entry, 1);
        }
    }
}

impl Gathering {
    fn add(&self, entry: AuditEntry, times: i64) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST && !entries.contains_key(&entry) {
            tracing::error!(
                holder = entry.holder,
                call = entry.call,
                subject = entry.subject,
                "what was done could not be kept: the database has been away for too long"
            );
            return;
        }
        *entries.entry(entry).or_default() += times;
    }

    async fn keep(&self) {
        let gathered =
            std::mem::take(&mut *self.entries.lock().unwrap_or_else(PoisonError::into_inner));
        let mut failed: Option<StoreError> = None;
        for (entry, times) in gathered {
            if failed.is_none() {
                failed = self.store.audit(&entry, times).await.err();
            }
            if failed.is_some() {
                self.add(entry, times);
            }
        }
        if let Some(error) = failed {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "what was done is kept later"
            );
        }
    }
}
