//! Every setting; those of a room are defined there, with type and default. `docs/configuration.md` explains each.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::access::AccessSettings;
use crate::pipeline::PipelineSettings;
use crate::service::{ServiceSettings, TlsSettings};
use crate::telemetry::LogSettings;
use crate::watch::{RootSettings, WatchSettings};
use crate::web::WebSettings;
use larmor_elucidation::ElucidationOptions;

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
    pub roots: Vec<RootSettings>,
    /// How the roots are watched.
    pub watch: WatchSettings,
    /// Workers and processing.
    pub pipeline: PipelineSettings,
    /// How candidates are judged.
    pub elucidation: ElucidationOptions,
    /// How long what is kept in the database stays.
    pub retention: RetentionSettings,
    /// The gRPC service.
    pub service: ServiceSettings,
    /// Certificates of the service.
    pub tls: TlsSettings,
    /// Who may see and change what.
    pub access: AccessSettings,
    /// The page.
    pub web: WebSettings,
    /// Networks.
    pub models: Models,
    /// Candidate libraries.
    pub library: Library,
    /// Logs.
    pub log: LogSettings,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            state_dir: PathBuf::from(".larmor"),
            roles: vec![Role::Watch, Role::Process, Role::Publish],
            database: Database::default(),
            roots: Vec::new(),
            watch: WatchSettings::default(),
            pipeline: PipelineSettings::default(),
            elucidation: ElucidationOptions::default(),
            retention: RetentionSettings::default(),
            service: ServiceSettings::default(),
            tls: TlsSettings::default(),
            access: AccessSettings::default(),
            web: WebSettings::default(),
            models: Models::default(),
            library: Library::default(),
            log: LogSettings::default(),
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

/// `[retention]`: days that things are kept; 0 keeps them for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionSettings {
    /// Events, for subscribers.
    pub events_days: u32,
    /// Points of spectra.
    pub points_days: u32,
    /// Assignments and lesser candidates of judgements that were superseded.
    pub superseded_days: u32,
    /// Rows of acquisitions that vanished or were overwritten before they were processed.
    pub vanished_days: u32,
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
