//! Whether a root is there. A share that is not mounted is an empty directory, and what lay on it is
//! not deleted.

use std::io;
use std::path::Path;

use super::file_access::{EntryKind, FileAccess};
use super::passed_over::is_passed_over;

/// What is known of a root from the times that it was there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct RootMemory {
    /// It held datasets.
    pub(super) held_datasets: bool,
    /// A file system was mounted on it.
    pub(super) was_mounted: bool,
}

/// A root that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PresentRoot {
    /// The device that it lies on.
    pub(super) device: u64,
    /// A file system is mounted on it.
    pub(super) is_mounted: bool,
}

/// Why a root counts as away.
#[derive(Debug, thiserror::Error)]
pub(super) enum RootAway {
    /// It cannot be listed.
    #[error("it cannot be read")]
    Unreadable(#[source] io::Error),
    /// The file that is to be there is not.
    #[error("its marker {0} is not there")]
    NoMarker(String),
    /// Something was mounted on it, and is no more.
    #[error("nothing is mounted on it any more")]
    NotMounted,
    /// It is empty and was not.
    #[error("it is empty, and held datasets before")]
    Empty,
}

impl RootAway {
    /// Whether this is only what an earlier step that hangs has already told.
    pub(super) fn is_hanging(&self) -> bool {
        matches!(self, Self::Unreadable(cause) if cause.kind() == io::ErrorKind::TimedOut)
    }
}

/// Looks whether a root is there; `marker` is a file or directory that must be in it.
///
/// # Errors
/// Why it counts as away.
pub(super) fn look(
    files: &dyn FileAccess,
    root: &Path,
    marker: Option<&str>,
    memory: RootMemory,
) -> Result<PresentRoot, RootAway> {
    let entries = files.list(root).map_err(RootAway::Unreadable)?;
    if let Some(marker) = marker {
        let is_there = files.kind(&root.join(marker)).is_ok_and(|kind| kind != EntryKind::Other);
        if !is_there {
            return Err(RootAway::NoMarker(marker.to_owned()));
        }
    }
    let device = files.device(root).map_err(RootAway::Unreadable)?;
    // Around the root of the whole system there is nothing else.
    let is_mounted = files.device(&root.join("..")).is_ok_and(|around| around != device);
    if memory.was_mounted && !is_mounted {
        return Err(RootAway::NotMounted);
    }
    if memory.held_datasets && entries.iter().all(|(name, _)| is_passed_over(name)) {
        return Err(RootAway::Empty);
    }
    Ok(PresentRoot { device, is_mounted })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::watch::file_access::Disk;
    use std::fs;

    const NEW: RootMemory = RootMemory { held_datasets: false, was_mounted: false };

    #[test]
    fn a_root_that_is_empty_at_first_is_there_and_one_that_held_datasets_is_away() {
        let root = tempfile::tempdir().unwrap();
        assert!(look(&Disk, root.path(), None, NEW).is_ok());
        let memory = RootMemory { held_datasets: true, ..NEW };
        let away = look(&Disk, root.path(), None, memory);
        assert!(matches!(away, Err(RootAway::Empty)), "{away:?}");
        // What a new file system has of itself is nothing.
        fs::create_dir(root.path().join("lost+found")).unwrap();
        assert!(matches!(look(&Disk, root.path(), None, memory), Err(RootAway::Empty)));
        fs::create_dir(root.path().join("rossi")).unwrap();
        assert!(look(&Disk, root.path(), None, memory).is_ok());
    }

    #[test]
    fn a_root_without_its_marker_is_away() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("rossi")).unwrap();
        let away = look(&Disk, root.path(), Some(".mounted"), NEW);
        assert!(matches!(away, Err(RootAway::NoMarker(name)) if name == ".mounted"));
        fs::write(root.path().join(".mounted"), "").unwrap();
        assert!(look(&Disk, root.path(), Some(".mounted"), NEW).is_ok());
    }

    #[test]
    fn a_root_on_which_nothing_is_mounted_any_more_is_away() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("rossi")).unwrap();
        let present = look(&Disk, root.path(), None, NEW).unwrap();
        assert!(!present.is_mounted);
        let memory = RootMemory { was_mounted: true, ..NEW };
        assert!(matches!(look(&Disk, root.path(), None, memory), Err(RootAway::NotMounted)));
        // A file system that every Linux has mounted.
        assert!(look(&Disk, Path::new("/proc"), None, memory).unwrap().is_mounted);
    }

    #[test]
    fn a_root_that_is_not_there_is_away() {
        let away = look(&Disk, Path::new("/no/such/root"), None, NEW);
        assert!(matches!(away, Err(RootAway::Unreadable(_))), "{away:?}");
    }
}
