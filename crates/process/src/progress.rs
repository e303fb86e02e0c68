//! How far a run is, on a terminal.

use std::io::{IsTerminal, stderr, stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::summary::Summary;
use super::tree;

/// A bar on standard error, where that is a terminal and the output is not.
pub(super) struct Progress {
    bar: ProgressBar,
    ended: Arc<AtomicBool>,
}

impl Progress {
    pub(super) fn start(paths: &[PathBuf], to_file: bool) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        if !stderr().is_terminal() || (stdout().is_terminal() && !to_file) {
            return Self { bar: ProgressBar::hidden(), ended };
        }
        let bar = ProgressBar::new(0);
        let template = "{bar:30} {pos}/{len} datasets  {per_sec}  {msg}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        // Nobody knows how many there are before the end: somebody runs ahead and counts.
        let (paths, counted, stop) = (paths.to_vec(), bar.clone(), Arc::clone(&ended));
        thread::spawn(move || {
            for _ in tree::datasets(&paths).take_while(|_| !stop.load(Ordering::Relaxed)) {
                counted.inc_length(1);
            }
        });
        Self { bar, ended }
    }

    pub(super) fn advance(&self, summary: &Summary) {
        self.bar.inc(1);
        if !self.bar.is_hidden() {
            self.bar.set_message(format!("{} skipped, {} failed", summary.skipped, summary.failed));
        }
    }

    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.bar.finish_and_clear();
    }
}
