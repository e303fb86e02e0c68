//! The private cluster: a Postgres of Larmor's own in its state directory, reached through a
//! socket nobody else can open. It lives as long as the process that started it.

mod account;
mod error;
mod leftover;
mod programs;
mod socket;

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use sqlx::{Connection, PgConnection};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::{Instant, sleep, timeout};

use larmor_retry::{Backoff, Schedule};

use account::Account;
pub use error::ClusterError;
use error::io;
use programs::Programs;

/// How long Postgres may take to recover after a crash before it counts as not starting.
const START_TIMEOUT: Duration = Duration::from_secs(300);
/// How long it may take to write everything down at the end.
const STOP_TIMEOUT: Duration = Duration::from_secs(120);
/// Backends of a postmaster that was killed take a moment to notice; until then a new one
/// refuses to start.
const ORPHANED_BACKENDS: Duration = Duration::from_secs(15);
/// Between tries to start a postmaster in their place.
const ORPHANS_RETRY: Schedule =
    Schedule::new(Duration::from_millis(250), 2, Duration::from_secs(2), 0.25);
/// The log is begun anew when it is longer than this, bytes.
const LOG_BYTES: u64 = 16 << 20;

/// How to run the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterOptions {
    /// Account that runs Postgres when Larmor runs as root, which Postgres refuses.
    pub user: Option<String>,
    /// Directory of the PostgreSQL programs, where they are not in a usual place.
    pub programs: Option<PathBuf>,
    /// False trades safety against power loss for speed, and removes the data when the
    /// process ends: for tests.
    pub durable: bool,
}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self { user: None, programs: None, durable: true }
    }
}

/// A running private cluster. Dropping it, or the end of the process whatever the cause, stops
/// Postgres.
#[derive(Debug)]
pub struct PrivateCluster {
    url: String,
    home: PathBuf,
    socket: PathBuf,
    supervisor: Child,
    /// Closing it stops Postgres.
    lifeline: Option<ChildStdin>,
    /// Held while we own the cluster.
    _lock: File,
}

impl PrivateCluster {
    /// Starts the cluster in `state_dir`, making it first where there is none, and waits until
    /// it takes connections. What a killed Larmor left running is stopped first.
    ///
    /// # Errors
    /// [`ClusterError`], which says what to install or change.
    pub async fn start(state_dir: &Path, options: &ClusterOptions) -> Result<Self, ClusterError> {
        fs::create_dir_all(state_dir).map_err(io("make", state_dir))?;
        let home = fs::canonicalize(state_dir).map_err(io("find", state_dir))?.join("postgres");
        let account = Account::choose(options.user.as_deref())?;
        account.check_reach(&home)?;
        account.own_directory(&home)?;
        let lock = lock(&home)?;
        let data = home.join("data");
        let programs = Programs::find(&data, options.programs.as_deref())?;
        leftover::clear(&data, &programs, &account).await?;
        if !data.join("PG_VERSION").exists() {
            initialise(&home, &data, &programs, &account, options.durable).await?;
        }
        let socket = socket::directory(&home, &account)?;
        let url = socket::url(&socket, "larmor");
        let give_up = Instant::now() + ORPHANED_BACKENDS;
        let mut backoff = Backoff::new(ORPHANS_RETRY);
        let (supervisor, lifeline) = loop {
            let (mut supervisor, lifeline) =
                launch(&home, &data, &socket, &programs, &account, options.durable)?;
            match wait_ready(&socket, &mut supervisor, &home).await {
                Ok(()) => break (supervisor, lifeline),
                Err(ClusterError::NotReady { said, .. })
                    if said.contains("pre-existing shared memory") && Instant::now() < give_up =>
                {
                    sleep(backoff.next_wait()).await;
                }
                Err(error) => return Err(error),
            }
        };
        create_database(&socket).await.map_err(ClusterError::Database)?;
        Ok(Self { url, home, socket, supervisor, lifeline: Some(lifeline), _lock: lock })
    }

    /// Address of its database `larmor`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits until Postgres has ended, which it does by itself only when something is wrong.
    pub async fn ended(&mut self) {
        // An error here means there is no such child any more: ended as well.
        let _ = self.supervisor.wait().await;
    }

    /// Stops it and waits for the end. Close connections first: those still open are cut.
    ///
    /// # Errors
    /// [`ClusterError::NotStopped`] when it does not end.
    pub async fn stop(mut self) -> Result<(), ClusterError> {
        self.lifeline.take();
        match timeout(STOP_TIMEOUT, self.supervisor.wait()).await {
            Ok(_) => {
                // Below /tmp it would be litter; where it is not empty it stays.
                let _ = fs::remove_dir(&self.socket);
                Ok(())
            }
            Err(_) => Err(ClusterError::NotStopped { home: self.home.clone() }),
        }
    }
}

/// How a private cluster is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClusterState {
    /// Another process runs it.
    Running,
    /// It can be started, or made, with programs of this version.
    Stopped {
        /// Major version of PostgreSQL.
        major: String,
    },
}

/// Looks at the private cluster in `state_dir`, or at where it would be made. Nothing is started.
///
/// # Errors
/// [`ClusterError`] that starting it would end with.
pub fn examine(state_dir: &Path, options: &ClusterOptions) -> Result<ClusterState, ClusterError> {
    let home = fs::canonicalize(state_dir).map_err(io("find", state_dir))?.join("postgres");
    let account = Account::choose(options.user.as_deref())?;
    account.check_reach(&home)?;
    if home.join("lock").exists()
        && let Err(ClusterError::InUse { .. }) = lock(&home)
    {
        return Ok(ClusterState::Running);
    }
    let programs = Programs::find(&home.join("data"), options.programs.as_deref())?;
    Ok(ClusterState::Stopped { major: programs.major })
}

/// Address of the database of a cluster that another process runs in `state_dir`.
///
/// # Errors
/// [`ClusterError`] when its socket cannot be reached by this account.
pub fn running_url(state_dir: &Path, options: &ClusterOptions) -> Result<String, ClusterError> {
    let home = fs::canonicalize(state_dir).map_err(io("find", state_dir))?.join("postgres");
    let account = Account::choose(options.user.as_deref())?;
    Ok(socket::url(&socket::directory(&home, &account)?, "larmor"))
}

fn lock(home: &Path) -> Result<File, ClusterError> {
    let path = home.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ClusterError::InUse { home: home.to_path_buf() }),
        Err(TryLockError::Error(cause)) => Err(io("lock", &path)(cause)),
    }
}

/// Makes the data directory under another name first: one that is there is complete.
async fn initialise(
    home: &Path,
    data: &Path,
    programs: &Programs,
    account: &Account,
    durable: bool,
) -> Result<(), ClusterError> {
    let begun = home.join("data.new");
    if begun.exists() {
        fs::remove_dir_all(&begun).map_err(io("remove", &begun))?;
    }
    let mut arguments = vec![
        "--username=larmor",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--pgdata",
    ];
    if !durable {
        arguments.insert(0, "--no-sync");
    }
    run_program(programs, account, "initdb", &arguments, &begun).await?;
    fs::rename(&begun, data).map_err(io("name", data))
}

/// Runs one of the programs on a directory, to its end.
async fn run_program(
    programs: &Programs,
    account: &Account,
    name: &str,
    arguments: &[&str],
    dir: &Path,
) -> Result<(), ClusterError> {
    let program = programs.dir.join(name);
    let mut command = Command::new(&program);
    account.run_as(&mut command);
    command.args(arguments).arg(dir).current_dir("/").stdin(Stdio::null());
    let output = command.output().await.map_err(io("run", &program))?;
    if output.status.success() {
        return Ok(());
    }
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    if said.trim().is_empty() {
        said = String::from_utf8_lossy(&output.stdout).into_owned();
    }
    Err(ClusterError::Program { program: program.display().to_string(), said: last_lines(&said) })
}

fn launch(
    home: &Path,
    data: &Path,
    socket: &Path,
    programs: &Programs,
    account: &Account,
    durable: bool,
) -> Result<(Child, ChildStdin), ClusterError> {
    let log = log_file(home)?;
    let errors = log.try_clone().map_err(io("open", home.join("log")))?;
    let mut command = Command::new("/bin/sh");
    account.run_as(&mut command);
    command
        .args(["-c", include_str!("supervise.sh"), "larmor-postgres"])
        .arg(programs.dir.join("postgres"))
        .arg("-D")
        .arg(data)
        .args(["-c", "listen_addresses=", "-c", "max_connections=100"])
        .args(["-c", "unix_socket_permissions=0700", "-c"])
        .arg(listed("unix_socket_directories=", socket));
    if durable {
        command.env_remove("REMOVE");
    } else {
        command.arg("-F").args(["-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        command.env("REMOVE", home);
    }
    // A group of its own: Ctrl-C in a terminal is for Larmor, which stops Postgres last.
    command.current_dir("/").process_group(0);
    command.stdin(Stdio::piped()).stdout(log).stderr(errors);
    let mut supervisor = command.spawn().map_err(io("run", "/bin/sh"))?;
    let lifeline = supervisor
        .stdin
        .take()
        .ok_or_else(|| io("open a pipe to", "/bin/sh")(std::io::ErrorKind::BrokenPipe.into()))?;
    Ok((supervisor, lifeline))
}

/// An option that takes a list of directories, with the one directory quoted as its syntax asks.
fn listed(option: &str, dir: &Path) -> OsString {
    let mut word = OsString::from(option);
    word.push("\"");
    for (place, part) in dir.as_os_str().as_bytes().split(|&byte| byte == b'"').enumerate() {
        word.push(if place > 0 { "\"\"" } else { "" });
        word.push(OsStr::from_bytes(part));
    }
    word.push("\"");
    word
}

fn log_file(home: &Path) -> Result<File, ClusterError> {
    let path = home.join("log");
    let long = fs::metadata(&path).is_ok_and(|meta| meta.len() > LOG_BYTES);
    if long {
        fs::rename(&path, home.join("log.old")).map_err(io("rename", &path))?;
    }
    OpenOptions::new().create(true).append(true).open(&path).map_err(io("open", &path))
}

async fn wait_ready(
    socket: &Path,
    supervisor: &mut Child,
    home: &Path,
) -> Result<(), ClusterError> {
    let url = socket::url(socket, "postgres");
    let give_up = Instant::now() + START_TIMEOUT;
    loop {
        if let Ok(connection) = PgConnection::connect(&url).await {
            // The answer counts, not the goodbye.
            let _ = connection.close().await;
            return Ok(());
        }
        let ended = supervisor.try_wait().map_err(io("watch", home))?.is_some();
        if ended || Instant::now() > give_up {
            let log = home.join("log");
            let said = fs::read(&log).unwrap_or_default();
            let tail = &said[said.len().saturating_sub(4096)..];
            return Err(ClusterError::NotReady {
                said: last_lines(&String::from_utf8_lossy(tail)),
                log,
            });
        }
        sleep(Duration::from_millis(30)).await;
    }
}

async fn create_database(socket: &Path) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(&socket::url(socket, "postgres")).await?;
    let there = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'larmor') AS "there!""#
    )
    .fetch_one(&mut connection)
    .await?;
    if !there {
        sqlx::query!("CREATE DATABASE larmor").execute(&mut connection).await?;
    }
    connection.close().await
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(5)..].join("; ")
}
