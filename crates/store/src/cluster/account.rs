//! Who runs Postgres: this process's account, or an unprivileged one when that is root, which
//! Postgres refuses.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

use super::ClusterError;
use super::error::io;

/// The account Postgres runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub uid: u32,
    /// Set when it is not this process's own account.
    pub other: Option<Other>,
}

/// An account to switch to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Other {
    pub name: String,
    pub gid: u32,
}

impl Account {
    /// This process's account; for root the named one, else `postgres`, else `nobody`.
    pub(super) fn choose(named: Option<&str>) -> Result<Self, ClusterError> {
        let own = id(&["-u"]).unwrap_or(0);
        if own != 0 {
            return Ok(Self { uid: own, other: None });
        }
        let names = match named {
            Some(name) => vec![name],
            None => vec!["postgres", "nobody"],
        };
        for name in &names {
            if let (Some(uid), Some(gid)) = (id(&["-u", name]), id(&["-g", name]))
                && uid != 0
            {
                return Ok(Self { uid, other: Some(Other { name: (*name).to_owned(), gid }) });
            }
        }
        Err(ClusterError::NoAccount { user: names.join(" or ") })
    }

    /// Makes a directory, or takes one over, that only this account (and root) can enter.
    pub(super) fn own_directory(&self, dir: &Path) -> Result<(), ClusterError> {
        match fs::create_dir(dir) {
            Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => {}
            outcome => outcome.map_err(io("make", dir))?,
        }
        if let Some(other) = &self.other {
            chown(dir, Some(self.uid), Some(other.gid)).map_err(io("give away", dir))?;
        }
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).map_err(io("close", dir))
    }

    /// Tells which directory on the way to `path` the account cannot pass.
    pub(super) fn check_reach(&self, path: &Path) -> Result<(), ClusterError> {
        let Some(other) = &self.other else { return Ok(()) };
        let mut above: Vec<&Path> = path.ancestors().skip(1).collect();
        above.reverse();
        for dir in above {
            let meta = fs::metadata(dir).map_err(io("look at", dir))?;
            let bit = if meta.uid() == self.uid {
                0o100
            } else if meta.gid() == other.gid {
                0o010
            } else {
                0o001
            };
            if meta.mode() & bit == 0 {
                return Err(ClusterError::Unreachable {
                    user: other.name.clone(),
                    dir: dir.to_path_buf(),
                });
            }
        }
        Ok(())
    }

    /// Lets a command run as the account. What libpq and initdb read from the environment is
    /// taken out: it would lead them elsewhere.
    pub(super) fn run_as(&self, command: &mut tokio::process::Command) {
        if let Some(other) = &self.other {
            command.uid(self.uid).gid(other.gid);
        }
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        // Postgres would tell the service manager that it is ready, as if it were Larmor.
        command.env_remove("NOTIFY_SOCKET");
        command.env("LC_ALL", "C.UTF-8");
    }
}

/// Asks `id`, which knows every source of accounts the system has.
fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
