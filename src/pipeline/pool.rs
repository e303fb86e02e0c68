//! The workers of one process.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, RwLock, Semaphore};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, error, info};
use uuid::Uuid;

use larmor_elucidation::library::Library;
use larmor_elucidation::{ElucidationOptions, Elucidator};
use larmor_retry::Backoff;
use larmor_store::{RECONNECT, Store};

use super::PipelineSettings;
use super::away::AwayInstruments;
use super::backfill::BackfillPlace;
use super::completion;
use super::compute::{ComputeThread, Computing};
use super::embedding::Embeddings;
use super::lease_watch::take_back_abandoned;
use super::substitute;
use super::traces::Traces;
use super::worker::{Shared, Worker};
use crate::conditions::Conditions;

/// Time to give leases back once the time to finish is over.
const RELEASE: Duration = Duration::from_secs(5);
/// Time for computations that nobody waits for any more to come to their end.
const COMPUTATION: Duration = Duration::from_secs(10);

/// Why the pipeline could not be started.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The system gives no thread.
    #[error("a computing thread could not be started")]
    Thread(#[from] io::Error),
}

/// Running workers.
pub struct Pipeline {
    shared: Arc<Shared>,
    tasks: JoinSet<()>,
    /// Ends by itself once stored spectra lack nothing.
    completion: JoinHandle<()>,
}

impl Pipeline {
    /// Starts the workers. To be called within a tokio runtime.
    ///
    /// # Errors
    /// [`PipelineError`] when the system gives no thread.
    pub fn start(
        store: Store,
        elucidator: Arc<Elucidator>,
        model_digest: &str,
        libraries: &[Arc<Library>],
        settings: PipelineSettings,
        options: ElucidationOptions,
        surroundings: Surroundings,
    ) -> Result<Self, PipelineError> {
        let library_versions = libraries
            .iter()
            .map(|library| (library.name().to_owned(), library.version().into()))
            .collect();
        let workers = settings.workers;
        let computing = Computing::default();
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        let Surroundings { roots, conditions, points_since } = surroundings;
        let shared = Arc::new(Shared {
            store,
            embedders: elucidator.embedders(),
            elucidator,
            backfill: BackfillPlace::new(settings.backfill.share),
            settings,
            options,
            library_versions: serde_json::Value::Object(library_versions),
            model_digest: model_digest.to_owned(),
            // A worker that comes after a crash is another one.
            process_name: format!("{host}/{}", Uuid::now_v7()),
            computing: computing.clone(),
            away: Arc::new(AwayInstruments::new(roots, conditions.clone())),
            conditions,
            points_since,
            alone: Arc::new(RwLock::new(())),
            substitutes: Arc::new(Semaphore::new(substitute::MOST)),
            tracker: TaskTracker::new(),
            work: Arc::new(Notify::new()),
            drain: CancellationToken::new(),
            quit: CancellationToken::new(),
        });
        let mut tasks = JoinSet::new();
        for number in 1..=workers {
            let worker = Worker {
                name: format!("{}/{number}", shared.process_name),
                compute: ComputeThread::start(&format!("compute {number}"), &computing)?,
                shared: Arc::clone(&shared),
            };
            tasks.spawn(worker.work(CancellationToken::new()));
        }
        tasks.spawn(wake(Arc::clone(&shared)));
        tasks.spawn(watch_leases(Arc::clone(&shared)));
        let compute = ComputeThread::start("completion", &computing)?;
        let completion = tokio::spawn(complete_spectra(Arc::clone(&shared), compute));
        Ok(Self { shared, tasks, completion })
    }

    /// True while every worker runs.
    #[must_use]
    pub fn is_running(&mut self) -> bool {
        self.tasks.try_join_next().is_none()
    }

    /// Takes no more work, lets the work at hand finish within the time of grace, and gives
    /// back the rest.
    pub async fn drain(mut self) {
        self.shared.drain.cancel();
        self.shared.tracker.close();
        if let Err(error) = self.completion.await {
            error!(%error, "completing stored spectra had ended before it was asked to");
        }
        let tracker = self.shared.tracker.clone();
        let mut all_ended = pin!(async {
            ended(&mut self.tasks).await;
            tracker.wait().await;
        });
        if timeout(self.shared.settings.grace, &mut all_ended).await.is_err() {
            info!("work is given back unfinished; it is done after the next start");
            self.shared.quit.cancel();
            if timeout(RELEASE, &mut all_ended).await.is_err() {
                info!("work could not be given back; it is taken over once its lease runs out");
            }
        }
        let computing = self.shared.computing.clone();
        if !computing.ended(COMPUTATION).await {
            info!("a computation is left unfinished");
        }
    }
}

/// What the pipeline must know of what is around it.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The directory that each instrument writes into.
    pub roots: HashMap<String, PathBuf>,
    /// Where what keeps work waiting is told.
    pub conditions: Conditions,
    /// Points of spectra made before this are not kept.
    pub points_since: Option<DateTime<Utc>>,
}

/// Takes back what workers left that went without a word.
async fn watch_leases(shared: Arc<Shared>) {
    tokio::select! {
        () = take_back_abandoned(&shared.store) => {}
        () = shared.drain.cancelled() => {}
    }
}

/// Makes what stored spectra lack.
async fn complete_spectra(shared: Arc<Shared>, compute: ComputeThread) {
    let Shared { store, embedders, settings, drain, points_since, .. } = &*shared;
    let traces =
        Traces { parameters: &settings.processing, compute: &compute, drain, since: *points_since };
    completion::fill(store, &traces, drain).await;
    for network in embedders.networks() {
        let embeddings = Embeddings::by(&network, embedders, &compute);
        completion::fill(store, &embeddings, drain).await;
    }
}

async fn ended(tasks: &mut JoinSet<()>) {
    while let Some(task) = tasks.join_next().await {
        if let Err(error) = task
            && error.is_panic()
        {
            error!(%error, "a worker had ended before it was asked to");
        }
    }
}

/// Wakes the workers when the database says that there is work.
async fn wake(shared: Arc<Shared>) {
    let mut backoff = Backoff::new(RECONNECT);
    let waking = async {
        loop {
            match shared.store.work_wakeups().await {
                Ok(mut wakeups) => {
                    backoff.reset();
                    shared.work.notify_waiters();
                    while wakeups.next().await.is_ok() {
                        shared.work.notify_waiters();
                    }
                }
                Err(error) => debug!(%error, "the database wakes nobody for now"),
            }
            sleep(backoff.next_wait()).await;
        }
    };
    tokio::select! {
        () = waking => {}
        () = shared.drain.cancelled() => {}
    }
}
