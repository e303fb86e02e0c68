//! Whatever ends, nothing is lost and nothing is done twice.

use std::fs;
use std::time::{Duration, Instant};

use larmor_store::EventKind;
use larmor_store::cluster::{ClusterOptions, PrivateCluster};

use crate::bruker::{RunningExperiment, acquire, arborinine, variant};
use crate::events::{all, count, kinds, until};
use crate::running::TestDaemon;

/// Every one of `samples` was discovered, processed and elucidated, in that order, once.
fn each_once(events: &[larmor_store::Event], samples: &[String]) {
    for sample in samples {
        let told: Vec<EventKind> = events
            .iter()
            .filter(|event| event.sample_name == *sample)
            .map(|event| event.body.kind())
            .collect();
        assert_eq!(
            told,
            [EventKind::Discovered, EventKind::Processed, EventKind::Elucidated],
            "{sample} of {:#?}",
            kinds(events)
        );
    }
}

/// Writes as many samples.
fn samples(daemon: &TestDaemon, numbers: std::ops::Range<u8>) -> Vec<String> {
    numbers
        .map(|number| {
            let name = format!("S{number}");
            variant(number, &daemon.experiment(&format!("rossi/{name}/11")));
            name
        })
        .collect()
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn told_to_end_it_finishes_or_gives_back_and_takes_up_where_it_left() {
    for grace in ["10s", "0s"] {
        let mut daemon = TestDaemon::with_settings(&[("LARMOR_PIPELINE__GRACE", grace)]).await;
        let mut all = samples(&daemon, 1..6);
        until(&daemon, |events| count(events, EventKind::Discovered) >= 1).await;
        assert!(daemon.terminate().success(), "{}", daemon.log());
        // Written while nobody looks.
        all.extend(samples(&daemon, 6..8));
        daemon.begin().await;
        let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 7).await;
        each_once(&events, &all);
    }
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn it_ends_at_once_where_nothing_is_at_hand() {
    let mut daemon = TestDaemon::start().await;
    variant(1, &daemon.experiment("rossi/S1/11"));
    until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    let begun = Instant::now();
    assert!(daemon.terminate().success(), "{}", daemon.log());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}\n{}", begun.elapsed(), daemon.log());
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn killed_midway_it_does_the_rest_after_the_next_start_and_nothing_twice() {
    let mut daemon = TestDaemon::start().await;
    let all = samples(&daemon, 1..9);
    let wait = |done| move |events: &[_]| count(events, EventKind::Processed) >= done;
    until(&daemon, wait(1)).await;
    daemon.kill();
    daemon.begin().await;
    until(&daemon, wait(3)).await;
    daemon.kill();
    daemon.begin().await;
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) >= 8).await;
    each_once(&events, &all);
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_database_that_goes_away_and_comes_back_loses_nothing() {
    let home = tempfile::Builder::new().prefix("larmor-postgres-").tempdir().unwrap();
    fs::set_permissions(home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let options = ClusterOptions::default();
    let cluster = PrivateCluster::start(home.path(), &options).await.unwrap();
    let daemon = TestDaemon::with(Some(cluster.url().to_owned()), &[]).await;
    let mut all = samples(&daemon, 1..4);
    until(&daemon, |events| count(events, EventKind::Processed) >= 1).await;
    cluster.stop().await.unwrap();
    all.extend(samples(&daemon, 4..6));
    daemon.logged("the database is away").await;
    let cluster = PrivateCluster::start(home.path(), &options).await.unwrap();
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 5).await;
    each_once(&events, &all);
    drop(daemon);
    cluster.stop().await.unwrap();
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_private_cluster_that_is_killed_is_started_again() {
    let daemon = TestDaemon::with(None, &[]).await;
    acquire(arborinine("11"), daemon.experiment("rossi/EN4/11"));
    until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    let pid_file = daemon.home().join("state/postgres/data/postmaster.pid");
    let pid = fs::read_to_string(pid_file).unwrap().lines().next().unwrap().to_owned();
    assert!(std::process::Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    acquire(arborinine("12"), daemon.experiment("rossi/EN4/12"));
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 2).await;
    assert_eq!(count(&events, EventKind::Processed), 2);
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_share_that_goes_away_and_comes_back_loses_nothing() {
    let daemon = TestDaemon::start().await;
    let begun = RunningExperiment::begin(arborinine("11"), daemon.experiment("rossi/EN4/11"));
    begun.scan(0.5);
    until(&daemon, |events| count(events, EventKind::Discovered) == 1).await;
    daemon.scanned(1).await;
    // What an unmounted share leaves is an empty directory.
    let (here, away) = (daemon.experiment("rossi"), daemon.home().join("away"));
    fs::rename(&here, &away).unwrap();
    daemon.logged("the root is away").await;
    // Some scans later.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(all(&daemon).await.len(), 1, "nothing has vanished");
    fs::rename(&away, &here).unwrap();
    daemon.logged("the root is back").await;
    begun.finish();
    let events = until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    each_once(&events, &["EN4".to_owned()]);
    assert_eq!(daemon.log().matches("the root is away").count(), 1, "{}", daemon.log());
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn what_was_recorded_is_not_read_again_after_a_restart() {
    let mut daemon = TestDaemon::start().await;
    acquire(arborinine("11"), daemon.experiment("rossi/EN4/11"));
    until(&daemon, |events| count(events, EventKind::Elucidated) == 1).await;
    // It was read while its clock may have stood still: once more.
    tokio::time::sleep(Duration::from_secs(3)).await;
    daemon.scanned(1).await;
    assert!(daemon.terminate().success(), "{}", daemon.log());
    let observed = |daemon: &TestDaemon| daemon.log().matches(": observed ").count();
    let before = observed(&daemon);
    assert!(before > 0, "{}", daemon.log());
    daemon.begin().await;
    daemon.scanned(2).await;
    assert_eq!(observed(&daemon), before, "{}", daemon.log());
    // But what changed is.
    acquire(arborinine("12"), daemon.experiment("rossi/EN4/11"));
    until(&daemon, |events| count(events, EventKind::Discovered) == 2).await;
}
