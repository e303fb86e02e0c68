//! What a service manager is told: this test stands where systemd would.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use crate::running::{PATIENCE, TestDaemon};

#[tokio::test]
async fn a_service_manager_is_told_once_that_all_runs_then_that_it_still_does_and_that_it_ends() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let settings = [("NOTIFY_SOCKET", path.to_str().unwrap()), ("WATCHDOG_USEC", "60000000")];
    // On a private cluster: Postgres speaks to service managers itself and must not here.
    let mut daemon = TestDaemon::with(None, &settings).await;
    let address = daemon.address();

    let first = heard(&manager);
    assert_eq!(first, format!("READY=1\nSTATUS=serving at {}\n", &address["http://".len()..]));
    assert_eq!(heard(&manager), "WATCHDOG=1\n");
    assert_eq!(heard(&manager), "WATCHDOG=1\n");

    assert!(daemon.terminate().success());
    let mut last = heard(&manager);
    while last == "WATCHDOG=1\n" {
        last = heard(&manager);
    }
    assert!(last.starts_with("STOPPING=1\n"), "{last}");
    manager.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    assert!(manager.recv(&mut [0; 256]).is_err(), "something was told after the end");
}

#[tokio::test]
async fn a_service_manager_that_has_no_watchdog_hears_of_none() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut daemon = TestDaemon::with_settings(&[("NOTIFY_SOCKET", path.to_str().unwrap())]).await;
    assert!(heard(&manager).starts_with("READY=1\n"));
    // Long enough for a look at whether every part runs.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(daemon.terminate().success());
    assert!(heard(&manager).starts_with("STOPPING=1\n"));
}

fn heard(manager: &UnixDatagram) -> String {
    let mut message = [0; 256];
    let length = manager.recv(&mut message).unwrap();
    String::from_utf8_lossy(&message[..length]).into_owned()
}
