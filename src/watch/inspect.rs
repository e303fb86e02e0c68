//! From the inspection of one dataset to what is reported of it.

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use larmor_nmr::fid::{Inspection, Status, Vendor};
use larmor_store::{Observation, ObservedState};

use super::account::account;
use super::dataset_search::says_gone;
use super::file_access::FileAccess;
use super::file_stamps::FileStamps;
use super::observed_datasets::Reported;
use super::{PathRule, WatchSettings, WatchedRoot, encode_path};

/// What cannot be read may still be in the making: it is reported as bad once it has not changed for
/// this long.
const FAULT: Duration = Duration::from_secs(30);

/// What comes of an inspection.
#[derive(Debug, PartialEq)]
pub(super) enum InspectionOutcome {
    /// Report this.
    Report(Box<Observation>, Reported),
    /// Nothing yet: inspect again after this.
    Wait(Duration),
    /// The dataset is gone.
    Gone,
}

/// Inspects a dataset whose files stood as in `stamps` and were left alone for `quiet`.
pub(super) fn inspect(
    files: &dyn FileAccess,
    root: &WatchedRoot,
    dataset: &Path,
    stamps: FileStamps,
    quiet: Duration,
    settings: WatchSettings,
) -> InspectionOutcome {
    let relative = dataset.strip_prefix(&root.settings.path).unwrap_or(dataset);
    let rest_of = |time: Duration| time.checked_sub(quiet).filter(|rest| !rest.is_zero());
    let (unsettled, unsure) = (rest_of(settings.settle), rest_of(settings.settle.min(FAULT)));
    let mut observation = observation(root, dataset, relative, files.recognise(dataset));
    if root.rule.apply(relative).is_none() {
        observation.state = ObservedState::Skipped;
        observation.reason = Some(format!(
            "the path {} below the root does not fit the rule {}",
            relative.display(),
            root.rule.text()
        ));
        return InspectionOutcome::Report(Box::new(observation), Reported::Final);
    }
    let inspection = match files.inspect(dataset) {
        Ok(inspection) => inspection,
        Err(error) if error.is_missing() && says_gone(&files.stamps(dataset)) => {
            return InspectionOutcome::Gone;
        }
        // Another step still hangs there: that it may not be read is not what is wrong with it.
        Err(error) if error.refusal().is_some_and(|cause| cause.kind() == ErrorKind::TimedOut) => {
            return InspectionOutcome::Wait(FAULT);
        }
        // Files come and go while a dataset is written or removed; what stays unreadable is reported.
        Err(error) => {
            return match unsure {
                Some(rest) => InspectionOutcome::Wait(rest),
                None if error.refusal().is_some() => {
                    observation.state = ObservedState::Unreadable;
                    observation.reason = Some(unreadable_because(&error));
                    InspectionOutcome::Report(Box::new(observation), Reported::Unreadable)
                }
                None => {
                    observation.state = ObservedState::Failed;
                    observation.reason = Some(error.to_string());
                    InspectionOutcome::Report(Box::new(observation), Reported::Final)
                }
            };
        }
    };
    // What was read is worth nothing if it changed meanwhile.
    match files.stamps(dataset) {
        Ok(after) if after == stamps => {}
        Ok(_) => return InspectionOutcome::Wait(Duration::ZERO),
        Err(_) => return InspectionOutcome::Gone,
    }
    let wait = match inspection.status {
        Status::Incomplete { .. } | Status::CutOff { .. } | Status::Unsupported { .. } => None,
        Status::Complete { .. } => unsettled.filter(|_| !inspection.vendor_evidence),
        Status::Corrupt { .. } => unsure.filter(|_| !inspection.vendor_evidence),
    };
    wait.map_or_else(|| report(observation, inspection, quiet, settings), InspectionOutcome::Wait)
}

fn report(
    mut observation: Observation,
    found: Inspection,
    quiet: Duration,
    settings: WatchSettings,
) -> InspectionOutcome {
    let (state, reason, reported) = match found.status.clone() {
        Status::Incomplete { reason } if quiet >= settings.stale_after => (
            ObservedState::Overdue,
            format!("stuck: nothing was written for {}: {reason}", in_words(quiet)),
            Reported::Overdue,
        ),
        Status::Incomplete { reason } => (ObservedState::Incomplete, reason, Reported::Incomplete),
        Status::CutOff { reason } if quiet >= settings.settle => (
            ObservedState::Failed,
            format!("nothing was written for {}, but {reason}", in_words(quiet)),
            Reported::Final,
        ),
        Status::CutOff { reason } => (
            ObservedState::Incomplete,
            format!("still being written or copied: {reason}"),
            Reported::Unsettled,
        ),
        Status::Complete { evidence, halted: false } => {
            (ObservedState::Ready, evidence, Reported::Final)
        }
        Status::Complete { evidence, halted: true } => {
            (ObservedState::Ready, format!("{evidence}; halted by the operator"), Reported::Final)
        }
        Status::Unsupported { reason } => (ObservedState::Skipped, reason, Reported::Final),
        Status::Corrupt { reason } => (ObservedState::Failed, reason, Reported::Final),
    };
    observation.state = state;
    observation.reason = Some(reason);
    InspectionOutcome::Report(Box::new(with_inspection(observation, found)), reported)
}

/// An observation with what an inspection found, but for its state and the reason.
#[must_use]
pub fn with_inspection(observation: Observation, found: Inspection) -> Observation {
    Observation {
        digest: found.digest,
        nucleus: found.nucleus,
        experiment: found.experiment,
        title: found.title,
        pulse_program: found.pulse_program,
        last_written: found.last_written.map(Into::into),
        ..observation
    }
}

/// What is reported of a directory below the root, or a dataset, that this account may not read.
pub(super) fn unreadable(root: &WatchedRoot, path: &Path, error: &io::Error) -> Observation {
    let relative = path.strip_prefix(&root.settings.path).unwrap_or(path);
    let mut observation = observation(root, path, relative, None);
    if let Some(group) = root.rule.group_of(relative) {
        observation.group = group;
    }
    let refused = format!("cannot read {}: {error}", path.display());
    observation.state = ObservedState::Unreadable;
    observation.reason = Some(unreadable_because(&refused));
    observation
}

fn unreadable_because(refused: &dyn Display) -> String {
    format!("{refused}; Larmor runs as {}: let that account read it", account())
}

/// What is reported of a directory that could not be listed before and is no dataset.
pub(super) fn readable_again(root: &WatchedRoot, path: &Path) -> Observation {
    let relative = path.strip_prefix(&root.settings.path).unwrap_or(path);
    let mut observation = observation(root, path, relative, None);
    if let Some(group) = root.rule.group_of(relative) {
        observation.group = group;
    }
    observation.state = ObservedState::Skipped;
    observation.reason =
        Some("a directory that can be read now; what lies in it is recorded by itself".to_owned());
    observation
}

/// What the path alone says.
pub(super) fn observation(
    root: &WatchedRoot,
    dataset: &Path,
    relative: &Path,
    vendor: Option<Vendor>,
) -> Observation {
    let identity = root.rule.apply(relative).unwrap_or_else(|| PathRule::guess(relative));
    Observation {
        instrument: root.settings.instrument.clone(),
        group: identity.group.unwrap_or_else(|| root.settings.group.clone()),
        sample: identity.sample,
        experiment_number: identity.experiment,
        path: encode_path(dataset),
        beside: identity.beside,
        vendor,
        state: ObservedState::Incomplete,
        reason: None,
        digest: None,
        nucleus: None,
        experiment: None,
        title: String::new(),
        pulse_program: String::new(),
        last_written: None,
    }
}

/// A long time in its largest whole unit.
fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    let (unit, name) = [(86_400, "days"), (3600, "hours"), (60, "minutes")]
        .into_iter()
        .find(|(unit, _)| seconds >= 2 * unit)
        .unwrap_or((1, "seconds"));
    format!("{} {name}", seconds / unit)
}
