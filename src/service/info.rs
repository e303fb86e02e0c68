//! `InfoService`: what this server is and takes.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tonic::{Request, Response, Status};

use super::convert;
use super::settings::ServiceSettings;
use crate::access::Caller;
use crate::conditions::Conditions;
use larmor_chemistry::chemistry_version;
use larmor_client::proto;
use larmor_client::proto::info_service_server::InfoService;
use larmor_client::proto::{GetInfoRequest, GetInfoResponse};
use larmor_networks::inference::RunningDevice;
use larmor_store::Scope;

/// What this server tells of itself.
#[derive(Debug, Clone, Default)]
pub struct ServerInfo {
    /// Networks in use.
    pub models: Vec<ModelInfo>,
    /// Devices the networks run on.
    pub devices: Vec<RunningDevice>,
    /// Libraries searched.
    pub libraries: Vec<LibraryInfo>,
    /// What the server takes.
    pub limits: Limits,
    /// Of older data, those acquired before this stay.
    pub backfill_since: Option<DateTime<Utc>>,
    /// What keeps work waiting.
    pub conditions: Conditions,
}

/// A network in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelInfo {
    /// Name.
    pub name: String,
    /// SHA-256 of its weights, hex.
    pub digest: String,
    /// What is known of it, JSON: architecture, data, split, measured figures, licence.
    pub card: String,
}

/// A library searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryInfo {
    /// Name.
    pub name: String,
    /// Digest of its content.
    pub version: String,
    /// Molecules in it.
    pub size: u64,
}

/// What the server takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Most entries in a page.
    pub page_size: i32,
    /// Most structures in a proposal.
    pub structures: usize,
    /// Most streams open at once.
    pub streams: usize,
    /// Most streams open at once of one client.
    pub streams_per_client: usize,
    /// A stream whose client takes nothing for longer is ended, and a submission that sends nothing.
    pub slow_consumer: Duration,
    /// An idle stream carries a bookmark this often.
    pub bookmark: Duration,
    /// Most bytes of a message to the server.
    pub request_bytes: usize,
    /// Most bytes of a submitted dataset.
    pub submission_bytes: u64,
}

impl From<&ServiceSettings> for Limits {
    fn from(settings: &ServiceSettings) -> Self {
        Self {
            page_size: 500,
            structures: 100,
            streams: settings.max_streams,
            streams_per_client: settings.max_streams_per_client,
            slow_consumer: settings.slow_consumer,
            bookmark: settings.bookmark_interval,
            request_bytes: settings.max_request_mib.saturating_mul(1 << 20),
            submission_bytes: settings.max_submission_mib.saturating_mul(1 << 20),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::from(&ServiceSettings::default())
    }
}

pub(super) struct Info {
    answer: GetInfoResponse,
    devices: Vec<RunningDevice>,
    conditions: Conditions,
}

impl Info {
    pub(super) fn new(info: ServerInfo) -> Self {
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let models = info.models.into_iter();
        let libraries = info.libraries.into_iter();
        Self {
            devices: info.devices,
            conditions: info.conditions,
            answer: GetInfoResponse {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                chemistry: chemistry_version(),
                models: models
                    .map(|model| proto::Model {
                        name: model.name,
                        digest: model.digest,
                        card_json: model.card,
                    })
                    .collect(),
                // As they are when it is asked.
                devices: Vec::new(),
                conditions: Vec::new(),
                caller: None,
                libraries: libraries
                    .map(|library| proto::Library {
                        name: library.name,
                        version: library.version,
                        size: i64::try_from(library.size).unwrap_or(i64::MAX),
                    })
                    .collect(),
                limits: Some(proto::Limits {
                    page_size: info.limits.page_size,
                    structures: count(info.limits.structures),
                    streams: count(info.limits.streams),
                    slow_consumer_seconds: info.limits.slow_consumer.as_secs_f64(),
                    bookmark_seconds: info.limits.bookmark.as_secs_f64(),
                    streams_per_client: count(info.limits.streams_per_client),
                    request_bytes: i64::try_from(info.limits.request_bytes).unwrap_or(i64::MAX),
                    submission_bytes: i64::try_from(info.limits.submission_bytes)
                        .unwrap_or(i64::MAX),
                }),
            },
        }
    }
}

#[tonic::async_trait]
impl InfoService for Info {
    async fn get_info(
        &self,
        request: Request<GetInfoRequest>,
    ) -> Result<Response<GetInfoResponse>, Status> {
        let devices = self.devices.iter().map(ToString::to_string).collect();
        let conditions = convert::conditions(self.conditions.list());
        let caller = request.extensions().get::<Caller>().and_then(caller);
        Ok(Response::new(GetInfoResponse { devices, conditions, caller, ..self.answer.clone() }))
    }
}

/// Who asks; none where nobody is asked who he is.
fn caller(caller: &Caller) -> Option<proto::Caller> {
    caller.credential?;
    let (groups, sample_id) = match &caller.scope {
        Scope::Everything => (Vec::new(), String::new()),
        Scope::Groups(groups) => (groups.clone(), String::new()),
        Scope::Sample { id, .. } => (Vec::new(), id.to_string()),
    };
    Some(proto::Caller {
        holder: caller.holder.clone(),
        role: caller.role.to_string(),
        groups,
        every_group: caller.scope == Scope::Everything,
        sample_id,
    })
}
