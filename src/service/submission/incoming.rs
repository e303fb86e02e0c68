//! A dataset that is being received. It lies where nobody looks until it is whole; what is given up
//! leaves nothing behind.

use std::collections::BTreeMap;
use std::fs;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use uuid::Uuid;

/// Directory of what is being received, below that of all that was submitted.
const INCOMING: &str = ".incoming";
/// Longest step on the disk.
const STEP: Duration = Duration::from_secs(60);
/// What was being received when a process was killed is removed once it is so old.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// Why a dataset cannot be stored.
#[derive(Debug, thiserror::Error)]
pub(super) enum StorageError {
    /// The system refused.
    #[error("{} cannot be written: {cause}; is there room below state_dir?", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// A file that is there already.
    #[error("the file {} is sent twice, or is a directory as well", path.display())]
    Twice {
        /// Its path below the dataset's directory.
        path: PathBuf,
    },
}

/// A dataset as far as it was received.
#[derive(Debug)]
pub(super) struct Incoming {
    /// Removed with everything in it unless the dataset is kept.
    directory: PathBuf,
    dataset: PathBuf,
    open: Option<OpenFile>,
    /// Of each file, by its path below the dataset's directory.
    digests: BTreeMap<PathBuf, [u8; 32]>,
    bytes: u64,
}

#[derive(Debug)]
struct OpenFile {
    relative: PathBuf,
    path: PathBuf,
    file: File,
    digest: Sha256,
}

impl Incoming {
    /// Begins to receive a dataset of a name.
    pub(super) async fn begin(submitted: &Path, name: &str) -> Result<Self, StorageError> {
        let directory = submitted.join(INCOMING).join(Uuid::now_v7().to_string());
        step(&directory, tokio::fs::create_dir_all(&directory)).await?;
        let dataset = directory.join(name);
        Ok(Self { directory, dataset, open: None, digests: BTreeMap::new(), bytes: 0 })
    }

    /// Where the dataset lies for now.
    pub(super) fn dataset(&self) -> &Path {
        &self.dataset
    }

    /// Bytes received so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether no file was begun yet.
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_none() && self.digests.is_empty()
    }

    /// Begins a file; an empty path is the dataset itself, as one file.
    pub(super) async fn begin_file(&mut self, relative: PathBuf) -> Result<(), StorageError> {
        self.end_file().await?;
        let path = if relative.as_os_str().is_empty() {
            self.dataset.clone()
        } else {
            self.dataset.join(&relative)
        };
        if let Some(parent) = path.parent() {
            match step(parent, tokio::fs::create_dir_all(parent)).await {
                // A file lies where a directory belongs.
                Err(StorageError::Io { cause, .. }) if is_in_the_way(&cause) => {
                    return Err(StorageError::Twice { path: relative });
                }
                made => made?,
            }
        }
        let file = match step(&path, File::create_new(&path)).await {
            Err(StorageError::Io { cause, .. }) if is_in_the_way(&cause) => {
                return Err(StorageError::Twice { path: relative });
            }
            created => created?,
        };
        self.open = Some(OpenFile { relative, path, file, digest: Sha256::new() });
        Ok(())
    }

    /// Adds bytes to the file begun last; begins the dataset as one file where none was.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        if self.open.is_none() {
            self.begin_file(PathBuf::new()).await?;
        }
        if let Some(open) = &mut self.open {
            step(&open.path, open.file.write_all(bytes)).await?;
            open.digest.update(bytes);
            self.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        }
        Ok(())
    }

    async fn end_file(&mut self) -> Result<(), StorageError> {
        if let Some(mut open) = self.open.take() {
            let written = async {
                open.file.flush().await?;
                open.file.sync_all().await
            };
            step(&open.path, written).await?;
            self.digests.insert(open.relative, open.digest.finalize().into());
        }
        Ok(())
    }

    /// Ends the last file; what was received is on the disk then. The SHA-256, hex, over the names
    /// and contents of all.
    pub(super) async fn end(&mut self) -> Result<String, StorageError> {
        self.end_file().await?;
        let mut whole = Sha256::new();
        let name = self.dataset.file_name().unwrap_or_default().as_encoded_bytes();
        let mut add = |bytes: &[u8]| {
            whole.update((bytes.len() as u64).to_be_bytes());
            whole.update(bytes);
        };
        add(name);
        for (path, digest) in &self.digests {
            add(path.as_os_str().as_encoded_bytes());
            add(digest);
        }
        Ok(whole.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Moves the dataset to its place in one step and returns its path there. What is there already
    /// is the same and stays.
    pub(super) async fn keep(self, place: PathBuf) -> Result<PathBuf, StorageError> {
        let kept = place.join(self.dataset.file_name().unwrap_or_default());
        let directory = self.directory.clone();
        blocking(place.clone(), move || move_whole(&directory, &place)).await?;
        Ok(kept)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let directory = std::mem::take(&mut self.directory);
        let remove = move || {
            if let Err(error) = fs::remove_dir_all(&directory)
                && error.kind() != io::ErrorKind::NotFound
            {
                tracing::warn!(directory = %directory.display(), %error,
                    "a submission that was given up could not be removed");
            }
        };
        // A file that is still open goes with it: it is written nowhere else.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(remove)),
            Err(_) => remove(),
        }
    }
}

/// Removes what was being received when a process was killed.
pub(super) fn remove_abandoned(submitted: &Path) -> io::Result<()> {
    for entry in fs::read_dir(submitted.join(INCOMING))? {
        let entry = entry?;
        let age = SystemTime::now().duration_since(entry.metadata()?.modified()?);
        if age.is_ok_and(|age| age > ABANDONED) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Everything below a directory is on the disk before it gets its name.
fn move_whole(directory: &Path, place: &Path) -> io::Result<()> {
    sync_directories(directory)?;
    let parent = place.parent().unwrap_or(place);
    fs::create_dir_all(parent)?;
    match fs::rename(directory, place) {
        Err(_) if place.is_dir() => fs::remove_dir_all(directory)?,
        moved => moved?,
    }
    // The names of the directories around it: of those that were made now, too.
    for around in parent.ancestors().take(4) {
        fs::File::open(around)?.sync_all()?;
    }
    Ok(())
}

fn sync_directories(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_directories(&entry.path())?;
        }
    }
    fs::File::open(directory)?.sync_all()
}

fn is_in_the_way(error: &io::Error) -> bool {
    use io::ErrorKind::{AlreadyExists, IsADirectory, NotADirectory};
    matches!(error.kind(), AlreadyExists | IsADirectory | NotADirectory)
}

/// A step on the disk, which may hang where that is a share.
async fn step<T>(
    path: &Path,
    does: impl Future<Output = io::Result<T>>,
) -> Result<T, StorageError> {
    let done = timeout(STEP, does).await.unwrap_or_else(|_| Err(too_slow()));
    done.map_err(|cause| StorageError::Io { path: path.to_owned(), cause })
}

async fn blocking<T: Send + 'static>(
    path: PathBuf,
    does: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, StorageError> {
    let done = async { tokio::task::spawn_blocking(does).await.map_err(io::Error::other)? };
    step(&path, done).await
}

fn too_slow() -> io::Error {
    let said = format!("the disk did not answer within {} s", STEP.as_secs());
    io::Error::new(io::ErrorKind::TimedOut, said)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    async fn received(folder: &TempDir, name: &str, files: &[(&str, &[u8])]) -> Incoming {
        let mut incoming = Incoming::begin(folder.path(), name).await.unwrap();
        for (path, content) in files {
            incoming.begin_file(PathBuf::from(path)).await.unwrap();
            for chunk in content.chunks(2) {
                incoming.write(chunk).await.unwrap();
            }
        }
        incoming
    }

    fn files_below(directory: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => found.extend(files_below(&path)),
                path => found.push(path),
            }
        }
        found.sort();
        found
    }

    /// What is removed is removed on another thread.
    async fn only(folder: &TempDir, expected: &[PathBuf]) {
        for _ in 0..500 {
            if files_below(folder.path()) == expected {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(files_below(folder.path()), expected);
    }

    #[tokio::test]
    async fn a_directory_is_kept_whole() {
        let folder = TempDir::new().unwrap();
        let files: [(&str, &[u8]); 2] = [("fid", b"12345"), ("pdata/1/procs", b"x")];
        let mut incoming = received(&folder, "10", &files).await;
        assert_eq!(incoming.bytes(), 6);
        let digest = incoming.end().await.unwrap();
        assert_eq!(digest.len(), 64);
        let kept = incoming.keep(folder.path().join("i/g/s").join(&digest)).await.unwrap();
        assert_eq!(kept, folder.path().join("i/g/s").join(digest).join("10"));
        assert_eq!(fs::read(kept.join("fid")).unwrap(), b"12345");
        only(&folder, &[kept.join("fid"), kept.join("pdata/1/procs")]).await;
    }

    #[tokio::test]
    async fn what_is_given_up_leaves_nothing() {
        let folder = TempDir::new().unwrap();
        drop(received(&folder, "10", &[("fid", b"12345")]).await);
        only(&folder, &[]).await;
    }

    #[tokio::test]
    async fn the_same_is_kept_once_in_whatever_order_it_comes() {
        let folder = TempDir::new().unwrap();
        let mut digests = Vec::new();
        for files in [[("a", &b"1"[..]), ("b", b"2")], [("b", b"2"), ("a", b"1")]] {
            let mut incoming = received(&folder, "10", &files).await;
            let digest = incoming.end().await.unwrap();
            incoming.keep(folder.path().join("s").join(&digest)).await.unwrap();
            digests.push(digest);
        }
        assert_eq!(digests[0], digests[1]);
        let kept = folder.path().join("s").join(&digests[0]).join("10");
        only(&folder, &[kept.join("a"), kept.join("b")]).await;
        for other in [[("a", &b"2"[..]), ("b", b"1")], [("a", b"1"), ("c", b"2")]] {
            assert_ne!(received(&folder, "10", &other).await.end().await.unwrap(), digests[0]);
        }
        let other = received(&folder, "11", &[("a", b"1"), ("b", b"2")]).await.end().await.unwrap();
        assert_ne!(other, digests[0], "the name tells the format");
    }

    #[tokio::test]
    async fn a_file_comes_once() {
        let folder = TempDir::new().unwrap();
        for second in ["fid", "fid/x", "pdata", ""] {
            let mut incoming = received(&folder, "10", &[("pdata/1/a", b""), ("fid", b"1")]).await;
            let error = incoming.begin_file(PathBuf::from(second)).await.unwrap_err();
            assert!(matches!(error, StorageError::Twice { .. }), "{second}: {error}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_written_says_where() {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("state"), "a file").unwrap();
        let error = Incoming::begin(&folder.path().join("state"), "10").await.unwrap_err();
        assert!(error.to_string().contains("state/.incoming"), "{error}");
    }
}
