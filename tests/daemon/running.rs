//! A daemon under test: the real program with a directory, a database and a state of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use larmor_store::Store;
use tempfile::TempDir;

use crate::model;
use larmor_fixtures::TestDatabase;

/// Longest wait for anything; generous, since test machines are slow and busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct TestDaemon {
    home: TempDir,
    /// `database.url`; none for a private cluster.
    url: Option<String>,
    settings: Vec<(&'static str, String)>,
    program: PathBuf,
    child: Option<Child>,
}

impl TestDaemon {
    /// On a database of its own.
    pub async fn start() -> Self {
        Self::with_settings(&[]).await
    }

    /// On a database of its own; `settings` are environment variables.
    pub async fn with_settings(settings: &[(&'static str, &str)]) -> Self {
        let database = TestDatabase::new().await;
        Self::with(Some(database.url), settings).await
    }

    /// On a given database, or a private cluster; `settings` are environment variables.
    pub async fn with(url: Option<String>, settings: &[(&'static str, &str)]) -> Self {
        Self::of_program(Path::new(env!("CARGO_BIN_EXE_larmor")), url, settings).await
    }

    /// The same, of another program than the one just built.
    pub async fn of_program(
        program: &Path,
        url: Option<String>,
        settings: &[(&'static str, &str)],
    ) -> Self {
        let home = tempfile::Builder::new().prefix("larmor-daemon-").tempdir().unwrap();
        // Postgres runs as another user when this runs as root.
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(home.path().join("data")).unwrap();
        let config = r#"
            state_dir = "state"
            [[root]]
            path = "data"
            instrument = "avance-500"
            rule = "{group}/{sample}/{expno}"
            [watch]
            settle = "1h"
            scan_interval = "500ms"
            [pipeline]
            grace = "10s"
            [service]
            address = "127.0.0.1:0"
            [models]
            device = "cpu"
            [log]
            level = "info,larmor=debug"
        "#;
        fs::write(home.path().join("larmor.toml"), config).unwrap();
        let settings = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let program = program.to_owned();
        let mut daemon = Self { home, url, settings, program, child: None };
        daemon.begin().await;
        daemon
    }

    /// Another process on the same database and the same data, with other settings.
    pub async fn beside(&self, settings: &[(&'static str, &str)]) -> Self {
        let data = self.home.path().join("data");
        let root = format!(
            "[{{ path = {data:?}, instrument = \"avance-500\", rule = \"{{group}}/{{sample}}/{{expno}}\" }}]"
        );
        let mut all = vec![("LARMOR_ROOT", root.as_str())];
        all.extend(settings);
        Self::with(self.url.clone(), &all).await
    }

    /// Starts the program, again after it has ended, and waits until it is ready.
    pub async fn begin(&mut self) {
        self.spawn();
        let begun = Instant::now();
        while !self.home.path().join("ready").exists() {
            if let Some(status) = self.child.as_mut().unwrap().try_wait().unwrap() {
                panic!("larmor serve ended: {status}\n{}", self.log());
            }
            assert!(begun.elapsed() < PATIENCE, "not ready\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn spawn(&mut self) {
        // Of a run that was killed.
        let _ = fs::remove_file(self.home.path().join("ready"));
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.home.path().join("log"))
            .unwrap();
        let mut command = Command::new(&self.program);
        command
            .args(["serve", "--config"])
            .arg(self.home.path().join("larmor.toml"))
            .arg("--ready-file")
            .arg(self.home.path().join("ready"))
            .env("LARMOR_MODELS__DIRECTORY", model::directory())
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stderr(log);
        if let Some(url) = &self.url {
            command.env("LARMOR_DATABASE__URL", url);
        }
        self.child = Some(command.spawn().unwrap());
    }

    /// The directory of an experiment: `group/sample/expno`.
    pub fn experiment(&self, path: &str) -> PathBuf {
        self.home.path().join("data").join(path)
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Address of the service.
    pub fn address(&self) -> String {
        let text = fs::read_to_string(self.home.path().join("ready")).unwrap();
        format!("http://{}", text.trim())
    }

    /// A store on the daemon's database.
    pub async fn store(&self) -> Store {
        let begun = Instant::now();
        loop {
            match Store::connect(&self.database_url()).await {
                Ok(store) => return store,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "{error:?}"),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    fn database_url(&self) -> String {
        let socket = || self.home.path().join("state/postgres/run");
        self.url.clone().unwrap_or_else(|| {
            format!("postgres:///larmor?host={}&user=larmor", socket().display())
        })
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }

    /// Waits until the log holds `text`.
    pub async fn logged(&self, text: &str) {
        self.logged_times(text, 1).await;
    }

    /// Waits until the log holds `text` so many times.
    pub async fn logged_times(&self, text: &str, times: usize) {
        let begun = Instant::now();
        while self.log().matches(text).count() < times {
            assert!(begun.elapsed() < PATIENCE, "'{text}' was not logged\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until so many scans that begin from now on have ended: what they should find by then,
    /// they have found.
    pub async fn scanned(&self, scans: usize) {
        let ended = || self.log().matches("scanned").count();
        // One may be under way.
        let enough = ended() + 1 + scans;
        let begun = Instant::now();
        while ended() < enough {
            assert!(begun.elapsed() < PATIENCE, "not scanned again\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// SIGTERM; waits for the end.
    pub fn terminate(&mut self) -> ExitStatus {
        self.signal("-TERM");
        self.child.take().unwrap().wait().unwrap()
    }

    /// kill -9.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

impl Drop for TestDaemon {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("log of {}:\n{}", self.home.path().display(), self.log());
        }
        if let Some(mut child) = self.child.take() {
            self.child = None;
            let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            let begun = Instant::now();
            while child.try_wait().is_ok_and(|ended| ended.is_none()) {
                if begun.elapsed() > Duration::from_secs(20) {
                    let _ = child.kill();
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}
