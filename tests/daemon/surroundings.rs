//! What the surroundings do is not blamed on the data, and work goes on as soon as it has passed.

use std::fs;
use std::time::{Duration, Instant};

use larmor_client::proto::GetInfoRequest;
use larmor_client::proto::info_service_client::InfoServiceClient;
use larmor_store::{AcquisitionState, EventFilter, EventKind};
use sqlx::{Connection, Executor, PgConnection};

use crate::bruker::variant;
use crate::events::{count, until};
use crate::running::{PATIENCE, TestDaemon};
use larmor_fixtures::TestDatabase;

/// Waits until the daemon says of what it waits for.
async fn conditions(daemon: &TestDaemon, enough: impl Fn(&[String]) -> bool) {
    let mut client = InfoServiceClient::connect(daemon.address()).await.unwrap();
    let begun = Instant::now();
    loop {
        let info = client.get_info(GetInfoRequest {}).await.unwrap().into_inner();
        let subjects: Vec<String> = info.conditions.into_iter().map(|one| one.subject).collect();
        if enough(&subjects) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{subjects:?}\n{}", daemon.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_share_that_is_unmounted_costs_no_tries() {
    let watching = TestDaemon::with_settings(&[("LARMOR_ROLES", "[\"watch\"]")]).await;
    for number in 1..4 {
        variant(number, &watching.experiment(&format!("rossi/S{number}/11")));
    }
    let events = until(&watching, |events| count(events, EventKind::Discovered) == 3).await;
    // What an unmounted share leaves behind.
    let (data, away) = (watching.home().join("data"), watching.home().join("away"));
    fs::rename(&data, &away).unwrap();
    fs::create_dir(&data).unwrap();
    let roles = [("LARMOR_ROLES", "[\"process\", \"publish\"]")];
    let processing = watching.beside(&roles).await;
    conditions(&processing, |subjects| subjects == ["the data of avance-500"]).await;
    // Several tries later.
    tokio::time::sleep(Duration::from_secs(8)).await;
    let store = processing.store().await;
    for event in &events {
        let acquisition = store.acquisition(event.acquisition).await.unwrap();
        assert_eq!(acquisition.attempts.min(1), acquisition.attempts, "nothing is counted");
        assert_ne!(acquisition.state, AcquisitionState::Failed);
    }
    assert_eq!(processing.log().matches("work waits until this has passed").count(), 1);
    assert_eq!(processing.log().matches("not processed").count(), 0, "{}", processing.log());
    fs::remove_dir(&data).unwrap();
    fs::rename(&away, &data).unwrap();
    until(&processing, |events| count(events, EventKind::Elucidated) == 3).await;
    conditions(&processing, <[String]>::is_empty).await;
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_database_that_takes_nothing_is_waited_for_and_nothing_is_thrown_away() {
    let database = TestDatabase::new().await;
    let daemon = TestDaemon::with(Some(database.url.clone()), &[]).await;
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    let name: String =
        sqlx::query_scalar("SELECT current_database()").fetch_one(&mut connection).await.unwrap();
    let end_others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let refuse = format!("ALTER DATABASE \"{name}\" SET default_transaction_read_only = on");
    connection.execute(sqlx::AssertSqlSafe(refuse)).await.unwrap();
    connection.execute(end_others).await.unwrap();
    variant(1, &daemon.experiment("rossi/S1/11"));
    daemon.logged_times("the database is away", 3).await;
    let events = database.store.events_after(0, &EventFilter::default(), 10).await.unwrap().events;
    assert!(events.is_empty());

    let accept = format!("ALTER DATABASE \"{name}\" RESET default_transaction_read_only");
    connection.execute("SET default_transaction_read_only = off").await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(accept)).await.unwrap();
    connection.execute(end_others).await.unwrap();
    let cured = Instant::now();
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    assert_eq!(count(&events, EventKind::Failed), 0);
    let took = cured.elapsed();
    println!("went on after {took:?}");
    let store = daemon.store().await;
    assert_eq!(store.acquisition(events[0].acquisition).await.unwrap().attempts, 1);
}
