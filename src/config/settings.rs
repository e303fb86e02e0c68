//! Every setting, its type and its default. `docs/configuration.md` explains each.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use larmor_elucidation::JudgeOptions;
use larmor_nmr::spectrum::ProcessingParameters;

use super::duration;

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where Larmor keeps what is its own: the private database, libraries, caches.
    pub state_dir: PathBuf,
    /// What this process does; several may share one database.
    pub roles: Vec<Role>,
    /// The database.
    pub database: Database,
    /// Watched directories, one for each instrument.
    #[serde(rename = "root")]
    pub roots: Vec<Root>,
    /// How the roots are watched.
    pub watch: Watch,
    /// Workers and processing.
    pub pipeline: Pipeline,
    /// How candidates are judged.
    pub elucidation: JudgeOptions,
    /// The event log.
    pub events: Events,
    /// The gRPC service.
    pub service: Service,
    /// Networks.
    pub models: Models,
    /// Candidate libraries.
    pub library: Library,
    /// Logs.
    pub log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            state_dir: PathBuf::from(".larmor"),
            roles: vec![Role::Watch, Role::Process, Role::Publish],
            database: Database::default(),
            roots: Vec::new(),
            watch: Watch::default(),
            pipeline: Pipeline::default(),
            elucidation: JudgeOptions::default(),
            events: Events::default(),
            service: Service::default(),
            models: Models::default(),
            library: Library::default(),
            log: Log::default(),
        }
    }
}

/// A part of the daemon's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Watch the roots.
    Watch,
    /// Run workers.
    Process,
    /// Serve gRPC.
    Publish,
}

/// `[database]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Postgres URL; none: a private cluster in the state directory.
    pub url: Option<String>,
    /// Operating-system user that runs the private cluster when Larmor runs as root.
    pub os_user: Option<String>,
}

/// `[[root]]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// Directory the spectrometer writes into.
    pub path: PathBuf,
    /// Name of the instrument.
    pub instrument: String,
    /// How a path below the root tells group, sample and experiment.
    #[serde(default = "Root::default_rule")]
    pub rule: String,
    /// Group of samples whose path names none.
    #[serde(default = "Root::default_group")]
    pub group: String,
    /// On a network share, where the kernel reports no changes: scan only.
    #[serde(default)]
    pub poll: bool,
}

impl Root {
    /// TopSpin's `<data>/<user>/nmr/<sample>/<expno>` varies by site; this is the flat layout.
    pub(super) fn default_rule() -> String {
        "{sample}/{expno}".to_owned()
    }

    pub(super) fn default_group() -> String {
        "default".to_owned()
    }
}

/// `[watch]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Watch {
    /// Where the vendor leaves no word that an acquisition has ended, a dataset that looks
    /// complete is taken once its files have not changed for this long.
    #[serde(with = "duration")]
    pub settle: Duration,
    /// Time between full scans, which find whatever notifications missed.
    #[serde(with = "duration")]
    pub scan_interval: Duration,
    /// An incomplete dataset that has not changed for this long is reported as stuck.
    #[serde(with = "duration")]
    pub stale_after: Duration,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            settle: Duration::from_secs(600),
            scan_interval: Duration::from_secs(30),
            stale_after: Duration::from_secs(24 * 3600),
        }
    }
}

/// `[pipeline]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pipeline {
    /// Acquisitions processed at the same time.
    pub workers: usize,
    /// Times an acquisition is tried again after a failure that may pass.
    pub retries: u32,
    /// Time for running work to finish at shutdown.
    #[serde(with = "duration")]
    pub grace: Duration,
    /// How spectra are processed.
    pub processing: ProcessingParameters,
}

impl Default for Pipeline {
    fn default() -> Self {
        Self {
            workers: 2,
            retries: 10,
            grace: Duration::from_secs(30),
            processing: ProcessingParameters::default(),
        }
    }
}

/// `[events]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Events {
    /// Days that events are kept for subscribers; 0 keeps them for ever.
    pub keep_days: u32,
}

/// `[service]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Service {
    /// Address and port gRPC listens on.
    pub address: SocketAddr,
}

impl Default for Service {
    fn default() -> Self {
        Self { address: SocketAddr::from(([127, 0, 0, 1], 50151)) }
    }
}

/// `[models]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Models {
    /// Directory of weights; none: the weights Larmor came with.
    pub directory: Option<PathBuf>,
    /// Where networks run: `auto`, `cpu`, `cuda` or `cuda:N`; with `+bf16` behind it dense layers
    /// multiply in 16 bits.
    pub device: String,
}

impl Default for Models {
    fn default() -> Self {
        Self { directory: None, device: "auto".to_owned() }
    }
}

/// `[library]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Library {
    /// Names of the libraries that candidates are drawn from.
    pub active: Vec<String>,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// How lines are written.
    pub format: LogFormat,
    /// What is logged: `error`, `warn`, `info`, `debug`, `trace`, or directives by module.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}
