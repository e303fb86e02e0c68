//! The watched directories: there, readable by this account, and what their path rules make of what
//! lies in them. A share that hangs holds up nothing else.

use std::fs;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::finding::Finding;
use crate::config::Config;
use crate::watch::{PathRule, Preview, RootSettings, preview};

/// Datasets that are shown of each root.
const SHOWN: usize = 5;
/// Longest look at one root.
const LONGEST: Duration = Duration::from_secs(20);
/// How many directories notifications can be had of, for one account.
const WATCH_LIMIT: &str = "/proc/sys/fs/inotify/max_user_watches";
/// Below this a facility of some years comes to the end of it.
const FEW_WATCHES: u64 = 100_000;

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    if config.roots.is_empty() {
        let cure = "name each spectrometer's directory with [[root]]";
        return vec![Finding::warning("root", "nothing is watched", cure)];
    }
    let mut findings: Vec<Finding> = config.roots.iter().flat_map(root).collect();
    if config.roots.iter().any(|root| !root.poll) {
        findings.extend(watch_limit());
    }
    findings
}

fn root(root: &RootSettings) -> Vec<Finding> {
    let subject = format!("root {} of {}", root.path.display(), root.instrument);
    let (sender, receiver) = mpsc::channel();
    let settings = root.clone();
    // What hangs is left behind with its thread.
    thread::spawn(move || {
        let _ = sender.send(look(&settings));
    });
    let found = receiver.recv_timeout(LONGEST).unwrap_or_else(|_| {
        let said = format!("it does not answer within {} s", LONGEST.as_secs());
        vec![Verdict::Fault(said, "look at the share: is its server up? mount it anew".to_owned())]
    });
    let findings = found.into_iter().map(|verdict| match verdict {
        Verdict::Well(said) => Finding::well(subject.clone(), said),
        Verdict::Warning(said, cure) => Finding::warning(subject.clone(), said, cure),
        Verdict::Fault(said, cure) => Finding::fault_that(subject.clone(), said, cure),
    });
    findings.collect()
}

enum Verdict {
    Well(String),
    Warning(String, String),
    Fault(String, String),
}

fn look(root: &RootSettings) -> Vec<Verdict> {
    if let Err(error) = fs::read_dir(&root.path) {
        let cure = "mount it, or mend root.path; Larmor's account must be able to list it (sudo -u \
                    larmor ls)";
        return vec![Verdict::Fault(format!("it cannot be listed: {error}"), cure.to_owned())];
    }
    if let Some(marker) = &root.marker
        && !root.path.join(marker).exists()
    {
        let said = format!("its marker {marker} is not there, so it counts as away");
        return vec![Verdict::Fault(said, "mount the share, or put the marker on it".to_owned())];
    }
    let rule = match PathRule::parse(&root.rule) {
        Ok(rule) => rule,
        Err(error) => return vec![Verdict::Fault(error.to_string(), "mend root.rule".to_owned())],
    };
    let Preview { datasets, unreadable } = preview(&root.path, &rule, SHOWN);
    let mut verdicts = Vec::new();
    if let Some((path, error)) = unreadable.first() {
        verdicts.push(Verdict::Warning(
            format!(
                "{} of its directories cannot be read, {} first: {error}",
                unreadable.len(),
                path.display()
            ),
            "give Larmor's account leave to read them".to_owned(),
        ));
    }
    if datasets.is_empty() {
        let cure = "nothing to do where nothing was measured yet; otherwise mend root.path";
        verdicts
            .push(Verdict::Warning("no dataset was found below it".to_owned(), cure.to_owned()));
    }
    let (fits, strays): (Vec<_>, Vec<_>) =
        datasets.into_iter().partition(|(_, identity)| identity.is_some());
    for (path, identity) in &fits {
        let Some(identity) = identity else { continue };
        let group = identity.group.as_deref().unwrap_or(&root.group);
        let experiment = identity.experiment.as_deref().unwrap_or("none");
        verdicts.push(Verdict::Well(format!(
            "{} is of group {group}, sample {}, experiment {experiment}",
            path.display(),
            identity.sample
        )));
    }
    if let Some((path, _)) = strays.first() {
        let said = format!("{} does not fit the rule {}", path.display(), root.rule);
        let cure = "write the rule with one part for each name between the root and a dataset \
                    (docs/configuration.md, Path rules)";
        verdicts.push(match fits.is_empty() {
            true => Verdict::Fault(said, cure.to_owned()),
            false => Verdict::Warning(said, cure.to_owned()),
        });
    }
    verdicts
}

fn watch_limit() -> Option<Finding> {
    let most: u64 = fs::read_to_string(WATCH_LIMIT).ok()?.trim().parse().ok()?;
    (most < FEW_WATCHES).then(|| {
        Finding::warning(
            "notifications",
            format!("the kernel tells of {most} directories at most; of more, datasets are found by scans"),
            "sysctl fs.inotify.max_user_watches=1048576, in /etc/sysctl.d to keep it",
        )
    })
}
