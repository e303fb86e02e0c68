//! What stored spectra lack is made in the background, the newest first, while no live work waits:
//! what earlier versions did not keep, or kept by earlier weights.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};
use uuid::Uuid;

use larmor_retry::Backoff;
use larmor_store::{RECONNECT, Store, StoreError};

/// Spectra that are looked up together.
const BATCH: i64 = 128;
/// Longest that making something of one spectrum may take.
pub(super) const LIMIT: Duration = Duration::from_secs(120);
/// Between two questions whether live work still waits.
const LIVE_WORK: Duration = Duration::from_secs(2);

/// Something that spectra have or lack.
pub(super) trait Lacking: Send + Sync {
    /// What it is, for the log.
    fn name(&self) -> &str;

    /// Spectra that lack it, the newest first: the next so many after a spectrum.
    fn next(
        &self,
        store: &Store,
        after: Option<Uuid>,
        most: i64,
    ) -> impl Future<Output = Result<Vec<Uuid>, StoreError>> + Send;

    /// Makes it of a spectrum; true when it was written. What makes one spectrum impossible is no
    /// error.
    fn make(
        &self,
        store: &Store,
        spectrum: Uuid,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// Works until nothing is lacking or it is asked to drain.
pub(super) async fn fill(store: &Store, lacking: &impl Lacking, drain: &CancellationToken) {
    tokio::select! {
        // What is being made hears of the end, too, and is to give itself up first.
        biased;
        made = fill_all(store, lacking) => {
            info!(what = lacking.name(), made, "every stored spectrum that can have it has it");
        }
        () = drain.cancelled() => {}
    }
}

async fn fill_all(store: &Store, lacking: &impl Lacking) -> usize {
    let (mut made, mut last, mut backoff) = (0, None, Backoff::new(RECONNECT));
    loop {
        match next_batch(store, lacking, &mut last).await {
            Ok(Some(more)) => {
                made += more;
                backoff.reset();
            }
            Ok(None) => return made,
            Err(error) if error.is_unavailable() => {
                debug!(%error, what = lacking.name(), "waits for the database");
                sleep(backoff.next_wait()).await;
            }
            Err(error) => {
                warn!(
                    error = &error as &dyn Error,
                    what = lacking.name(),
                    "what stored spectra lack is made after the next start"
                );
                return made;
            }
        }
    }
}

/// Does the next few, each once no live work waits; tells how many, `None` at the end. `last` is
/// moved behind each spectrum that was tried, so that one which cannot have it is tried once.
async fn next_batch(
    store: &Store,
    lacking: &impl Lacking,
    last: &mut Option<Uuid>,
) -> Result<Option<usize>, StoreError> {
    let batch = lacking.next(store, *last, BATCH).await?;
    if batch.is_empty() {
        return Ok(None);
    }
    let mut made = 0;
    for id in batch {
        while store.has_work().await? {
            sleep(LIVE_WORK).await;
        }
        match lacking.make(store, id).await {
            Ok(written) => made += usize::from(written),
            Err(error) if error.is_unavailable() => return Err(error),
            Err(error) => {
                debug!(%error, what = lacking.name(), spectrum = %id, "a spectrum goes without");
            }
        }
        *last = Some(id);
    }
    Ok(Some(made))
}
