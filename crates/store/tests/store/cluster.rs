//! The private cluster starts, stops, and outlives every way its owner can end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use larmor_store::cluster::{ClusterError, ClusterOptions, PrivateCluster};
use larmor_store::{Store, StoreError};

use larmor_fixtures::acquisition::observation;

fn options() -> ClusterOptions {
    ClusterOptions::default()
}

/// Where nothing has to outlive anything: quicker.
fn fleeting() -> ClusterOptions {
    ClusterOptions { durable: false, ..options() }
}

/// A state directory that an unprivileged account can reach; a temporary directory's own mode
/// shuts it out.
fn state_dir() -> (tempfile::TempDir, PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let state = dir.path().join("state \"of\" 50%, really");
    (dir, state)
}

fn postmaster(state: &Path) -> String {
    let text = fs::read_to_string(state.join("postgres/data/postmaster.pid")).unwrap();
    text.lines().next().unwrap().to_owned()
}

fn signal(pid: &str, name: &str) {
    assert!(Command::new("kill").args(["-s", name, pid]).status().unwrap().success());
}

#[tokio::test]
async fn data_outlive_a_stop_and_a_crash() {
    let (_dir, state) = state_dir();
    let cluster = PrivateCluster::start(&state, &options()).await.unwrap();
    let store = Store::connect(cluster.url()).await.unwrap();
    store.observe(&observation("g/a/1")).await.unwrap();
    store.close().await;
    cluster.stop().await.unwrap();
    assert!(!state.join("postgres/data/postmaster.pid").exists(), "Postgres has ended");

    let mut cluster = PrivateCluster::start(&state, &options()).await.unwrap();
    let store = Store::connect(cluster.url()).await.unwrap();
    store.observe(&observation("g/a/2")).await.unwrap();
    signal(&postmaster(&state), "KILL");
    tokio::time::timeout(Duration::from_secs(20), cluster.ended()).await.unwrap();
    let away = store.cursor_bounds().await;
    assert!(matches!(&away, Err(error) if error.is_unavailable()), "{away:?}");
    drop(cluster);

    // postmaster.pid is stale now, and the old backends may still be ending.
    let cluster = PrivateCluster::start(&state, &options()).await.unwrap();
    assert_eq!(store.cursor_bounds().await.unwrap().newest, 2, "the same store goes on");
    store.close().await;
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn postgres_ends_when_its_owner_is_gone_and_a_leftover_is_stopped() {
    let (_dir, state) = state_dir();
    let cluster = PrivateCluster::start(&state, &options()).await.unwrap();
    let first = postmaster(&state);
    // The supervisor is what would end Postgres; without it, Postgres is left over.
    let supervisor = fs::read_to_string(format!("/proc/{first}/stat")).unwrap();
    let parent = supervisor.rsplit(')').next().unwrap().split_whitespace().nth(1).unwrap();
    signal(parent, "KILL");
    drop(cluster);
    let cluster = PrivateCluster::start(&state, &options()).await.unwrap();
    let second = postmaster(&state);
    assert_ne!(first, second);
    // Dropping is what the kernel does for a killed process: the pipe closes.
    drop(cluster);
    for _ in 0..200 {
        if !state.join("postgres/data/postmaster.pid").exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("Postgres {second} still runs");
}

#[tokio::test]
async fn a_pid_file_that_names_some_other_process_does_not_stop_the_start() {
    let (_dir, state) = state_dir();
    PrivateCluster::start(&state, &options()).await.unwrap().stop().await.unwrap();
    let file = state.join("postgres/data/postmaster.pid");
    fs::write(&file, format!("{}\n/elsewhere\n", std::process::id())).unwrap();
    PrivateCluster::start(&state, &options()).await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn two_owners_of_one_state_directory_are_refused() {
    let (_dir, state) = state_dir();
    let cluster = PrivateCluster::start(&state, &fleeting()).await.unwrap();
    let second = PrivateCluster::start(&state, &fleeting()).await;
    assert!(matches!(second, Err(ClusterError::InUse { .. })), "{second:?}");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_state_directory_with_a_long_path_works() {
    let (_dir, state) = state_dir();
    let state = state.join("x".repeat(120));
    let cluster = PrivateCluster::start(&state, &fleeting()).await.unwrap();
    Store::connect(cluster.url()).await.unwrap().close().await;
    let socket = cluster.url().split("host=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    assert!(socket.starts_with("/tmp/larmor-") && Path::new(&socket).is_dir(), "{socket}");
    cluster.stop().await.unwrap();
    assert!(!Path::new(&socket).exists(), "{socket} is left");
}

#[tokio::test]
async fn nobody_else_can_enter() {
    use std::os::unix::fs::MetadataExt;
    let (_dir, state) = state_dir();
    let cluster = PrivateCluster::start(&state, &fleeting()).await.unwrap();
    for place in ["postgres", "postgres/run", "postgres/data"] {
        let mode = fs::metadata(state.join(place)).unwrap().mode();
        assert_eq!(mode & 0o077, 0, "{place} is {mode:o}");
    }
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn an_interrupted_first_start_is_begun_again() {
    let (_dir, state) = state_dir();
    fs::create_dir_all(state.join("postgres/data.new/base")).unwrap();
    fs::write(state.join("postgres/data.new/PG_VERSION"), "15\n").unwrap();
    PrivateCluster::start(&state, &options()).await.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let (dir, state) = state_dir();
    let none = ClusterOptions { programs: Some(dir.path().to_path_buf()), ..options() };
    let error = PrivateCluster::start(&state, &none).await.unwrap_err().to_string();
    assert!(error.contains("apt-get install postgresql"), "{error}");

    fs::create_dir_all(state.join("postgres/data")).unwrap();
    fs::write(state.join("postgres/data/PG_VERSION"), "9\n").unwrap();
    let error = PrivateCluster::start(&state, &options()).await.unwrap_err().to_string();
    assert!(error.contains("made by PostgreSQL 9") && error.contains("pg_upgrade"), "{error}");

    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error = PrivateCluster::start(&file, &options()).await.unwrap_err().to_string();
    assert!(error.contains("file"), "{error}");
}

#[tokio::test]
async fn root_is_told_of_an_account_that_is_missing_or_shut_out() {
    if Command::new("id").arg("-u").output().unwrap().stdout != b"0\n" {
        eprintln!("skipped: only root switches accounts");
        return;
    }
    let (dir, state) = state_dir();
    let unknown = ClusterOptions { user: Some("no-such-account".to_owned()), ..options() };
    let error = PrivateCluster::start(&state, &unknown).await.unwrap_err();
    assert!(matches!(error, ClusterError::NoAccount { .. }), "{error}");
    let closed = dir.path().join("closed");
    fs::create_dir(&closed).unwrap();
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let error = PrivateCluster::start(&closed.join("state"), &options()).await.unwrap_err();
    assert!(error.to_string().contains("/var/lib/larmor"), "{error}");
}

#[tokio::test]
async fn a_store_whose_database_is_away_says_so() {
    let (dir, _) = state_dir();
    let url = format!("postgres:///larmor?host={}&user=larmor", dir.path().display());
    let error = Store::connect(&url).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}
