//! Starts every part of the daemon in order, waits, and ends them in the opposite order.

use std::future::pending;
use std::num::NonZero;
use std::path::Path;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::cluster::GuardedCluster;
use super::engine::Engine;
use super::ready::ReadyFile;
use super::retention::forget_old_events;
use super::signals;
use crate::config::{Config, Role, Root};
use crate::pipeline::{Pipeline, PipelineSettings};
use crate::service::{self, ServiceError};
use crate::watch::{PathRule, Patience, RuleError, WatchedRoot, Watching, watch};
use larmor_command_line::CommandError;
use larmor_elucidation::JudgeOptions;
use larmor_store::cluster::ClusterOptions;
use larmor_store::{Store, StoreError};

/// Between looks at whether every part still runs.
const SUPERVISE: Duration = Duration::from_secs(2);
/// Between tries to reach a database that is not there yet.
const RECONNECT: Duration = Duration::from_secs(2);

/// Runs until told to end.
pub(super) async fn run(
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
            store.close().await;
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

/// Connects; a database that is not up yet is waited for. `None` when told to end meanwhile.
async fn connect(url: &str, stop: &CancellationToken) -> Result<Option<Store>, StoreError> {
    let mut told = false;
    loop {
        match Store::connect(url).await {
            Err(error) if error.is_unavailable() => {
                if !told {
                    warn!(error = &error as &dyn std::error::Error, "waiting for the database");
                    told = true;
                }
            }
            connected => return connected.map(Some),
        }
        tokio::select! {
            () = sleep(RECONNECT) => {}
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
    let info = engine.as_ref().map(Engine::info).unwrap_or_default();
    let pipeline = match engine {
        Some(engine) => Some(start_pipeline(config, engine, &store).await?),
        None => None,
    };
    let watching = match config.roles.contains(&Role::Watch) {
        true => Some(start_watching(config, &store)?),
        false => None,
    };
    let retention = match config.events.keep_days {
        0 => None,
        days => {
            let store = store.clone();
            Some(tokio::spawn(async move { forget_old_events(&store, days).await }))
        }
    };
    let unpublish = CancellationToken::new();
    let address = listener.as_ref().map(TcpListener::local_addr).transpose()?;
    let service = listener.map(|listener| {
        let ended = unpublish.clone().cancelled_owned();
        tokio::spawn(service::serve(store, listener, info, ended))
    });
    let mut parts = Parts { watching, pipeline, service };
    let ready = ready_file.map(|path| ReadyFile::write(path, address)).transpose()?;
    match address {
        Some(address) => info!(%address, "ready"),
        None => info!("ready"),
    }

    let outcome = tokio::select! {
        () = stop.cancelled() => Ok(()),
        broken = parts.supervise() => Err(broken),
    };
    drop(ready);
    if let Some(retention) = retention {
        retention.abort();
    }
    parts.end(config.pipeline.grace, &unpublish).await;
    outcome
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
        }
    }

    /// First nothing new, then the work at hand, last the streams that tell of it.
    async fn end(self, grace: Duration, unpublish: &CancellationToken) {
        if let Some(watching) = self.watching
            && let Err(panic) = tokio::task::spawn_blocking(move || watching.stop()).await
        {
            error!(%panic, "the watchers could not be ended");
        }
        if let Some(pipeline) = self.pipeline {
            pipeline.drain(grace).await;
        }
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
) -> Result<Pipeline, CommandError> {
    for library in &engine.libraries {
        let size = i64::from(library.len());
        store.register_library(library.name(), library.version(), size).await?;
    }
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let settings = PipelineSettings {
        workers: config.pipeline.workers,
        retries: config.pipeline.retries,
        processing: config.pipeline.processing.clone(),
        // More threads than cores only wait for one another.
        judging: JudgeOptions {
            threads: config.elucidation.threads.min(cores),
            ..config.elucidation.clone()
        },
    };
    let Engine { elucidator, libraries, model_digest, .. } = engine;
    Ok(Pipeline::start(store.clone(), elucidator, &model_digest, &libraries, settings)?)
}

fn start_watching(config: &Config, store: &Store) -> Result<Watching, CommandError> {
    let roots: Vec<WatchedRoot> =
        config.roots.iter().map(watched).collect::<Result<_, RuleError>>()?;
    if roots.is_empty() {
        warn!("no [[root]] is configured: nothing is watched");
    }
    let patience = Patience {
        settle: config.watch.settle,
        scan_interval: config.watch.scan_interval,
        stale_after: config.watch.stale_after,
    };
    Ok(watch(roots, patience, store)?)
}

fn watched(root: &Root) -> Result<WatchedRoot, RuleError> {
    Ok(WatchedRoot {
        path: root.path.clone(),
        instrument: root.instrument.clone(),
        rule: PathRule::parse(&root.rule)?,
        group: root.group.clone(),
        poll: root.poll,
    })
}
