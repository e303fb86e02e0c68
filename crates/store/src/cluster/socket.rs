//! Where the socket lies.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::ClusterError;
use super::account::Account;
use super::error::io;

/// Longest path of a Unix socket, bytes.
const PATH_BYTES: usize = 107;
/// What Postgres appends to the directory.
const SOCKET: &str = "/.s.PGSQL.5432";

/// Makes the directory for the socket: beside the data, or below /tmp where that path is too
/// long for a socket.
pub(super) fn directory(home: &Path, account: &Account) -> Result<PathBuf, ClusterError> {
    let beside = home.join("run");
    let dir = if beside.as_os_str().len() + SOCKET.len() <= PATH_BYTES {
        beside
    } else {
        let digest = Sha256::digest(home.as_os_str().as_bytes());
        let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Path::new("/tmp").join(format!("larmor-{short}"))
    };
    if let Ok(meta) = fs::symlink_metadata(&dir) {
        // Anyone may write to /tmp: take nothing there that is not ours already.
        let ours = meta.uid() == account.uid;
        if !meta.is_dir() || !ours || meta.mode() & 0o077 != 0 {
            return Err(ClusterError::SocketDirectory { dir });
        }
    } else {
        account.own_directory(&dir)?;
        let meta = fs::symlink_metadata(&dir).map_err(io("look at", &dir))?;
        if !meta.is_dir() {
            return Err(ClusterError::SocketDirectory { dir });
        }
    }
    Ok(dir)
}

/// Address of a database behind the socket.
pub(super) fn url(dir: &Path, database: &str) -> String {
    let mut host = String::new();
    for &byte in dir.as_os_str().as_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                host.push(char::from(byte));
            }
            _ => host.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("postgres:///{database}?host={host}&user=larmor")
}
