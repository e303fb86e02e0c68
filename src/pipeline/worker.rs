//! One worker: takes work, keeps its lease alive, records what came of it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use larmor_elucidation::{ElucidationOptions, Elucidator, SpectrumEmbedders};
use larmor_retry::{Backoff, Schedule};
use larmor_store::{
    Finished, Lease, NewSpectrum, NextTry, RECONNECT, Reelucidated, Store, StoreError,
    StoredSpectrum,
};

use super::PipelineSettings;
use super::compute::ComputeThread;
use super::failure::Failure;

/// How long a lease lasts without a sign of life: the time after which the work of a worker that
/// died is taken over.
const LEASE: Duration = Duration::from_secs(15);
const RENEW_EVERY: Duration = Duration::from_secs(4);
/// Before an acquisition is tried again. A share that is away is often away for minutes.
const ACQUISITION_RETRY: Schedule =
    Schedule::new(Duration::from_secs(2), 2, Duration::from_secs(3600), 0.25);
/// Between two questions for work when nothing wakes the worker.
const POLL: Duration = Duration::from_secs(2);

/// What all workers share.
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) elucidator: Arc<Elucidator>,
    pub(super) embedders: SpectrumEmbedders,
    pub(super) settings: PipelineSettings,
    /// How candidates are judged.
    pub(super) options: ElucidationOptions,
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
    pub(super) compute: ComputeThread,
    pub(super) shared: Arc<Shared>,
}

/// Times that the whole process may end while it works on an acquisition: once may be a power
/// cut, and twice a restart after it.
const ABRUPT_ENDS: u32 = 3;

/// More tries than failures can have been recorded: something ended the whole process.
fn ended_too_often(tries: u32, retries: u32) -> bool {
    tries > retries.saturating_add(ABRUPT_ENDS)
}

/// What is to be committed of an acquisition.
pub(super) enum RunResult {
    /// A new spectrum, and what it says of the sample.
    Processed(Box<Finished>),
    /// Another elucidation by the spectra there are.
    Reelucidated(Box<Reelucidated>),
}

/// How the work on a lease ended.
enum Outcome {
    Done(RunResult),
    Failed(Failure),
    LeaseLost,
    Interrupted,
}

impl Worker {
    /// Takes work until asked to drain.
    pub(super) async fn work(self) {
        let mut backoff = Backoff::new(RECONNECT);
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
                    let pause = backoff.next_wait();
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
            Outcome::Failed(Failure::permanent(
                "Larmor ended abruptly several times while it worked on this; please report it",
            ))
        } else {
            tokio::select! {
                outcome = self.run_while_renewing(lease) => outcome,
                () = self.shared.quit.cancelled() => Outcome::Interrupted,
            }
        };
        let store = &self.shared.store;
        let recorded = match &outcome {
            Outcome::Done(result) => {
                let committed = match result {
                    RunResult::Processed(new) => {
                        self.retry_while_unavailable(|| store.commit(lease, new)).await
                    }
                    RunResult::Reelucidated(again) => {
                        self.retry_while_unavailable(|| store.commit_elucidation(lease, again))
                            .await
                    }
                };
                match committed {
                    Ok(cursor) => {
                        log_done(lease, result, cursor);
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
        if failure.superseded {
            info!(path = lease.path, reason = failure.reason, "superseded");
            let supersede = || self.shared.store.supersede(lease, &failure.reason);
            return self.retry_while_unavailable(supersede).await;
        }
        let next = match failure.retryable {
            true if Self::tries(lease) <= self.shared.settings.retries => {
                NextTry::After(ACQUISITION_RETRY.after(Self::tries(lease)))
            }
            true => NextTry::WhenObserved,
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
        self.retry_while_unavailable(|| store.fail(lease, &failure.reason, next)).await
    }

    /// Processes while telling the store that we are alive.
    async fn run_while_renewing(&self, lease: &Lease) -> Outcome {
        let mut run = pin!(self.processing_run(lease));
        let mut renewal = interval(RENEW_EVERY);
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        renewal.tick().await;
        loop {
            tokio::select! {
                outcome = &mut run => return match outcome {
                    Ok(result) => Outcome::Done(result),
                    Err(failure) => Outcome::Failed(failure),
                },
                _ = renewal.tick() => match self.shared.store.renew_lease(lease, LEASE).await {
                    Ok(()) => {}
                    Err(StoreError::LeaseLost { .. }) => return Outcome::LeaseLost,
                    // The work goes on; the commit will tell whether the lease outlived this.
                    Err(error) => debug!(%error, "no sign of life could be given"),
                },
            }
        }
    }

    /// Asks the store again and again while the database is away; gives up only to quit.
    pub(super) async fn retry_while_unavailable<T, F>(
        &self,
        ask: impl Fn() -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut backoff = Backoff::new(RECONNECT);
        loop {
            match ask().await {
                Err(error) if error.is_unavailable() && !self.shared.quit.is_cancelled() => {
                    if backoff.is_fresh() {
                        warn!(error = &error as &dyn std::error::Error, "waiting for the database");
                    }
                    tokio::select! {
                        () = sleep(backoff.next_wait()) => {}
                        () = self.shared.quit.cancelled() => {}
                    }
                }
                answer => return answer,
            }
        }
    }
}

fn log_done(lease: &Lease, result: &RunResult, cursor: i64) {
    let (nucleus, experiment, peaks, elucidation, unjudged, timings) = match result {
        RunResult::Processed(new) => {
            let Finished { spectrum, elucidation, unjudged, timings, .. } = &**new;
            let NewSpectrum { nucleus, experiment, peaks, .. } = spectrum;
            (nucleus, experiment.to_string(), peaks, elucidation, unjudged, timings)
        }
        RunResult::Reelucidated(again) => {
            let Reelucidated { spectrum, elucidation, unjudged, timings } = &**again;
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
        judged_again = matches!(result, RunResult::Reelucidated(_)),
        cursor,
        "done"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_before_a_retry_grow_from_seconds_to_an_hour() {
        assert_eq!(ACQUISITION_RETRY.longest_after(1), Duration::from_secs(2));
        assert_eq!(ACQUISITION_RETRY.longest_after(4), Duration::from_secs(16));
        assert_eq!(ACQUISITION_RETRY.longest_after(u32::MAX), Duration::from_secs(3600));
    }

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
