//! What was measured today never waits behind what is old.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use larmor_fixtures::TestDatabase;
use larmor_store::{EventKind, WorkKind};

use crate::bruker::variant;
use crate::events::{count, until};
use crate::running::TestDaemon;

/// The same, written two years ago.
fn old_variant(number: u8, path: &Path) {
    variant(number, path);
    let two_years_ago = SystemTime::now() - Duration::from_secs(2 * 365 * 86_400);
    for file in fs::read_dir(path).unwrap() {
        let file = fs::File::options().write(true).open(file.unwrap().path()).unwrap();
        file.set_modified(two_years_ago).unwrap();
    }
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn live_data_pass_older_ones_which_can_be_paused() {
    let daemon = TestDaemon::with_settings(&[("LARMOR_PIPELINE__WORKERS", "1")]).await;
    let store = daemon.store().await;
    store.pause_backfill(true, "manager").await.unwrap();
    for number in 1..6 {
        old_variant(number, &daemon.experiment(&format!("rossi/old{number}/11")));
    }
    until(&daemon, |events| count(events, EventKind::Discovered) == 5).await;
    assert_eq!(store.backfill(None).await.unwrap().waiting, 5);
    variant(6, &daemon.experiment("rossi/live/11"));
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    assert!(events.iter().all(|event| {
        event.body.kind() == EventKind::Discovered || event.sample_name == "live"
    }));
    store.pause_backfill(false, "manager").await.unwrap();
    until(&daemon, |events| count(events, EventKind::Elucidated) == 6).await;
    assert_eq!(store.backfill(None).await.unwrap().finished_last_hour, 5);
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn what_is_older_than_the_day_that_was_set_stays_until_somebody_asks() {
    let settings = [("LARMOR_PIPELINE__BACKFILL__SINCE", "\"2100-01-01\"")];
    let database = TestDatabase::new().await;
    let daemon = TestDaemon::with(Some(database.url.clone()), &settings).await;
    old_variant(1, &daemon.experiment("rossi/old/11"));
    variant(2, &daemon.experiment("rossi/live/11"));
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    let old = events.iter().find(|event| event.sample_name == "old").unwrap().acquisition;
    let store = daemon.store().await;
    daemon.scanned(2).await;
    assert_eq!(store.acquisition(old).await.unwrap().attempts, 0);
    store.reprocess(old).await.unwrap();
    until(&daemon, |events| count(events, EventKind::Elucidated) == 2).await;
    let work: String = sqlx::query_scalar("SELECT work FROM acquisitions WHERE id = $1")
        .bind(old)
        .fetch_one(&mut database.connection().await)
        .await
        .unwrap();
    assert_eq!(work, WorkKind::Requested.word());
}
