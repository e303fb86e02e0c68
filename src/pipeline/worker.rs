//! One worker: takes work, keeps its lease alive, records what came of it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::elucidation::{Elucidator, Proposed, StructureFormat};
use crate::fid;
use crate::store::{
    Finished, Lease, NewElucidation, NextTry, ProposalFormat, StageTimings, Store, StoreError,
};
use crate::watch::decode_path;

use super::PipelineSettings;
use super::backoff::{Backoff, before_retry};
use super::compute::Compute;
use super::failure::Failure;
use super::gather::{Gathered, SampleSpectrum, gather};
use super::place::place;
use super::road::{self, Processed};

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

/// How the work on a lease ended.
enum Outcome {
    Finished(Box<Finished>),
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
            Outcome::Finished(finished) => {
                let committed = self.patiently(|| store.commit(lease, finished)).await;
                match committed {
                    Ok(cursor) => {
                        told(lease, finished, cursor);
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
                    Ok(finished) => Outcome::Finished(Box::new(finished)),
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

    /// From the dataset to what is to be committed.
    async fn walk(&self, lease: &Lease) -> Result<Finished, Failure> {
        let path = decode_path(&lease.path);
        let (digest, parameters) = (lease.digest.clone(), self.shared.settings.processing.clone());
        let processed = self
            .compute
            .run(move || road::process(&path, digest.as_deref(), &parameters))
            .await??;
        let Processed { nucleus, experiment, spectrum, read_ms, process_ms } = processed;

        let store = &self.shared.store;
        let earlier = self.patiently(|| store.sample_spectra(lease.sample)).await?;
        let earlier = earlier.into_iter().filter(|s| s.acquisition != lease.acquisition);
        let current = SampleSpectrum {
            id: None,
            acquisition: lease.acquisition,
            nucleus,
            experiment,
            peaks: spectrum.peaks.clone(),
        };
        let gathered = gather(current, earlier.filter_map(SampleSpectrum::stored).collect());
        let judged = match gathered {
            Some(gathered) => self.judge(lease, gathered).await?,
            None => Err("the sample has no spectrum yet that shows every carbon".to_owned()),
        };
        let (elucidation, unjudged, elucidate_ms) = match judged {
            Ok((elucidation, ms)) => (Some(elucidation), None, ms),
            Err(reason) => (None, Some(reason), 0.0),
        };
        let timings = StageTimings { read_ms, process_ms, elucidate_ms };
        Ok(Finished { spectrum, elucidation, unjudged, timings })
    }

    /// Judges the sample; the inner error says why its spectra cannot be judged, however often
    /// one tries.
    async fn judge(
        &self,
        lease: &Lease,
        gathered: Gathered,
    ) -> Result<Result<(NewElucidation, f64), String>, Failure> {
        let Gathered { query, used, acquisitions } = gathered;
        let proposed = self.proposed(lease, &acquisitions).await?;
        let elucidator = Arc::clone(&self.shared.elucidator);
        let options = self.shared.settings.judging.clone();
        let parameters = serde_json::to_value(&options)
            .map_err(|error| Failure::lasting(format!("parameters: {error}")))?;
        let judged =
            self.compute.run(move || road::judge(&elucidator, &query, &proposed, &options)).await?;
        let (elucidation, ms) = match judged {
            Ok(judged) => judged,
            Err(failure) if failure.passing => return Err(failure),
            Err(failure) => return Ok(Err(failure.reason)),
        };
        let elucidation = NewElucidation {
            elucidation,
            model_digest: self.shared.model_digest.clone(),
            library_versions: self.shared.library_versions.clone(),
            parameters,
            spectra_used: used,
        };
        Ok(Ok((elucidation, ms)))
    }

    /// Structures proposed for the sample: beside its data, and by clients. Each once.
    async fn proposed(
        &self,
        lease: &Lease,
        acquisitions: &[uuid::Uuid],
    ) -> Result<Vec<Proposed>, Failure> {
        let store = &self.shared.store;
        let experiment = lease.experiment_number.as_deref();
        let mut places = vec![place(&lease.path, &lease.sample_name, experiment)];
        for id in acquisitions.iter().filter(|id| **id != lease.acquisition) {
            match self.patiently(|| store.acquisition(*id)).await {
                Ok(other) => places.push(place(
                    &other.path,
                    &other.sample_name,
                    other.experiment_number.as_deref(),
                )),
                Err(error) => debug!(%error, "an earlier acquisition cannot be looked up"),
            }
        }
        let beside = self
            .compute
            .run(move || {
                let found = places
                    .iter()
                    .flat_map(|(path, beside)| fid::proposed_structures(path, *beside));
                found.collect::<Vec<_>>()
            })
            .await?;
        let beside = beside.into_iter().map(|structure| Proposed {
            text: structure.text,
            format: structure.format,
            name: structure.name,
        });
        let told = self.patiently(|| store.proposals(lease.sample)).await?;
        let told = told.into_iter().map(|proposal| Proposed {
            text: proposal.text,
            format: match proposal.format {
                ProposalFormat::Smiles => StructureFormat::Smiles,
                ProposalFormat::Molblock => StructureFormat::Molblock,
            },
            name: proposal.name,
        });
        let mut all: Vec<Proposed> = Vec::new();
        for proposed in beside.chain(told) {
            if all.iter().all(|other| other.text != proposed.text) {
                all.push(proposed);
            }
        }
        Ok(all)
    }

    /// Asks the store again and again while the database is away; gives up only to quit.
    async fn patiently<T, F>(&self, ask: impl Fn() -> F) -> Result<T, StoreError>
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

fn told(lease: &Lease, finished: &Finished, cursor: i64) {
    let spectrum = &finished.spectrum;
    let judged = finished.elucidation.as_ref().map(|judged| &judged.elucidation);
    let best = judged.and_then(|judged| judged.candidates.first());
    info!(
        path = lease.path,
        group = lease.group,
        sample = lease.sample_name,
        nucleus = spectrum.nucleus,
        experiment = spectrum.experiment,
        peaks = spectrum.peaks.len(),
        verdict = judged.map(|judged| tracing::field::debug(judged.verdict)),
        best = best.map(|best| best.smiles.as_str()),
        read_ms = finished.timings.read_ms,
        process_ms = finished.timings.process_ms,
        elucidate_ms = finished.timings.elucidate_ms,
        unjudged = finished.unjudged.as_deref(),
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
