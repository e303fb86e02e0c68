//! What was done, skipped and failed, and why.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use serde::Serialize;

use super::line::Line;
use super::outcome::Outcome;
use larmor_command_line::CommandError;

/// Kinds of reasons that are counted by themselves; what comes later counts as [`OTHER`].
const MOST_REASONS: usize = 100;
const OTHER: &str = "other reasons";

/// Counts of a whole run.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    /// Datasets found.
    pub(super) datasets: usize,
    /// Processed in this run.
    pub(super) done: usize,
    /// In the output already, unchanged since.
    pub(super) passed_over: usize,
    /// Of a nucleus nobody asked for.
    pub(super) not_asked: usize,
    /// Nothing to process.
    pub(super) skipped: usize,
    /// Could not be processed, now or in an earlier run.
    pub(super) failed: usize,
    /// Why datasets were skipped.
    pub(super) skipped_because: BTreeMap<String, Reason>,
    /// Why datasets failed.
    pub(super) failed_because: BTreeMap<String, Reason>,
    /// How long it took.
    pub(super) seconds: f64,
}

/// Datasets with one reason.
#[derive(Debug, Serialize)]
pub(super) struct Reason {
    /// How many.
    pub(super) datasets: usize,
    /// The first of them.
    pub(super) first: String,
}

impl Summary {
    pub(super) fn count(&mut self, outcome: &Outcome) {
        self.datasets += 1;
        match outcome {
            Outcome::Line(Line::Done(_)) => self.done += 1,
            Outcome::Line(Line::Skipped { path, skipped, .. }) => {
                self.skipped += 1;
                add(&mut self.skipped_because, path, skipped);
            }
            Outcome::Line(Line::Failed { path, error, .. }) => {
                self.failed += 1;
                add(&mut self.failed_because, path, error);
            }
            Outcome::PassedOver { failed } => {
                self.passed_over += 1;
                self.failed += usize::from(*failed);
            }
            Outcome::NotAsked => self.not_asked += 1,
        }
    }

    /// One dataset that was processed speaks for itself.
    pub(super) fn is_worth_reporting(&self) -> bool {
        self.datasets > 1
    }

    /// Writes it to a file as one JSON object.
    pub(super) fn write(&self, path: &Path) -> Result<(), CommandError> {
        let text = serde_json::to_string_pretty(self)?;
        fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()).into())
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} datasets in {:.1} s: {} processed", self.datasets, self.seconds, self.done)?;
        for (count, what) in [
            (self.passed_over, "passed over (unchanged since an earlier run)"),
            (self.not_asked, "of another nucleus"),
            (self.skipped, "skipped"),
            (self.failed, "failed"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        writeln!(f)?;
        for (what, reasons) in
            [("skipped", &self.skipped_because), ("failed", &self.failed_because)]
        {
            for (reason, Reason { datasets, first }) in reasons {
                writeln!(f, "  {datasets} {what}: {reason}\n    first: {first}")?;
            }
        }
        Ok(())
    }
}

fn add(reasons: &mut BTreeMap<String, Reason>, path: &str, reason: &str) {
    let mut kind = kind(path, reason);
    if reasons.len() >= MOST_REASONS && !reasons.contains_key(&kind) {
        kind = OTHER.to_owned();
    }
    reasons
        .entry(kind)
        .and_modify(|reason| reason.datasets += 1)
        .or_insert_with(|| Reason { datasets: 1, first: path.to_owned() });
}

/// A reason without what differs from dataset to dataset: its path and bare numbers.
fn kind(path: &str, reason: &str) -> String {
    let mut kind = String::with_capacity(reason.len());
    for word in reason.replace(path, "...").split_inclusive(|c: char| !c.is_alphanumeric()) {
        let digits = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            kind.push('#');
            kind.push_str(&word[digits.len()..]);
        } else {
            kind.push_str(word);
        }
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_one_kind_are_counted_together_and_kinds_are_bounded() {
        let mut summary = Summary::default();
        for (path, bytes) in [("a/10", 12), ("a/11", 999)] {
            let reason = format!("{path}/fid: {bytes} of 4096 bytes of 13C data");
            summary.count(&Outcome::Line(Line::failed(Path::new(path), reason, None)));
        }
        let reason = &summary.failed_because[".../fid: # of # bytes of 13C data"];
        assert_eq!((reason.datasets, reason.first.as_str()), (2, "a/10"));
        for number in 0..3 * MOST_REASONS {
            let reason = format!("reason x{number}");
            summary.count(&Outcome::Line(Line::skipped(Path::new("b"), reason, None)));
        }
        assert_eq!(summary.skipped, 3 * MOST_REASONS);
        assert_eq!(summary.skipped_because.len(), MOST_REASONS + 1);
        assert_eq!(summary.skipped_because[OTHER].datasets, 2 * MOST_REASONS);
    }
}
