//! One dataset, from files to a line.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::journal::EarlierLines;
use super::line::{Done, Line};
use super::modified::last_modified;
use super::outcome::Outcome;
use super::plot;
use super::readiness;
use larmor_nmr::fid::{self, Nucleus};
use larmor_nmr::sample;
use larmor_nmr::spectrum::ProcessingParameters;

/// What every dataset needs to know.
pub(super) struct Work {
    /// What is in the output already.
    pub(super) earlier: EarlierLines,
    /// The nucleus asked for, where only one is.
    pub(super) nucleus: Option<Nucleus>,
    /// Where plots go.
    pub(super) plots: Option<PathBuf>,
}

impl Work {
    /// Processes one dataset, whatever becomes of it.
    pub(super) fn outcome(&self, path: &Path) -> Outcome {
        catch_unwind(AssertUnwindSafe(|| self.process(path))).unwrap_or_else(|_| {
            let reason = "larmor itself went wrong on this dataset (see standard error); please \
                          report it with the dataset";
            Outcome::Line(Line::failed(path, reason.to_owned(), last_modified(path)))
        })
    }

    fn process(&self, path: &Path) -> Outcome {
        let modified = last_modified(path);
        let earlier = self.earlier.get(path).filter(|_| self.has_plot(path));
        if let Some(earlier) = earlier.filter(|line| line.is_as_of(modified.as_deref())) {
            return Outcome::PassedOver { failed: earlier.failed() };
        }
        let failed = |error: &dyn std::error::Error| {
            Outcome::Line(Line::failed(path, error.to_string(), modified.clone()))
        };
        let (inspection, decoded) = match fid::inspect_with_fid(path) {
            Ok(inspected) => inspected,
            Err(error) => return failed(&error),
        };
        if self.nucleus.is_some()
            && inspection.nucleus.is_some()
            && inspection.nucleus != self.nucleus
        {
            return Outcome::NotAsked;
        }
        let halted = match readiness::halted(path, &inspection, modified.as_deref()) {
            Ok(halted) => halted,
            Err(line) => return Outcome::Line(*line),
        };
        if earlier.is_some_and(|line| line.is_of(inspection.digest.as_deref())) {
            return Outcome::PassedOver { failed: false };
        }
        let fid = match decoded.map_or_else(|| fid::read(path), Ok) {
            Ok(fid) => fid,
            Err(error) => return failed(&error),
        };
        let to_come = readiness::fid_still_to_come(path, &inspection, &fid, modified.as_deref());
        if let Some(line) = to_come {
            return Outcome::Line(line);
        }
        let mut spectrum = match sample::process(path, &fid, &ProcessingParameters::default()) {
            Ok(spectrum) => spectrum,
            Err(error) => return failed(&error),
        };
        if halted {
            spectrum.quality.halted();
        }
        let plot = match &self.plots {
            Some(directory) => match plot::write(directory, path, &fid.title, &spectrum) {
                Ok(name) => Some(name),
                Err(error) => return failed(&error),
            },
            None => None,
        };
        let done = Done { modified, plot, ..Done::new(path, inspection, halted, fid, spectrum) };
        Outcome::Line(Line::Done(Box::new(done)))
    }

    /// True where no plot is wanted, or the wanted one is there.
    fn has_plot(&self, path: &Path) -> bool {
        self.plots.as_ref().is_none_or(|directory| directory.join(plot::file_name(path)).exists())
    }
}
