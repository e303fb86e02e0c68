//! Events that nobody may resume from any more are removed.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{debug, info, warn};

use larmor_store::Store;

/// Between two removals. Days are what is promised, so nothing is gained by more haste.
const PERIOD: Duration = Duration::from_secs(3600);

/// Removes events older than `days` at once and then every hour; never returns. Several processes
/// on one database may do so.
pub(super) async fn forget_old_events(store: &Store, days: u32) {
    let mut tick = interval(PERIOD);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        match store.forget_events(Utc::now() - TimeDelta::days(days.into())).await {
            Ok(0) => {}
            Ok(removed) => info!(removed, days, "old events were removed"),
            // The streams and workers tell of a database that is away.
            Err(error) if error.is_unavailable() => debug!(%error, "old events stay for now"),
            Err(error) => warn!(
                error = &error as &dyn std::error::Error,
                "old events could not be removed; it is tried again in an hour"
            ),
        }
    }
}
