//! From a look at one dataset to what is told of it.

use std::path::Path;
use std::time::Duration;

use larmor_nmr::fid::{self, Inspection, Status};
use larmor_store::{SightedState, Sighting};

use super::evidence::Evidence;
use super::ledger::Told;
use super::{PathRule, Patience, WatchedRoot, encode_path};

/// What cannot be read may still be in the making: it is told as bad once it has not changed for
/// this long.
const FAULT: Duration = Duration::from_secs(30);

/// What comes of a look.
#[derive(Debug, PartialEq)]
pub(super) enum Look {
    /// Tell this.
    Tell(Box<Sighting>, Told),
    /// Nothing yet: look again after this.
    Wait(Duration),
    /// The dataset is gone.
    Gone,
}

/// Looks into a dataset whose files stood as in `evidence` and were left alone for `quiet`.
pub(super) fn look(
    root: &WatchedRoot,
    dataset: &Path,
    evidence: Evidence,
    quiet: Duration,
    patience: Patience,
) -> Look {
    let relative = dataset.strip_prefix(&root.path).unwrap_or(dataset);
    let rest_of = |time: Duration| time.checked_sub(quiet).filter(|rest| !rest.is_zero());
    let (unsettled, unsure) = (rest_of(patience.settle), rest_of(patience.settle.min(FAULT)));
    let mut sighting = sighting(root, dataset, relative);
    if root.rule.apply(relative).is_none() {
        sighting.state = SightedState::Skipped;
        sighting.reason = Some(format!(
            "the path {} below the root does not fit the rule {}",
            relative.display(),
            root.rule.text()
        ));
        return Look::Tell(Box::new(sighting), Told::Final);
    }
    let inspection = match fid::inspect(dataset) {
        Ok(inspection) => inspection,
        Err(error) if error.is_missing() && !dataset.exists() => return Look::Gone,
        // Files come and go while a dataset is written or removed; what stays unreadable is told.
        Err(error) => {
            return match unsure {
                Some(rest) => Look::Wait(rest),
                None => {
                    sighting.state = SightedState::Failed;
                    sighting.reason = Some(error.to_string());
                    Look::Tell(Box::new(sighting), Told::Final)
                }
            };
        }
    };
    // What was read is worth nothing if it changed meanwhile.
    match Evidence::of(dataset) {
        Ok(after) if after == evidence => {}
        Ok(_) => return Look::Wait(Duration::ZERO),
        Err(_) => return Look::Gone,
    }
    let wait = match inspection.status {
        Status::Incomplete { .. } | Status::Unsupported { .. } => None,
        Status::Complete { .. } => unsettled.filter(|_| !inspection.vendor_evidence),
        Status::Corrupt { .. } => unsure.filter(|_| !inspection.vendor_evidence),
    };
    wait.map_or_else(|| tell(sighting, inspection, quiet, patience), Look::Wait)
}

fn tell(mut sighting: Sighting, found: Inspection, quiet: Duration, patience: Patience) -> Look {
    let (state, reason, told) = match found.status {
        Status::Incomplete { reason } if quiet >= patience.stale_after => (
            SightedState::Overdue,
            format!("stuck: nothing was written for {}: {reason}", in_words(quiet)),
            Told::Overdue,
        ),
        Status::Incomplete { reason } => (SightedState::Incomplete, reason, Told::Incomplete),
        Status::Complete { evidence, halted: false } => {
            (SightedState::Ready, evidence, Told::Final)
        }
        Status::Complete { evidence, halted: true } => {
            (SightedState::Ready, format!("{evidence}; halted by the operator"), Told::Final)
        }
        Status::Unsupported { reason } => (SightedState::Skipped, reason, Told::Final),
        Status::Corrupt { reason } => (SightedState::Failed, reason, Told::Final),
    };
    sighting.state = state;
    sighting.reason = Some(reason);
    sighting.digest = found.digest;
    sighting.nucleus = found.nucleus;
    sighting.experiment = found.experiment;
    sighting.title = found.title;
    sighting.pulse_program = found.pulse_program;
    sighting.last_written = found.last_written.map(Into::into);
    Look::Tell(Box::new(sighting), told)
}

/// What the path alone says.
pub(super) fn sighting(root: &WatchedRoot, dataset: &Path, relative: &Path) -> Sighting {
    let identity = root.rule.apply(relative).unwrap_or_else(|| PathRule::guess(relative));
    Sighting {
        instrument: root.instrument.clone(),
        group: identity.group.unwrap_or_else(|| root.group.clone()),
        sample: identity.sample,
        experiment_number: identity.experiment,
        path: encode_path(dataset),
        vendor: fid::recognise(dataset),
        state: SightedState::Incomplete,
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
