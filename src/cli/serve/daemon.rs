//! Starts every part of the daemon in order, waits, and ends them in the opposite order.

use std::future::pending;
use std::num::NonZero;
use std::path::Path;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::cluster::GuardedCluster;
use super::engine::Engine;
use super::notify;
use super::ready::ReadyFile;
use super::retention::{limits_anything, points_since, remove_old};
use super::signals;
use crate::access::Access;
use crate::conditions::Conditions;
use crate::config::{Config, Role};
use crate::pipeline::{Pipeline, Surroundings};
use crate::service::{
    self, Certificates, Doors, Limits, ServerInfo, ServiceError, ServiceSettings,
};
use crate::watch::{RuleError, WatchedRoot, Watching, watch};
use crate::web::{self, Served};
use larmor_command_line::CommandError;
use larmor_elucidation::{ElucidationOptions, SpectrumEmbedders};
use larmor_retry::Backoff;
use larmor_store::cluster::ClusterOptions;
use larmor_store::{RECONNECT, Store, StoreError};

/// Between checks whether every part still runs.
const SUPERVISE: Duration = Duration::from_secs(2);

/// Longest that closing connections may take.
const CLOSE: Duration = Duration::from_secs(2);

/// Serves until asked to end.
pub(super) async fn serve(
    config: &Config,
    engine: Option<Engine>,
    ready_file: Option<&Path>,
) -> Result<(), CommandError> {
    let stop = signals::stop()?;
    std::fs::create_dir_all(&config.state_dir).map_err(|cause| {
        format!("state_dir {} cannot be made: {cause}", config.state_dir.display())
    })?;
    let listener = match config.roles.contains(&Role::Publish) {
        true => Some(service::listen(&config.service.address.to_string()).await?),
        false => None,
    };
    let cluster = match config.database.url {
        Some(_) => None,
        None => {
            let options =
                ClusterOptions { user: config.database.os_user.clone(), ..Default::default() };
            Some(GuardedCluster::start(&config.state_dir, options).await?)
        }
    };
    let url = cluster.as_ref().map(GuardedCluster::url).or(config.database.url.as_deref());
    let outcome = match connect(url.unwrap_or_default(), &stop).await {
        Ok(Some(store)) => {
            let outcome =
                with_store(config, engine, listener, store.clone(), ready_file, stop).await;
            // A connection that hangs is no reason not to end.
            let _ = timeout(CLOSE, store.close()).await;
            outcome
        }
        Ok(None) => Ok(()),
        Err(error) => Err(error.into()),
    };
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    info!("ended");
    outcome
}

/// Connects; a database that is not up yet is waited for. `None` when asked to end meanwhile.
async fn connect(url: &str, stop: &CancellationToken) -> Result<Option<Store>, StoreError> {
    let mut backoff = Backoff::new(RECONNECT);
    loop {
        match Store::connect(url).await {
            Err(error) if error.is_unavailable() => {
                if backoff.is_fresh() {
                    warn!(error = &error as &dyn std::error::Error, "waiting for the database");
                    notify::waiting("waiting for the database");
                }
            }
            connected => return connected.map(Some),
        }
        tokio::select! {
            () = sleep(backoff.next_wait()) => {}
            () = stop.cancelled() => return Ok(None),
        }
    }
}

/// The parts that run.
struct Parts {
    watching: Option<Watching>,
    pipeline: Option<Pipeline>,
    service: Option<JoinHandle<Result<(), ServiceError>>>,
}

async fn with_store(
    config: &Config,
    engine: Option<Engine>,
    listener: Option<TcpListener>,
    store: Store,
    ready_file: Option<&Path>,
    stop: CancellationToken,
) -> Result<(), CommandError> {
    let conditions = Conditions::default();
    let info = ServerInfo {
        backfill_since: config.pipeline.backfill.begin(),
        conditions: conditions.clone(),
        limits: Limits::from(&config.service),
        ..engine.as_ref().map(Engine::info).unwrap_or_default()
    };
    let embedders = engine.as_ref().map(Engine::embedders).unwrap_or_default();
    let pipeline = match engine {
        Some(engine) => Some(start_pipeline(config, engine, &store, &conditions).await?),
        None => None,
    };
    let watching = match config.roles.contains(&Role::Watch) {
        true => Some(start_watching(config, &store, &conditions)?),
        false => None,
    };
    let retention = limits_anything(config.retention).then(|| {
        let (store, settings) = (store.clone(), config.retention);
        tokio::spawn(async move { remove_old(&store, settings).await })
    });
    let unpublish = CancellationToken::new();
    let address = listener.as_ref().map(TcpListener::local_addr).transpose()?;
    let service = match listener {
        Some(listener) => {
            Some(publish(config, store, listener, info, embedders, &unpublish).await?)
        }
        None => None,
    };
    let mut parts = Parts { watching, pipeline, service };
    let ready = ready_file.map(|path| ReadyFile::write(path, address)).transpose()?;
    match address {
        Some(address) => info!(%address, "ready"),
        None => info!("ready"),
    }
    notify::ready(address);

    let outcome = tokio::select! {
        () = stop.cancelled() => Ok(()),
        broken = parts.supervise() => Err(broken),
    };
    notify::stopping();
    drop(ready);
    if let Some(retention) = retention {
        retention.abort();
    }
    parts.end(&unpublish).await;
    outcome
}

/// Starts to serve, until `unpublish`.
async fn publish(
    config: &Config,
    store: Store,
    listener: TcpListener,
    info: ServerInfo,
    embedders: SpectrumEmbedders,
    unpublish: &CancellationToken,
) -> Result<JoinHandle<Result<(), ServiceError>>, CommandError> {
    let ServiceSettings { address, unprotected, .. } = &config.service;
    let certificates = Certificates::open(&config.tls)?;
    let is_asked = config.access.required_at(address, *unprotected);
    let access = match is_asked {
        true => Access::start(store.clone(), unpublish.clone()).await,
        false => Access::unasked(),
    };
    let served = Served {
        page: config.web.enabled_at(address, is_asked),
        encrypted: certificates.is_some(),
        conditions: info.conditions.clone(),
    };
    let beside = web::routes(store.clone(), access.clone(), served);
    let submitted = config.state_dir.join("submitted");
    let ended = unpublish.clone().cancelled_owned();
    let doors = Doors { listener, certificates, access };
    Ok(tokio::spawn(service::serve(store, doors, info, embedders, submitted, beside, ended)))
}

impl Parts {
    /// Returns when a part has ended by itself, which none should.
    async fn supervise(&mut self) -> CommandError {
        let mut tick = interval(SUPERVISE);
        loop {
            let ended = async {
                match &mut self.service {
                    Some(service) => service.await,
                    None => pending().await,
                }
            };
            tokio::select! {
                ended = ended => {
                    self.service = None;
                    return match ended {
                        Ok(Err(cause)) => cause.into(),
                        Ok(Ok(())) => "the service ended by itself".into(),
                        Err(panic) => panic.into(),
                    };
                }
                _ = tick.tick() => {}
            }
            if self.watching.as_ref().is_some_and(|watching| !watching.is_running()) {
                return "a watcher ended by itself".into();
            }
            if self.pipeline.as_mut().is_some_and(|pipeline| !pipeline.is_running()) {
                return "a worker ended by itself".into();
            }
            notify::alive();
        }
    }

    /// First nothing new, then the work at hand, last the streams that tell of it.
    async fn end(self, unpublish: &CancellationToken) {
        let watching = async {
            if let Some(watching) = self.watching
                && let Err(panic) = tokio::task::spawn_blocking(move || watching.stop()).await
            {
                error!(%panic, "the watchers could not be ended");
            }
        };
        let working = async {
            if let Some(pipeline) = self.pipeline {
                pipeline.drain().await;
            }
        };
        // What an inspection under way still finds is recorded, and done after the next start.
        tokio::join!(watching, working);
        unpublish.cancel();
        if let Some(service) = self.service {
            match service.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => warn!(%error, "the service did not end in order"),
                Err(error) => warn!(%error, "the service did not end in order"),
            }
        }
    }
}

async fn start_pipeline(
    config: &Config,
    engine: Engine,
    store: &Store,
    conditions: &Conditions,
) -> Result<Pipeline, CommandError> {
    for library in &engine.libraries {
        let size = i64::from(library.len());
        store.register_library(library.name(), library.version(), size).await?;
    }
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    // More threads than cores only wait for one another.
    let options = ElucidationOptions {
        threads: config.elucidation.threads.min(cores),
        ..config.elucidation.clone()
    };
    let settings = config.pipeline.clone();
    let Engine { elucidator, libraries, model_digest, .. } = engine;
    let roots = config.roots.iter().map(|root| (root.instrument.clone(), root.path.clone()));
    let surroundings = Surroundings {
        roots: roots.collect(),
        conditions: conditions.clone(),
        points_since: points_since(config.retention),
    };
    Ok(Pipeline::start(
        store.clone(),
        elucidator,
        &model_digest,
        &libraries,
        settings,
        options,
        surroundings,
    )?)
}

fn start_watching(
    config: &Config,
    store: &Store,
    conditions: &Conditions,
) -> Result<Watching, CommandError> {
    let roots = config.roots.iter().cloned().map(WatchedRoot::new);
    let roots: Vec<WatchedRoot> = roots.collect::<Result<_, RuleError>>()?;
    if roots.is_empty() {
        warn!("no [[root]] is configured: nothing is watched");
    }
    Ok(watch(roots, config.watch, store, conditions)?)
}
