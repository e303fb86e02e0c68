//! Things are kept for as long as was configured.

use larmor_client::proto::WatchResultsRequest;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_store::EventKind;
use sqlx::Executor;
use tonic::Code;
use tonic_types::StatusExt;

use crate::bruker::variant;
use crate::events::{all, count, until};
use crate::running::{PATIENCE, TestDaemon};
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::observation;

/// Three events, of ten, five and no days ago.
async fn aged() -> TestDatabase {
    let database = TestDatabase::new().await;
    let mut connection = database.connection().await;
    for (number, days) in [(1, 10), (2, 5), (3, 0)] {
        database.store.observe(&observation(&format!("g/s/{number}"))).await.unwrap();
        let age = format!(
            "ALTER TABLE events DISABLE TRIGGER events_stay;
             UPDATE events SET occurred_at = now() - interval '{days} days'
             WHERE cursor = {number};
             ALTER TABLE events ENABLE TRIGGER events_stay"
        );
        connection.execute(sqlx::AssertSqlSafe(age)).await.unwrap();
    }
    database
}

#[tokio::test]
async fn old_events_go_and_a_client_behind_them_is_told_so() {
    let database = aged().await;
    let settings =
        [("LARMOR_RETENTION__EVENTS_DAYS", "7"), ("LARMOR_ROLES", "[\"publish\", \"watch\"]")];
    let daemon = TestDaemon::with(Some(database.url), &settings).await;
    daemon.logged("old events were removed").await;
    let kept: Vec<i64> = all(&daemon).await.iter().map(|event| event.cursor).collect();
    assert_eq!(kept, [2, 3]);

    let mut client = ResultServiceClient::connect(daemon.address()).await.unwrap();
    let request = WatchResultsRequest { cursor: 1, ..Default::default() };
    let mut stream = client.watch_results(request).await.unwrap().into_inner();
    let first = tokio::time::timeout(PATIENCE, stream.message()).await.unwrap();
    assert!(first.unwrap().is_some(), "what comes after the oldest cursor can be resumed");

    let store = daemon.store().await;
    let removed = store.forget_events(chrono::Utc::now() - chrono::TimeDelta::days(3)).await;
    assert_eq!(removed.unwrap(), 1);
    let request = WatchResultsRequest { cursor: 1, ..Default::default() };
    let status = match client.watch_results(request).await {
        Err(status) => status,
        Ok(stream) => {
            let mut stream = stream.into_inner();
            tokio::time::timeout(PATIENCE, stream.message()).await.unwrap().unwrap_err()
        }
    };
    assert_eq!(status.code(), Code::OutOfRange, "{status}");
    assert_eq!(status.get_details_error_info().unwrap().reason, "CURSOR_TOO_OLD");
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn by_default_every_event_is_kept() {
    let database = aged().await;
    let daemon = TestDaemon::with(Some(database.url), &[]).await;
    variant(1, &daemon.experiment("rossi/S1/11"));
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    assert_eq!(events[0].cursor, 1);
}
