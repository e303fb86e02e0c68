//! One worker: takes work, keeps its lease alive, records what came of it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use larmor_elucidation::Elucidator;
use larmor_store::{
    Finished, Judged, Lease, NewSpectrum, NextTry, Store, StoreError, StoredSpectrum,
};

use super::PipelineSettings;
use super::backoff::{Backoff, before_retry};
use super::compute::Compute;
use super::failure::Failure;

/// How long a lease lasts without a sign of life: the time after which the work of a worker that
/// died is taken over.
const LEASE: Duration = Duration::from_secs(15);
const HEARTBEAT: Duration = Duration::from_secs(4);
/// Between looks for work when nothing wakes the worker.
const POLL: Duration = Duration::from_secs(2);

/// What all workers share.
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) elucidator: Arc<Elucidator>,
    pub(super) settings: PipelineSettings,
    /// Version of each library, by name.
    pub(super) library_versions: serde_json::Value,
    pub(super) model_digest: String,
    /// Wakes workers when there may be work.
    pub(super) work: Notify,
    /// Take no more work.
    pub(super) drain: CancellationToken,
    /// Give back the work at hand.
    pub(super) quit: CancellationToken,
}

pub(super) struct Worker {
    pub(super) name: String,
    pub(super) compute: Compute,
    pub(super) shared: Arc<Shared>,
}

/// Times that the whole process may end while it works on an acquisition: once may be a power
/// cut, and twice a restart after it.
const ABRUPT_ENDS: u32 = 3;

/// More tries than failures can have been recorded: something ended the whole process.
fn ended_too_often(tries: u32, retries: u32) -> bool {
    tries > retries.saturating_add(ABRUPT_ENDS)
}

/// What came of an acquisition.
pub(super) enum Work {
    Finished(Box<Finished>),
    Judged(Box<Judged>),
}

/// How the work on a lease ended.
enum Outcome {
    Done(Work),
    Failed(Failure),
    LeaseLost,
    Interrupted,
}

impl Worker {
    /// Works until told to drain.
    pub(super) async fn run(self) {
        let mut backoff = Backoff::new();
        while !self.shared.drain.is_cancelled() {
            // Listening starts before asking: work that comes in between is not missed.
            let mut woken = pin!(self.shared.work.notified());
            woken.as_mut().enable();
            let pause = match self.shared.store.lease(&self.name, LEASE).await {
                Ok(Some(lease)) => {
                    backoff.reset();
                    self.work_on(&lease).await;
                    continue;
                }
                Ok(None) => {
                    backoff.reset();
                    POLL
                }
                Err(error) => {
                    if backoff.is_fresh() {
                        warn!(error = &error as &dyn std::error::Error, "no work can be taken");
                    }
                    let pause = backoff.next();
                    tokio::select! {
                        () = sleep(pause) => {}
                        () = self.shared.drain.cancelled() => {}
                    }
                    continue;
                }
            };
            tokio::select! {
                () = sleep(pause) => {}
                () = woken => {}
                () = self.shared.drain.cancelled() => {}
            }
        }
    }

    async fn work_on(&self, lease: &Lease) {
        debug!(path = lease.path, attempt = lease.attempts, "processing");
        let outcome = if ended_too_often(Self::tries(lease), self.shared.settings.retries) {
            Outcome::Failed(Failure::lasting(
                "Larmor ended abruptly several times while it worked on this; please report it",
            ))
        } else {
            tokio::select! {
                outcome = self.kept_alive(lease) => outcome,
                () = self.shared.quit.cancelled() => Outcome::Interrupted,
            }
        };
        let store = &self.shared.store;
        let recorded = match &outcome {
            Outcome::Done(work) => {
                let committed = match work {
                    Work::Finished(new) => self.patiently(|| store.commit(lease, new)).await,
                    Work::Judged(again) => {
                        self.patiently(|| store.commit_judgement(lease, again)).await
                    }
                };
                match committed {
                    Ok(cursor) => {
                        told(lease, work, cursor);
                        Ok(())
                    }
                    Err(error @ (StoreError::LeaseLost { .. } | StoreError::Unavailable(_))) => {
                        Err(error)
                    }
                    Err(error) => self.failed(lease, &error.into()).await,
                }
            }
            Outcome::Failed(failure) => self.failed(lease, failure).await,
            Outcome::LeaseLost => Err(StoreError::LeaseLost { acquisition: lease.acquisition }),
            Outcome::Interrupted => store.release(lease).await,
        };
        if let Err(error) = recorded {
            // Nothing is lost: whoever holds the lease next does the work.
            info!(
                path = lease.path,
                error = &error as &dyn std::error::Error,
                "left to another worker"
            );
        }
    }

    fn tries(lease: &Lease) -> u32 {
        u32::try_from(lease.attempts).unwrap_or(u32::MAX)
    }

    async fn failed(&self, lease: &Lease, failure: &Failure) -> Result<(), StoreError> {
        let next = match failure.passing {
            true if Self::tries(lease) <= self.shared.settings.retries => {
                NextTry::After(before_retry(lease.attempts))
            }
            true => NextTry::WhenSighted,
            false => NextTry::Never,
        };
        warn!(
            path = lease.path,
            attempt = lease.attempts,
            reason = failure.reason,
            next_try = ?next,
            "not processed"
        );
        let store = &self.shared.store;
        self.patiently(|| store.fail(lease, &failure.reason, next)).await
    }

    /// Runs the road while telling the store that we are alive.
    async fn kept_alive(&self, lease: &Lease) -> Outcome {
        let mut road = pin!(self.walk(lease));
        let mut beat = interval(HEARTBEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beat.tick().await;
        loop {
            tokio::select! {
                outcome = &mut road => return match outcome {
                    Ok(work) => Outcome::Done(work),
                    Err(failure) => Outcome::Failed(failure),
                },
                _ = beat.tick() => match self.shared.store.heartbeat(lease, LEASE).await {
                    Ok(()) => {}
                    Err(StoreError::LeaseLost { .. }) => return Outcome::LeaseLost,
                    // The work goes on; the commit will tell whether the lease outlived this.
                    Err(error) => debug!(%error, "no sign of life could be given"),
                },
            }
        }
    }

    /// Asks the store again and again while the database is away; gives up only to quit.
    pub(super) async fn patiently<T, F>(&self, ask: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut backoff = Backoff::new();
        loop {
            match ask().await {
                Err(error) if error.is_unavailable() && !self.shared.quit.is_cancelled() => {
                    if backoff.is_fresh() {
                        warn!(error = &error as &dyn std::error::Error, "waiting for the database");
                    }
                    tokio::select! {
                        () = sleep(backoff.next()) => {}
                        () = self.shared.quit.cancelled() => {}
                    }
                }
                answer => return answer,
            }
        }
    }
}

fn told(lease: &Lease, work: &Work, cursor: i64) {
    let (nucleus, experiment, peaks, elucidation, unjudged, timings) = match work {
        Work::Finished(new) => {
            let Finished { spectrum, elucidation, unjudged, timings } = &**new;
            let NewSpectrum { nucleus, experiment, peaks, .. } = spectrum;
            (nucleus, experiment.to_string(), peaks, elucidation, unjudged, timings)
        }
        Work::Judged(again) => {
            let Judged { spectrum, elucidation, unjudged, timings } = &**again;
            let StoredSpectrum { nucleus, experiment, peaks, .. } = spectrum;
            (nucleus, experiment.to_string(), peaks, elucidation, unjudged, timings)
        }
    };
    let judged = elucidation.as_ref().map(|judged| &judged.elucidation);
    let best = judged.and_then(|judged| judged.candidates.first());
    info!(
        path = lease.path,
        group = lease.group,
        sample = lease.sample_name,
        nucleus = nucleus.to_string(),
        experiment,
        peaks = peaks.len(),
        verdict = judged.map(|judged| tracing::field::debug(judged.verdict)),
        best = best.map(|best| best.smiles.as_str()),
        read_ms = timings.read_ms,
        process_ms = timings.process_ms,
        elucidate_ms = timings.elucidate_ms,
        unjudged = unjudged.as_deref(),
        judged_again = matches!(work, Work::Judged(_)),
        cursor,
        "done"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acquisition_outlives_three_abrupt_ends_however_few_retries_there_are() {
        for retries in [0, 10] {
            // Every retry was used up by failures, and then the process was killed.
            assert!((1..=retries + 3).all(|tries| !ended_too_often(tries, retries)));
            assert!(ended_too_often(retries + 4, retries));
        }
        assert!(!ended_too_often(u32::MAX, u32::MAX));
    }
}
