//! What a killed Larmor may have left behind: a postmaster still running or a stale file that
//! says so. Only called while we hold the cluster's lock, so no living Larmor owns it.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::account::Account;
use super::error::io;
use super::programs::Programs;
use super::{ClusterError, run_program};

/// How long a leftover postmaster may take to end by itself: it was told to when its owner died.
const GRACE: Duration = Duration::from_secs(5);

/// Waits for a leftover postmaster to end, or ends it; removes a stale pid file.
pub(super) async fn clear(
    data: &Path,
    programs: &Programs,
    account: &Account,
) -> Result<(), ClusterError> {
    let file = data.join("postmaster.pid");
    let give_up = Instant::now() + GRACE;
    loop {
        match postmaster(&file, data) {
            Postmaster::None => return Ok(()),
            Postmaster::Stale => {
                // Postgres removes it itself unless the number belongs to another process of the
                // account by now; then it would refuse to start.
                return fs::remove_file(&file).map_err(io("remove", &file));
            }
            Postmaster::Running if Instant::now() < give_up => {
                sleep(Duration::from_millis(100)).await;
            }
            Postmaster::Running => {
                tracing::warn!(data = %data.display(), "stopping a PostgreSQL that was left over");
                return run_program(
                    programs,
                    account,
                    "pg_ctl",
                    &["stop", "-m", "fast", "-w", "-t", "120", "-D"],
                    data,
                )
                .await;
            }
        }
    }
}

enum Postmaster {
    None,
    Stale,
    Running,
}

fn postmaster(file: &Path, data: &Path) -> Postmaster {
    let Ok(text) = fs::read_to_string(file) else { return Postmaster::None };
    let Some(pid) = text.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else {
        return Postmaster::Stale;
    };
    match fs::read(format!("/proc/{pid}/cmdline")) {
        Ok(words) => {
            let place = data.as_os_str().as_bytes();
            if words.split(|&byte| byte == 0).any(|word| word == place) {
                Postmaster::Running
            } else {
                Postmaster::Stale
            }
        }
        Err(_) => Postmaster::Stale,
    }
}
