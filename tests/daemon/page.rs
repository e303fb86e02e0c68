//! The page in a real browser, served by a daemon that processes real data while it is open.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use larmor_store::EventKind;

use crate::bruker::{acquire, arborinine};
use crate::events::{count, until};
use crate::judging::propose;
use crate::running::TestDaemon;

/// The browser's tests take half a minute where nothing else runs.
const LONGEST: Duration = Duration::from_secs(420);

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn chemists_see_their_spectra_and_which_atom_is_which_line() {
    let daemon = TestDaemon::with_settings(&[("LARMOR_WATCH__SETTLE", "300ms")]).await;
    for experiment in ["10", "11", "12"] {
        acquire(arborinine(experiment), daemon.experiment(&format!("rossi/EN4/{experiment}")));
    }
    until(&daemon, |events| count(events, EventKind::Processed) == 3).await;
    let judged = until(&daemon, |events| count(events, EventKind::Elucidated) >= 1).await;
    let before = count(&judged, EventKind::Elucidated);
    propose(&daemon, "EN4", "COc1cc2c(c(O)c1OC)c(=O)c1ccccc1n2C").await;
    until(&daemon, |events| count(events, EventKind::Elucidated) > before).await;

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let log = fs::File::create(daemon.home().join("browser.log")).unwrap();
    let mut browser = Command::new("npm")
        .args(["run", "--silent", "test:browser"])
        .current_dir(root.join("web"))
        .env("LARMOR_URL", daemon.address())
        .env("LARMOR_SAMPLE", "EN4")
        .env("LARMOR_DATASET", arborinine("11"))
        .env("LARMOR_STAGING", daemon.home().join("staging"))
        // In another group the same content is another acquisition.
        .env("LARMOR_WATCHED", daemon.experiment("bianchi/ACQUIRED/11"))
        .stdin(Stdio::null())
        .stderr(log.try_clone().unwrap())
        .stdout(log)
        .spawn()
        .unwrap_or_else(|cause| panic!("npm does not run ({cause}): ./dev setup"));
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = browser.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > LONGEST {
            browser.kill().unwrap();
            panic!("the browser's tests do not end");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let said = fs::read_to_string(daemon.home().join("browser.log")).unwrap();
    assert!(status.success(), "{said}\n{}", daemon.log());
}
