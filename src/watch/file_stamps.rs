//! What a dataset's files look like from outside: enough to tell, without reading them, whether
//! they have changed since the last inspection.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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
