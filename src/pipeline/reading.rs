//! Reading a dataset, from a share that may hang or be away.

use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tracing::warn;

use larmor_store::Lease;

use super::away::why_away;
use super::compute::ComputeError;
use super::failure::{Cause, Failure};
use super::processing::{ReadDataset, read};
use super::substitute::Substitute;
use super::worker::Worker;

/// A read that takes longer is waited for while another worker does what else there is.
const SLOW: Duration = Duration::from_millis(500);
/// Longest that listing a root may take.
const LISTING: Duration = Duration::from_secs(5);

impl Worker {
    /// Reads the leased dataset. What the surroundings did is not blamed on it.
    pub(super) async fn read(
        &self,
        lease: &Lease,
        path: PathBuf,
        digest: Option<String>,
    ) -> Result<ReadDataset, Failure> {
        let away = &self.shared.away;
        let limit = self.shared.settings.read_deadline;
        let work = move || read(&path, digest.as_deref());
        let mut reading = pin!(self.of_files(limit, work));
        let outcome = match timeout(SLOW, &mut reading).await {
            Ok(outcome) => outcome,
            Err(_) => {
                let _slow = away.slow(&lease.instrument);
                let _substitute = Substitute::start(&self.shared);
                reading.await
            }
        };
        let failure = match outcome {
            Ok(Ok(dataset)) => {
                away.reached(&lease.instrument);
                return Ok(dataset);
            }
            Ok(Err(failure)) => failure,
            Err(ComputeError::TimedOut(limit)) => {
                let seconds = limit.as_secs_f64();
                warn!(path = lease.path, seconds, "reading was given up; other work goes on");
                Failure::passing(format!("{} did not answer within {seconds} s", lease.path))
            }
            Err(error) => return Err(error.into()),
        };
        Err(self.blamed(lease, failure).await)
    }

    /// Asks something of files on the thread that computes. A share that does not answer keeps no
    /// process from ending.
    pub(super) async fn of_files<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ComputeError> {
        let enough = async {
            sleep(SLOW).await;
            self.shared.drain.cancelled().await;
        };
        self.compute.execute_until(enough, limit, work).await
    }

    /// The failure of a read, blamed on the surroundings where they are its cause.
    async fn blamed(&self, lease: &Lease, failure: Failure) -> Failure {
        let away = &self.shared.away;
        let reason = match (failure.cause, away.root(&lease.instrument)) {
            (Cause::Data | Cause::Superseded, _) => None,
            // One bad file must not keep all others waiting: the root has to be away.
            (Cause::Passing | Cause::Surroundings, Some(root)) => {
                let hung = format!("{} does not answer", root.display());
                match self.of_files(LISTING, move || why_away(&root)).await {
                    Ok(why) => why,
                    // The process ends: nobody knows, and nothing is to be told.
                    Err(ComputeError::GivenUp) => {
                        return Failure::of_surroundings(failure.reason);
                    }
                    Err(_) => Some(hung),
                }
            }
            (Cause::Passing, None) => None,
            (Cause::Surroundings, None) => Some(failure.reason.clone()),
        };
        match reason {
            Some(reason) => {
                away.away(&lease.instrument, &reason);
                Failure::of_surroundings(reason)
            }
            None if failure.cause == Cause::Surroundings => Failure::passing(failure.reason),
            None => failure,
        }
    }
}
