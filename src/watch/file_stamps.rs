//! What a dataset's files look like from outside: enough to tell, without reading them, whether
//! they have changed since the last inspection.

use std::fmt;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use larmor_nmr::fid::{MOST_EVIDENCE_FILES, evidence_files};

/// Size, place on disk and times of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stat {
    inode: u64,
    length: u64,
    modified: (i64, i64),
    // Copying tools set the modification time; nobody sets this one.
    changed: (i64, i64),
}

impl Stat {
    fn of(found: &Metadata) -> Self {
        Self {
            inode: found.ino(),
            length: found.len(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        }
    }
}

/// SHA-256 over [`FileStamps`] and what else decides how a dataset is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Reads what [`Fingerprint::to_string`] wrote; of anything else nothing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The evidence files of one dataset as they stand, in the order of its format; `None` for one that
/// is not there. Files that say nothing of a format, whatever their names, change nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileStamps([Option<Stat>; MOST_EVIDENCE_FILES]);

impl FileStamps {
    /// Looks at the files below `dataset`, or at the one that it is.
    ///
    /// # Errors
    /// When the dataset is not there, or may not be inspected.
    pub(super) fn of(dataset: &Path) -> io::Result<Self> {
        let whole = fs::metadata(dataset)?;
        let mut stats = [None; MOST_EVIDENCE_FILES];
        if !whole.is_dir() {
            stats[0] = Some(Stat::of(&whole));
            return Ok(Self(stats));
        }
        for (stat, file) in stats.iter_mut().zip(evidence_files(dataset)) {
            *stat = match fs::symlink_metadata(file) {
                Ok(found) => Some(Stat::of(&found)),
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                    ) =>
                {
                    None
                }
                Err(error) => return Err(error),
            };
        }
        Ok(Self(stats))
    }

    /// Whether none of the files is there.
    pub(super) fn are_none(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// The stamps and what else decides how the dataset is recorded, in short: where both are as
    /// they were, nothing has to be read again.
    pub(super) fn fingerprint(&self, basis: &str) -> Fingerprint {
        let mut hash = Sha256::new();
        hash.update(basis);
        for stat in &self.0 {
            let Some(stat) = stat else {
                hash.update([0]);
                continue;
            };
            hash.update([1]);
            hash.update(stat.inode.to_le_bytes());
            hash.update(stat.length.to_le_bytes());
            for (seconds, nanos) in [stat.modified, stat.changed] {
                hash.update(seconds.to_le_bytes());
                hash.update(nanos.to_le_bytes());
            }
        }
        Fingerprint(hash.finalize().into())
    }

    /// How long the files have been left alone by `now`; zero when the file server's clock is
    /// ahead of ours.
    pub(super) fn quiet(&self, now: SystemTime) -> Duration {
        let last = self.0.iter().flatten().map(|stat| stat.changed.max(stat.modified)).max();
        last.and_then(|(seconds, nanos)| {
            let since = Duration::new(u64::try_from(seconds).ok()?, u32::try_from(nanos).ok()?);
            now.duration_since(UNIX_EPOCH + since).ok()
        })
        .unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_keeps_size_and_time_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let fid = dir.path().join("fid");
        fs::write(dir.path().join("acqus"), "").unwrap();
        fs::write(&fid, [1u8; 64]).unwrap();
        let time = fs::metadata(&fid).unwrap().modified().unwrap();
        let before = FileStamps::of(dir.path()).unwrap();
        assert_eq!(before, FileStamps::of(dir.path()).unwrap());
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&fid, [2u8; 64]).unwrap();
        fs::File::options().write(true).open(&fid).unwrap().set_modified(time).unwrap();
        assert_ne!(before, FileStamps::of(dir.path()).unwrap());
    }

    #[test]
    fn a_dataset_that_is_one_file_changes_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.jdf");
        fs::write(&file, [1u8; 64]).unwrap();
        let before = FileStamps::of(&file).unwrap();
        assert_eq!(before, FileStamps::of(&file).unwrap());
        fs::write(&file, [1u8; 65]).unwrap();
        assert_ne!(before, FileStamps::of(&file).unwrap());
        fs::remove_file(&file).unwrap();
        assert!(FileStamps::of(&file).is_err());
    }

    #[test]
    fn every_file_that_tells_of_completeness_counts_and_no_other() {
        for (dataset, telling, silent) in [
            (["acqus", "fid"], "audita.txt", "log"),
            (["procpar", "fid"], "log", "text"),
            (["acqu.par", "fid.1d"], "spectrum.1d", "log"),
            (["acqu.par", "notes"], "fid.1d", "log"),
            (["ACQUS", "FID"], "AUDITA.TXT", "LOG"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            for name in dataset {
                fs::write(dir.path().join(name), "").unwrap();
            }
            let before = FileStamps::of(dir.path()).unwrap();
            fs::write(dir.path().join(silent), "1").unwrap();
            assert_eq!(before, FileStamps::of(dir.path()).unwrap(), "{dataset:?} {silent}");
            fs::write(dir.path().join(telling), "1").unwrap();
            assert_ne!(before, FileStamps::of(dir.path()).unwrap(), "{dataset:?} {telling}");
        }
    }

    #[test]
    fn a_fingerprint_is_of_the_stamps_and_what_else_counts_and_is_read_back() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("acqus"), "").unwrap();
        let before = FileStamps::of(dir.path()).unwrap();
        assert_eq!(before.fingerprint("a"), before.fingerprint("a"));
        assert_ne!(before.fingerprint("a"), before.fingerprint("b"));
        assert_eq!(
            Fingerprint::parse(&before.fingerprint("a").to_string()),
            Some(before.fingerprint("a"))
        );
        fs::write(dir.path().join("fid"), "1").unwrap();
        let after = FileStamps::of(dir.path()).unwrap();
        assert_ne!(before.fingerprint("a"), after.fingerprint("a"));
        for text in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(Fingerprint::parse(text), None);
        }
    }

    #[test]
    fn a_directory_that_is_no_dataset_has_no_files() {
        let dir = tempfile::tempdir().unwrap();
        assert!(FileStamps::of(dir.path()).unwrap().are_none());
        fs::write(dir.path().join("acqus"), "").unwrap();
        assert!(!FileStamps::of(dir.path()).unwrap().are_none());
    }

    #[test]
    fn a_dataset_that_is_gone_is_an_error() {
        let error = FileStamps::of(Path::new("/no/such/dataset")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_clock_ahead_of_ours_is_no_quiet() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("acqus"), "").unwrap();
        let stamps = FileStamps::of(dir.path()).unwrap();
        assert_eq!(stamps.quiet(SystemTime::now() - Duration::from_secs(60)), Duration::ZERO);
        let later = stamps.quiet(SystemTime::now() + Duration::from_secs(60));
        assert!(later >= Duration::from_secs(59), "{later:?}");
    }
}
