//! The machine: the state directory, its disk, file descriptors, the clock.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use rustix::fs::statvfs;
use rustix::process::{Resource, getrlimit};

use super::finding::Finding;
use crate::config::{Config, Role};

/// Free space below which nothing can be counted on, and below which it is time to do something, bytes.
const FULL: u64 = 256 << 20;
const SCARCE: u64 = 5 << 30;
/// File descriptors for everything but clients' connections.
const OWN_FILES: u64 = 512;
/// No clock is right that is before this: 2026-01-01.
const EARLIEST: i64 = 1_767_225_600;

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = state_dir(&config.state_dir);
    if config.roles.contains(&Role::Publish) {
        findings.extend(files(config.service.max_streams));
    }
    findings.extend(clock(Utc::now()));
    findings
}

fn state_dir(path: &Path) -> Vec<Finding> {
    let subject = format!("state_dir {}", path.display());
    let probe = path.join(".larmor-doctor");
    let written = fs::create_dir_all(path).and_then(|()| fs::write(&probe, b"?"));
    let removed = written.and_then(|()| fs::remove_file(&probe));
    if let Err(error) = removed {
        let cure = "make the directory for Larmor's account (install -d -o larmor), or name another \
                    one; run this as that account (sudo -u larmor larmor doctor)";
        return vec![Finding::fault(subject, &error, cure)];
    }
    let free = match statvfs(path) {
        Ok(found) => found.f_bavail.saturating_mul(found.f_frsize),
        Err(error) => return vec![Finding::fault(subject, &error, "look at the disk")],
    };
    let said = format!("{:.1} GiB free", free as f64 / f64::from(1 << 30));
    let cure = "make room, or bound what is kept with [retention]";
    vec![match free {
        0..FULL => Finding::fault_that(subject, said, cure),
        FULL..SCARCE => Finding::warning(subject, said, cure),
        _ => Finding::well(subject, said),
    }]
}

fn files(streams: usize) -> Option<Finding> {
    let most = getrlimit(Resource::Nofile).current?;
    let wanted = u64::try_from(streams).unwrap_or(u64::MAX).saturating_add(OWN_FILES);
    (most < wanted).then(|| {
        Finding::warning(
            "open files",
            format!("this account may open {most}, and service.max_streams asks for {wanted}"),
            "start Larmor by its service file, which allows 65,536, or raise 'ulimit -n', or lower \
             service.max_streams",
        )
    })
}

fn clock(now: DateTime<Utc>) -> Option<Finding> {
    (now.timestamp() < EARLIEST).then(|| {
        let said = format!("it says {}", now.format("%Y-%m-%d"));
        Finding::fault_that(
            "clock",
            said,
            "set it, and have it kept right (timedatectl set-ntp true)",
        )
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_of_years_ago_is_a_fault() {
        assert!(clock(DateTime::from_timestamp(0, 0).unwrap()).is_some());
        assert!(clock(DateTime::from_timestamp(EARLIEST, 0).unwrap()).is_none());
    }

    #[test]
    fn files_for_every_stream_are_asked_for() {
        assert!(files(usize::MAX).is_some());
        assert!(files(0).is_none());
    }
}
