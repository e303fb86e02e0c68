//! Why the private cluster does not run, and what to do about it.

use std::io;
use std::path::PathBuf;

/// Why the private cluster could not be started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// The programs are not installed.
    #[error(
        "no PostgreSQL programs (postgres, initdb, pg_ctl) were found; install them (Debian: \
         apt-get install postgresql, Fedora: dnf install postgresql-server) or let database.url \
         name a server"
    )]
    NoPrograms,
    /// The data were made by another major version.
    #[error(
        "{} was made by PostgreSQL {wanted}, installed is {installed}; install PostgreSQL \
         {wanted} beside it, or bring the data over with pg_upgrade", data.display()
    )]
    WrongVersion {
        /// Where the data lie.
        data: PathBuf,
        /// Major version that made them.
        wanted: String,
        /// Major versions found.
        installed: String,
    },
    /// Larmor runs as root and there is no account to run Postgres.
    #[error(
        "PostgreSQL does not run as root and there is no account {user}; make it (useradd \
         --system {user}), name another (database.user), or run Larmor as an ordinary user"
    )]
    NoAccount {
        /// The account looked for.
        user: String,
    },
    /// The account that runs Postgres cannot get to the data.
    #[error(
        "the account {user}, which runs PostgreSQL because Larmor runs as root, cannot enter {}; \
         choose a state_dir it can reach, such as /var/lib/larmor", dir.display()
    )]
    Unreachable {
        /// The account.
        user: String,
        /// The first directory closed to it.
        dir: PathBuf,
    },
    /// Another Larmor has it.
    #[error(
        "another larmor uses the private database in {}; stop it, give this one a state_dir of \
         its own, or let database.url name a server that both may use", home.display()
    )]
    InUse {
        /// The cluster's directory.
        home: PathBuf,
    },
    /// The directory for the socket is not what it should be.
    #[error(
        "{} is not a directory of ours that nobody else can enter; remove it", dir.display()
    )]
    SocketDirectory {
        /// The directory.
        dir: PathBuf,
    },
    /// A file operation failed.
    #[error("could not {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
    /// A program ended with an error.
    #[error("{program} failed: {said}")]
    Program {
        /// The program.
        program: String,
        /// The end of what it said.
        said: String,
    },
    /// Postgres does not take connections.
    #[error("PostgreSQL did not start; {} ends with: {said}", log.display())]
    NotReady {
        /// Its log.
        log: PathBuf,
        /// The end of the log.
        said: String,
    },
    /// Postgres does not end.
    #[error("PostgreSQL in {} did not stop in time", home.display())]
    NotStopped {
        /// The cluster's directory.
        home: PathBuf,
    },
    /// The database could not be made.
    #[error("the database larmor could not be made in the private cluster")]
    Database(#[source] sqlx::Error),
}

/// Turns an I/O error into one that says what was tried on which path.
pub(super) fn io(
    action: &'static str,
    path: impl Into<PathBuf>,
) -> impl FnOnce(io::Error) -> ClusterError {
    let path = path.into();
    move |cause| ClusterError::Io { action, path, cause }
}
