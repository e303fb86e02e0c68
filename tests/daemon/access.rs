//! A daemon that asks who calls: tokens made at the command line, what they open, and what the log never
//! has in it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use larmor_store::EventKind;

use crate::bruker::{acquire, arborinine};
use crate::events::{count, until};
use crate::running::TestDaemon;

const ASKING: [(&str, &str); 2] =
    [("LARMOR_ACCESS__REQUIRED", "true"), ("LARMOR_WATCH__SETTLE", "300ms")];

fn larmor(daemon: &TestDaemon, words: &[&str], token: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_larmor"));
    command
        .args(words)
        .env("LARMOR_CONFIG", daemon.home().join("larmor.toml"))
        .env("LARMOR_ADDRESS", daemon.address())
        .env_remove("LARMOR_TOKEN");
    if let Some(token) = token {
        command.env("LARMOR_TOKEN", token);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> (bool, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap().trim().to_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

fn token(daemon: &TestDaemon, words: &[&str]) -> String {
    let (ok, secret, error) = said(&larmor(daemon, &[&["token", "create"], words].concat(), None));
    assert!(ok, "{error}");
    assert!(secret.starts_with("larmor_") && !error.contains(&secret), "{secret} {error}");
    secret
}

/// Waits until a command succeeds, or fails.
async fn becomes(daemon: &TestDaemon, words: &[&str], token: &str, well: bool) -> String {
    let begun = std::time::Instant::now();
    loop {
        let (ok, out, error) = said(&larmor(daemon, words, Some(token)));
        if ok == well {
            return out + &error;
        }
        assert!(begun.elapsed() < crate::running::PATIENCE, "{words:?}: {out}{error}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn each_group_sees_its_own_with_the_tokens_it_was_given() {
    // With a private cluster, which the command has to find while the daemon runs it.
    let daemon = TestDaemon::with(None, &ASKING).await;
    for group in ["rossi", "weber"] {
        acquire(arborinine("11"), daemon.experiment(&format!("{group}/EN4-{group}/11")));
    }
    until(&daemon, |events| count(events, EventKind::Elucidated) == 2).await;

    let (ok, _, refused) = said(&larmor(&daemon, &["samples"], None));
    assert!(!ok && refused.contains("LARMOR_TOKEN"), "{refused}");
    let anna = token(&daemon, &["anna", "--role", "chemist", "--group", "rossi"]);
    let seen = becomes(&daemon, &["samples"], &anna, true).await;
    assert!(seen.contains("EN4-rossi") && !seen.contains("weber"), "{seen}");
    let theirs = said(&larmor(&daemon, &["report", "weber/EN4-weber"], Some(&anna)));
    assert!(!theirs.0 && theirs.2.contains("no sample"), "{theirs:?}");
    let manager = token(&daemon, &["eva", "--role", "manager", "--every-group"]);
    let seen = becomes(&daemon, &["samples"], &manager, true).await;
    assert!(seen.contains("EN4-rossi") && seen.contains("EN4-weber"), "{seen}");

    let (ok, listed, _) = said(&larmor(&daemon, &["token", "list"], None));
    let line = listed.lines().find(|line| line.contains("anna")).unwrap();
    assert!(ok && line.contains("chemist of rossi") && line.contains("until 20"), "{listed}");
    let id = line.split(' ').next().unwrap();
    assert!(said(&larmor(&daemon, &["token", "revoke", id], None)).0);
    let refused = becomes(&daemon, &["samples"], &anna, false).await;
    assert!(refused.contains("revoked"), "{refused}");
    let again = said(&larmor(&daemon, &["token", "revoke", id], None));
    assert!(!again.0 && again.2.contains(id), "{again:?}");
    let nobody = said(&larmor(&daemon, &["token", "create", "bert"], None));
    assert!(!nobody.0, "a token for no group");

    for secret in [&anna, &manager] {
        assert!(!daemon.log().contains(secret.as_str()), "a token is in the log");
    }
    assert!(!daemon.log().contains("larmor_0"), "{}", daemon.log());
    drop(daemon);
}

#[tokio::test]
async fn a_token_is_made_before_the_daemon_first_runs() {
    let mut daemon = TestDaemon::with(None, &ASKING).await;
    assert!(daemon.terminate().success());
    let words = ["token", "create", "eva", "--every-group"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_larmor"));
    let config = daemon.home().join("larmor.toml");
    let made = command.args(words).env("LARMOR_CONFIG", config).output().unwrap();
    let (ok, secret, error) = said(&made);
    assert!(ok, "{error}");
    daemon.begin().await;
    assert!(said(&larmor(&daemon, &["samples"], Some(&secret))).0);
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_chemist_signs_in_at_the_page() {
    let daemon = TestDaemon::with_settings(&ASKING).await;
    for experiment in ["10", "11"] {
        acquire(arborinine(experiment), daemon.experiment(&format!("rossi/EN4/{experiment}")));
    }
    until(&daemon, |events| count(events, EventKind::Elucidated) >= 1).await;
    let store = daemon.store().await;
    let anna = crate::credentials::token(&store, "anna", "rossi").await;
    let sample = store.sample_called("rossi", "EN4", None).await.unwrap();
    let link = crate::credentials::link(&store, "rossi", sample).await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let log = fs::File::create(daemon.home().join("browser.log")).unwrap();
    let status = Command::new("npm")
        .args(["run", "--silent", "test:sign-in"])
        .current_dir(root.join("web"))
        .env("LARMOR_URL", daemon.address())
        .env("LARMOR_SAMPLE", "EN4")
        .env("LARMOR_TOKEN", &anna)
        .env("LARMOR_LINK", format!("/sample/{sample}#link={link}"))
        .stdin(Stdio::null())
        .stderr(log.try_clone().unwrap())
        .stdout(log)
        .status()
        .unwrap_or_else(|cause| panic!("npm does not run ({cause}): ./dev setup"));
    let said = fs::read_to_string(daemon.home().join("browser.log")).unwrap();
    assert!(status.success(), "{said}\n{}", daemon.log());
}
