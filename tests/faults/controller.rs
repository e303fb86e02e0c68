//! Makes faults: of the daemons, the database and the disk, one after another and at random.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use larmor_store::Store;
use larmor_store::cluster::{ClusterOptions, PrivateCluster};
use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;
use tokio::sync::RwLock;
use tokio::time::sleep;

use crate::running::TestDaemon;
use crate::shim::{Control, Shim};
use crate::subscriber::Ready;

/// What can go wrong.
const FAULTS: [&str; 11] = [
    "kill",
    "terminate",
    "stop and continue",
    "cut connections",
    "read-only database",
    "database restarted",
    "database killed",
    "share unmounted",
    "share hangs",
    "disk full",
    "clock set",
];

/// Longest that a daemon may take to end when it is asked to; its time of grace and a little. Also the
/// longest that the database may take to be there again.
const END: Duration = Duration::from_secs(20);
/// The same where a share hangs: less than the time of grace, 10 s, for no read is waited for.
const HUNG_END: Duration = Duration::from_secs(8);

pub struct Controller {
    random: fastrand::Rng,
    home: TempDir,
    cluster: Option<PrivateCluster>,
    url: String,
    daemons: Vec<TestDaemon>,
    controls: [Control; 2],
    /// Longest that a daemon took to end when it was asked to.
    longest_end: Duration,
    disk: Arc<RwLock<()>>,
    counts: BTreeMap<&'static str, usize>,
}

impl Controller {
    /// Two daemons on one database, watching the same directory.
    pub async fn start(seed: u64) -> Self {
        let home = tempfile::Builder::new().prefix("larmor-faults-").tempdir().unwrap();
        fs::set_permissions(home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .unwrap();
        let cluster = PrivateCluster::start(home.path(), &ClusterOptions::default()).await.unwrap();
        let url = cluster.url().to_owned();
        let shim = Shim::build(home.path());
        let controls = ["one", "other"].map(|name| Control::new(home.path().join(name)));
        let [one, other] = controls.each_ref().map(|control| {
            [
                ("LD_PRELOAD", shim.library()),
                ("FAULTS_CONTROL", control.folder()),
                // Shorter than a share hangs: reads are given up and tried again.
                ("LARMOR_PIPELINE__READ_DEADLINE", "1s"),
            ]
        });
        let one = TestDaemon::with(Some(url.clone()), &one).await;
        let other = one.beside(&other).await;
        Self {
            random: fastrand::Rng::with_seed(seed ^ 1),
            home,
            cluster: Some(cluster),
            url,
            daemons: vec![one, other],
            controls,
            longest_end: Duration::ZERO,
            disk: Arc::default(),
            counts: BTreeMap::new(),
        }
    }

    pub fn data(&self) -> PathBuf {
        self.daemons[0].home().join("data")
    }

    /// Held for writing while the data cannot be reached.
    pub fn disk(&self) -> Arc<RwLock<()>> {
        Arc::clone(&self.disk)
    }

    pub fn daemon(&self, number: usize) -> Ready {
        Ready(self.daemons[number].home().join("ready"))
    }

    pub fn counts(&self) -> &BTreeMap<&'static str, usize> {
        &self.counts
    }

    pub fn longest_end(&self) -> Duration {
        self.longest_end
    }

    pub async fn store(&self) -> Store {
        self.daemons[0].store().await
    }

    /// Makes faults for so long.
    pub async fn make_faults(&mut self, time: Duration) {
        let begun = Instant::now();
        // Each once before any twice.
        let mut order = Vec::new();
        while begun.elapsed() < time {
            if order.is_empty() {
                order = FAULTS.to_vec();
                self.random.shuffle(&mut order);
            }
            let fault = order.pop().unwrap();
            self.make(fault).await;
            *self.counts.entry(fault).or_default() += 1;
            let pause = self.random.u64(200..1500);
            sleep(Duration::from_millis(pause)).await;
        }
    }

    async fn make(&mut self, fault: &str) {
        let number = self.random.usize(0..self.daemons.len());
        let pause = Duration::from_millis(self.random.u64(300..4000));
        match fault {
            "kill" => {
                self.daemons[number].kill();
                sleep(pause / 2).await;
                self.daemons[number].begin().await;
            }
            "terminate" => {
                self.terminate(number, END);
                self.daemons[number].begin().await;
            }
            "stop and continue" => {
                self.daemons[number].signal("-STOP");
                sleep(4 * pause).await;
                self.daemons[number].signal("-CONT");
            }
            "cut connections" => self.as_admin(END_OTHERS).await,
            "read-only database" => {
                self.as_admin("ALTER DATABASE larmor SET default_transaction_read_only = on").await;
                self.as_admin(END_OTHERS).await;
                sleep(pause).await;
                self.writable_again().await;
            }
            "database restarted" => {
                self.cluster.take().unwrap().stop().await.unwrap();
                sleep(pause / 2).await;
                self.start_database().await;
            }
            "database killed" => {
                let pid_file = self.home.path().join("postgres/data/postmaster.pid");
                let pid = fs::read_to_string(pid_file).unwrap();
                let pid = pid.lines().next().unwrap();
                let killed = std::process::Command::new("kill").args(["-9", pid]).status();
                assert!(killed.unwrap().success());
                drop(self.cluster.take());
                self.start_database().await;
            }
            "share hangs" => {
                let data = self.data();
                self.controls[number].hang(Some(&data));
                sleep(4 * pause).await;
                // Asked to end while nothing answers.
                let ended = self.random.bool();
                if ended {
                    self.terminate(number, HUNG_END);
                }
                self.controls[number].hang(None);
                if ended {
                    self.daemons[number].begin().await;
                }
            }
            "disk full" => {
                self.as_admin(FULL).await;
                sleep(pause).await;
                self.as_admin("DROP FUNCTION disk_is_full CASCADE").await;
            }
            "clock set" => {
                let hours = self.random.i64(1..100);
                let seconds = 3600 * if self.random.bool() { hours } else { -hours };
                self.controls[number].set_clock(seconds);
                sleep(pause).await;
                self.controls[number].set_clock(0);
            }
            _ => {
                let disk = Arc::clone(&self.disk);
                let _nobody_writes = disk.write().await;
                let (data, away) = (self.data(), self.home.path().join("away"));
                fs::rename(&data, &away).unwrap();
                fs::create_dir(&data).unwrap();
                sleep(pause).await;
                fs::remove_dir(&data).unwrap();
                fs::rename(&away, &data).unwrap();
            }
        }
    }

    fn terminate(&mut self, number: usize, within: Duration) {
        let begun = Instant::now();
        let status = self.daemons[number].terminate();
        assert!(status.success(), "{}", self.daemons[number].log());
        let took = begun.elapsed();
        assert!(took < within, "it took {took:?} to end\n{}", self.daemons[number].log());
        self.longest_end = self.longest_end.max(took);
    }

    async fn start_database(&mut self) {
        let options = ClusterOptions::default();
        let begun = Instant::now();
        self.cluster = Some(loop {
            match PrivateCluster::start(self.home.path(), &options).await {
                Ok(cluster) => break cluster,
                // Its processes may still be ending.
                Err(error) => assert!(begun.elapsed() < END, "{error:?}"),
            }
            sleep(Duration::from_millis(200)).await;
        });
    }

    async fn as_admin(&self, statement: &'static str) {
        let begun = Instant::now();
        loop {
            let done = async {
                let mut connection = PgConnection::connect(&self.url).await?;
                connection.execute("SET default_transaction_read_only = off").await?;
                connection.execute(statement).await
            };
            match done.await {
                Ok(_) => return,
                Err(error) => assert!(begun.elapsed() < END, "{error}"),
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    async fn writable_again(&self) {
        self.as_admin("ALTER DATABASE larmor RESET default_transaction_read_only").await;
        self.as_admin(END_OTHERS).await;
    }

    /// Nothing fails any more.
    pub async fn cure(&mut self) {
        self.writable_again().await;
    }

    pub async fn end(mut self) {
        for daemon in &mut self.daemons {
            assert!(daemon.terminate().success(), "{}", daemon.log());
        }
        drop(self.daemons);
        self.cluster.take().unwrap().stop().await.unwrap();
    }
}

/// What Postgres says when it cannot write.
const FULL: &str = "
    CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device'
            USING ERRCODE = 'disk_full';
    END $$;
    CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE OR DELETE ON acquisitions
        FOR EACH STATEMENT EXECUTE FUNCTION disk_is_full();
    CREATE TRIGGER disk_is_full BEFORE INSERT ON events
        FOR EACH STATEMENT EXECUTE FUNCTION disk_is_full();
    CREATE TRIGGER disk_is_full BEFORE INSERT ON spectra
        FOR EACH STATEMENT EXECUTE FUNCTION disk_is_full()";

const END_OTHERS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = 'larmor' AND pid <> pg_backend_pid()";
