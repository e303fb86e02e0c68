//! How many agree, and those that do not.

use std::collections::BTreeMap;
use std::fmt;

use super::Outcome;
use super::held::Held;
use super::table;
use crate::line::Line;
use larmor_command_line::CommandError;

/// Counts of a whole run.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// By nucleus.
    counts: BTreeMap<String, Counts>,
    /// One line for each that differs.
    differing: Vec<String>,
    skipped: usize,
    failed: usize,
}

#[derive(Debug, Default)]
struct Counts {
    agree: usize,
    differ: usize,
    without: usize,
    bar_ppm: f64,
}

impl Report {
    pub(super) fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Held(held) => self.count_held(held),
            Outcome::Line(Line::Skipped { .. }) => self.skipped += 1,
            Outcome::Line(Line::Failed { .. }) => self.failed += 1,
            Outcome::Line(Line::Done(_)) | Outcome::NotAsked => {}
        }
    }

    fn count_held(&mut self, held: &Held) {
        let counts = self.counts.entry(held.nucleus.clone()).or_default();
        counts.bar_ppm = held.bar_ppm;
        match held.agrees {
            Some(true) => counts.agree += 1,
            Some(false) => {
                counts.differ += 1;
                self.differing.push(table::told(held));
            }
            None => counts.without += 1,
        }
    }

    /// An error when any differ or failed.
    pub(super) fn verdict(&self) -> Result<(), CommandError> {
        let mut faults = Vec::new();
        for (count, what) in
            [(self.differing.len(), "differ from what the vendor left"), (self.failed, "failed")]
        {
            if count > 0 {
                faults.push(format!("{count} {what}"));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults.join(", ").into()) }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nucleus, Counts { agree, differ, without, bar_ppm }) in &self.counts {
            writeln!(
                f,
                "{nucleus}: {agree} of {} within {bar_ppm} ppm of what the vendor left, \
                 {without} without a witness",
                agree + differ,
            )?;
        }
        if self.skipped + self.failed > 0 {
            writeln!(f, "{} skipped, {} failed", self.skipped, self.failed)?;
        }
        if !self.differing.is_empty() {
            writeln!(f, "beyond:")?;
        }
        self.differing.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}
