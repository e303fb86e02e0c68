//! One worker: takes work, keeps its lease alive, records what came of it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, RwLock, Semaphore};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, info, warn};

use larmor_elucidation::{ElucidationOptions, Elucidator, SpectrumEmbedders};
use larmor_retry::{Backoff, Schedule};
use larmor_store::{
    Finished, Lease, NewSpectrum, NextTry, RECONNECT, Reelucidated, Store, StoreError,
    StoredSpectrum,
};

use super::PipelineSettings;
use super::away::AwayInstruments;
use super::backfill::BackfillPlace;
use super::compute::{ComputeThread, Computing};
use super::failure::{Cause, Failure, chain};
use crate::conditions::{Conditions, Subject};

/// How often a worker tells that it works.
const RENEW_EVERY: Duration = Duration::from_secs(4);
/// Before an acquisition is tried again. What is in the way of one alone may be for minutes.
const ACQUISITION_RETRY: Schedule =
    Schedule::new(Duration::from_secs(2), 2, Duration::from_secs(3600), 0.25);
/// Longest wait for the database's answer: longer than it lets a statement take.
const ANSWER: Duration = Duration::from_secs(75);
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
    /// What names this process among all on the database.
    pub(super) process_name: String,
    pub(super) computing: Computing,
    pub(super) away: Arc<AwayInstruments>,
    pub(super) conditions: Conditions,
    /// Points of spectra made before this are not kept.
    pub(super) points_since: Option<DateTime<Utc>>,
    /// Held for writing while what ended the process twice is worked on: nothing else runs then.
    pub(super) alone: Arc<RwLock<()>>,
    pub(super) backfill: BackfillPlace,
    /// Places for workers that work in place of those that wait for a share.
    pub(super) substitutes: Arc<Semaphore>,
    /// Substitutes at work.
    pub(super) tracker: TaskTracker,
    /// Wakes workers when there may be work.
    pub(super) work: Arc<Notify>,
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
    /// Takes work until asked to drain, or until this worker is not needed any more.
    pub(super) async fn work(self, until: CancellationToken) {
        let mut backoff = Backoff::new(RECONNECT);
        while !self.shared.drain.is_cancelled() && !until.is_cancelled() {
            // Listening starts before asking: work that comes in between is not missed.
            let mut woken = pin!(self.shared.work.notified());
            woken.as_mut().enable();
            match self.take_and_work().await {
                Ok(worked) => {
                    self.reconnected(&mut backoff);
                    if worked {
                        continue;
                    }
                }
                Err(error) => {
                    self.disconnected(&error);
                    tokio::select! {
                        () = sleep(backoff.next_wait()) => {}
                        () = self.shared.drain.cancelled() => {}
                        () = until.cancelled() => {}
                    }
                    continue;
                }
            }
            tokio::select! {
                () = sleep(POLL) => {}
                () = woken => {}
                () = self.shared.drain.cancelled() => {}
                () = until.cancelled() => {}
            }
        }
    }

    /// Nothing can be recorded for now.
    fn disconnected(&self, error: &StoreError) {
        self.shared.conditions.begin(Subject::Database, chain(error));
    }

    fn reconnected(&self, backoff: &mut Backoff) {
        if !backoff.is_fresh() {
            self.shared.conditions.end(&Subject::Database);
        }
        backoff.reset();
    }

    pub(super) async fn work_on(&self, lease: &Lease) {
        debug!(path = lease.path, attempt = lease.attempts, "processing");
        let outcome = tokio::select! {
            outcome = self.run_while_renewing(lease) => outcome,
            () = self.shared.quit.cancelled() => Outcome::Interrupted,
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
                    Err(error @ StoreError::LeaseLost { .. }) => Err(error),
                    Err(error) if error.is_unavailable() => Err(error),
                    Err(error) => self.failed(lease, &error.into()).await,
                }
            }
            Outcome::Failed(failure) => self.failed(lease, failure).await,
            Outcome::LeaseLost => Err(StoreError::LeaseLost { acquisition: lease.acquisition }),
            Outcome::Interrupted => store.release(lease, "given back at shutdown").await,
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
        let store = &self.shared.store;
        let next = match failure.cause {
            // Said once, of the instrument.
            Cause::Surroundings => {
                debug!(path = lease.path, reason = failure.reason, "put back");
                let put_back = || store.release(lease, &failure.reason);
                return self.retry_while_unavailable(put_back).await;
            }
            Cause::Superseded => {
                info!(path = lease.path, reason = failure.reason, "superseded");
                let supersede = || store.supersede(lease, &failure.reason);
                return self.retry_while_unavailable(supersede).await;
            }
            Cause::Passing if Self::tries(lease) <= self.shared.settings.retries => {
                NextTry::After(ACQUISITION_RETRY.after(Self::tries(lease)))
            }
            Cause::Passing => NextTry::WhenObserved,
            Cause::Data => NextTry::Never,
        };
        warn!(
            path = lease.path,
            attempt = lease.attempts,
            reason = failure.reason,
            next_try = ?next,
            "not processed"
        );
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
                _ = renewal.tick() => match self.shared.store.renew_lease(lease).await {
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
            match answered(ask()).await {
                Err(error) if error.is_unavailable() && !self.shared.quit.is_cancelled() => {
                    self.disconnected(&error);
                    tokio::select! {
                        () = sleep(backoff.next_wait()) => {}
                        () = self.shared.quit.cancelled() => {}
                    }
                }
                answer => {
                    self.reconnected(&mut backoff);
                    return answer;
                }
            }
        }
    }
}

/// What the database answers, or that it does not.
pub(super) async fn answered<T>(
    asked: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(ANSWER, asked).await.unwrap_or(Err(StoreError::NoAnswer { after: ANSWER }))
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
}
