//! Instruments whose data cannot be reached now: nothing of theirs is taken up, so that a share that
//! hangs costs the others nothing, and what lies there is not blamed for it.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::conditions::{Conditions, Subject};

/// Between two tries whether data can be reached again.
const TRY_AGAIN: Duration = Duration::from_secs(3);

#[derive(Debug, Default)]
struct Instrument {
    /// Reads that take long, now.
    slow: usize,
    /// When to try again; none while its data can be reached.
    again_at: Option<Instant>,
}

/// Which instruments' data can be reached.
#[derive(Debug, Default)]
pub(super) struct AwayInstruments {
    roots: HashMap<String, PathBuf>,
    instruments: Mutex<HashMap<String, Instrument>>,
    conditions: Conditions,
}

impl AwayInstruments {
    /// With the directory that each instrument writes into.
    pub(super) fn new(roots: HashMap<String, PathBuf>, conditions: Conditions) -> Self {
        Self { roots, instruments: Mutex::default(), conditions }
    }

    /// The directory that an instrument writes into.
    pub(super) fn root(&self, instrument: &str) -> Option<PathBuf> {
        self.roots.get(instrument).cloned()
    }

    /// Instruments of which nothing is to be taken up now.
    pub(super) fn excluded(&self) -> Vec<String> {
        let now = Instant::now();
        let instruments = self.locked();
        let excluded = instruments.iter().filter(|(_, instrument)| {
            instrument.slow > 0 || instrument.again_at.is_some_and(|at| now < at)
        });
        excluded.map(|(name, _)| name.clone()).collect()
    }

    /// Its data could not be reached.
    pub(super) fn away(&self, instrument: &str, reason: &str) {
        let again_at = Some(Instant::now() + TRY_AGAIN);
        self.locked().entry(instrument.to_owned()).or_default().again_at = again_at;
        self.conditions.begin(Subject::Instrument(instrument.to_owned()), reason);
    }

    /// Its data were read.
    pub(super) fn reached(&self, instrument: &str) {
        if let Some(instrument) = self.locked().get_mut(instrument) {
            instrument.again_at = None;
        }
        self.conditions.end(&Subject::Instrument(instrument.to_owned()));
    }

    /// A read takes long; until what is returned is dropped, no other one is begun.
    pub(super) fn slow(self: &Arc<Self>, instrument: &str) -> SlowRead {
        self.locked().entry(instrument.to_owned()).or_default().slow += 1;
        SlowRead { away: Arc::clone(self), instrument: instrument.to_owned() }
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Instrument>> {
        self.instruments.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A read that takes long.
pub(super) struct SlowRead {
    away: Arc<AwayInstruments>,
    instrument: String,
}

impl Drop for SlowRead {
    fn drop(&mut self) {
        if let Some(instrument) = self.away.locked().get_mut(&self.instrument) {
            instrument.slow = instrument.slow.saturating_sub(1);
        }
    }
}

/// Whether an error says that the file system is not there or does not answer, whatever lies on it.
pub(super) fn is_of_the_file_system(error: &io::Error) -> bool {
    matches!(
        error.raw_os_error(),
        Some(
            libc::EIO
                | libc::ENODEV
                | libc::ENOTCONN
                | libc::ETIMEDOUT
                | libc::EHOSTDOWN
                | libc::EHOSTUNREACH
                | libc::ESTALE
                | libc::EREMOTEIO
        )
    )
}

/// Why nothing below a root can be reached: it cannot be listed, or, as what an unmounted share
/// leaves behind, is empty. `None` for one that is there. Blocks.
pub(super) fn why_away(root: &Path) -> Option<String> {
    match fs::read_dir(root).and_then(|mut entries| entries.next().transpose()) {
        Ok(Some(_)) => None,
        Ok(None) => Some(format!("{} is empty, as an unmounted share is", root.display())),
        Err(error) => Some(format!("{} cannot be listed: {error}", root.display())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_from_an_instrument_that_is_slow_or_away() {
        let away = Arc::new(AwayInstruments::default());
        assert!(away.excluded().is_empty());
        let (one, other) = (away.slow("av500"), away.slow("av500"));
        drop(one);
        assert_eq!(away.excluded(), ["av500"]);
        drop(other);
        assert!(away.excluded().is_empty());
        away.away("av500", "it hangs");
        assert_eq!(away.excluded(), ["av500"]);
        away.reached("av500");
        assert!(away.excluded().is_empty());
    }

    #[test]
    fn a_root_that_is_empty_or_gone_is_away() {
        let root = tempfile::tempdir().unwrap();
        assert!(why_away(root.path()).unwrap().contains("empty"));
        fs::write(root.path().join("a"), "").unwrap();
        assert_eq!(why_away(root.path()), None);
        assert!(why_away(Path::new("/no/such/root")).unwrap().contains("cannot be listed"));
    }
}
