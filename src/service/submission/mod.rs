//! `SubmitFid`: datasets that instruments and people push.

mod answer;
mod incoming;
mod names;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tonic::{Code, Request, Status, Streaming};

use super::info::Limits;
use super::principal::principal;
use super::shares::{Refusal, Shares};
use super::status::{self, invalid_request};
use super::view::View;
use super::watch::{Start, Streams};
use crate::watch::{PathRule, encode_path, with_inspection};
pub(super) use answer::Answer;
use incoming::{Incoming, StorageError, remove_abandoned};
use larmor_client::EndReason;
use larmor_client::proto::submit_fid_request::Part;
use larmor_client::proto::{SubmitFidRequest, SubmittedFid};
use larmor_nmr::fid::{self, Beside, Inspection, Status as Found};
use larmor_store::{AcquisitionState, Change, EventFilter, Observation, ObservedState, Store};
use names::{Submitted, relative_path};

/// Submissions that are received at once, and those of one client.
const AT_ONCE: (usize, usize) = (32, 8);
/// Most files of a dataset.
const FILES: usize = 10_000;
/// Longest inspection of a dataset.
const INSPECTION: Duration = Duration::from_secs(300);

/// Takes submissions.
#[derive(Debug, Clone)]
pub(super) struct Submissions {
    store: Store,
    streams: Streams,
    /// Directory of all that was submitted.
    folder: PathBuf,
    limits: Limits,
    receiving: Arc<Shares>,
}

impl Submissions {
    /// Keeps datasets below a directory. What an earlier process left unfinished there goes.
    pub(super) fn new(store: Store, streams: Streams, folder: PathBuf, limits: Limits) -> Self {
        let (all, each) = AT_ONCE;
        let abandoned = folder.clone();
        tokio::task::spawn_blocking(move || {
            // There is nothing where nothing was ever submitted.
            if let Err(error) = remove_abandoned(&abandoned)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(folder = %abandoned.display(), %error, "unfinished submissions stay");
            }
        });
        Self { store, streams, folder, limits, receiving: Shares::new(all, each) }
    }

    /// Receives a dataset, records it and tells what becomes of it.
    pub(super) async fn submit(
        &self,
        view: &View,
        request: Request<Streaming<SubmitFidRequest>>,
    ) -> Result<Answer, Status> {
        let (client, grant) = (principal(&request), self.streams.grant(&request)?);
        // Before anything is received: its events want a stream.
        let share = self.streams.share(client)?;
        let receiving = self.receiving.take(client).map_err(refused)?;
        let received = tokio::select! {
            received = self.receive(view, request.into_inner()) => received?,
            () = self.streams.draining() => return Err(status::shutting_down()),
        };
        drop(receiving);
        // What happens from here on is the submission's, also where the acquisition is an old one.
        let before = self.store.log_end().await.map_err(status::of)?;
        let outcome = self.store.observe_sent(&received).await.map_err(status::of)?;
        let acquisition = view.acquisition(outcome.acquisition).await?;
        let known = matches!(outcome.change, Change::Nothing | Change::Location);
        let finished = matches!(
            outcome.state,
            AcquisitionState::Done | AcquisitionState::Failed | AcquisitionState::Skipped
        );
        let events = match known && finished {
            true => None,
            false => {
                let acquisition = Some(outcome.acquisition);
                let filter = EventFilter { acquisition, ..EventFilter::default() };
                Some(self.streams.open(Start::At(before), filter, grant, share, false)?)
            }
        };
        let submitted =
            SubmittedFid { acquisition: Some(super::convert::acquisition(acquisition)), known };
        Ok(Answer::new(submitted, events))
    }

    /// A dataset as it is to be recorded, on the disk.
    async fn receive(
        &self,
        view: &View,
        mut parts: Streaming<SubmitFidRequest>,
    ) -> Result<Observation, Status> {
        let Some(Part::Submission(submission)) = self.next(&mut parts).await? else {
            return Err(invalid_request("the first message has to say what is submitted"));
        };
        let submitted = Submitted::read(submission, view.usual_group())?;
        view.enters(&submitted.group)?;
        self.bounded(submitted.total_bytes.unwrap_or(0))?;
        let mut incoming = Incoming::begin(&self.folder, &submitted.name).await.map_err(storage)?;
        let mut files = 0;
        while let Some(part) = self.next(&mut parts).await? {
            match part {
                Part::Submission(_) => {
                    return Err(invalid_request("one call takes one submission"));
                }
                Part::File(file) => {
                    files += 1;
                    if files > FILES {
                        return Err(invalid_request(format!("there are more than {FILES} files")));
                    }
                    let path = relative_path(&file.path)?;
                    incoming.begin_file(path).await.map_err(storage)?;
                }
                Part::Chunk(bytes) => {
                    incoming.write(&bytes).await.map_err(storage)?;
                    self.bounded(incoming.bytes())?;
                }
            }
        }
        if incoming.is_empty() {
            return Err(invalid_request("no file was sent"));
        }
        if let Some(total) = submitted.total_bytes.filter(|&total| total != incoming.bytes()) {
            let got = incoming.bytes();
            return Err(invalid_request(format!("{got} bytes came where {total} were announced")));
        }
        let digest = incoming.end().await.map_err(storage)?;
        let (inspection, state, reason) = inspect(incoming.dataset()).await?;
        let place = self.folder.join(submitted.place(&digest));
        let kept = incoming.keep(place).await.map_err(storage)?;
        let named = PathRule::guess(&PathBuf::from("sample").join(&submitted.name));
        let observation = Observation {
            instrument: submitted.instrument,
            group: submitted.group,
            sample: submitted.sample,
            experiment_number: named.experiment,
            path: encode_path(&kept),
            // What lies around it is no business of its sample.
            beside: Beside::Dataset,
            vendor: Some(inspection.vendor),
            state,
            reason: Some(reason),
            digest: None,
            nucleus: None,
            experiment: None,
            title: String::new(),
            pulse_program: String::new(),
            last_written: None,
        };
        Ok(with_inspection(observation, inspection))
    }

    fn bounded(&self, bytes: u64) -> Result<(), Status> {
        let most = self.limits.submission_bytes;
        if bytes > most {
            return Err(invalid_request(format!(
                "a submission may have {most} bytes (setting service.max_submission_mib)"
            )));
        }
        Ok(())
    }

    /// The next part; None at the end. A client that sends nothing for too long is given up.
    async fn next(&self, parts: &mut Streaming<SubmitFidRequest>) -> Result<Option<Part>, Status> {
        let patience = self.limits.slow_consumer;
        match timeout(patience, parts.message()).await {
            Ok(Ok(None)) => Ok(None),
            Ok(Ok(Some(SubmitFidRequest { part: Some(part) }))) => Ok(Some(part)),
            Ok(Ok(Some(SubmitFidRequest { part: None }))) => {
                Err(invalid_request("a message has no part that this server knows"))
            }
            Ok(Err(status)) => Err(status),
            Err(_) => {
                let said =
                    format!("nothing came for {:.0} s; send it again", patience.as_secs_f64());
                Err(status::ended(Code::DeadlineExceeded, said, EndReason::SlowSender, []))
            }
        }
    }
}

/// Inspects a dataset that was received. A submission is whole by the word of its sender, so what is
/// not is no dataset.
async fn inspect(dataset: &Path) -> Result<(Inspection, ObservedState, String), Status> {
    let around = dataset.parent().unwrap_or(dataset).to_owned();
    // Where it lies for the moment tells its sender nothing.
    let plain = |said: String| said.replace(&format!("{}/", around.display()), "");
    let name = plain(dataset.display().to_string());
    let path = dataset.to_owned();
    let inspected = tokio::task::spawn_blocking(move || fid::inspect(&path));
    let inspection = match timeout(INSPECTION, inspected).await {
        Ok(Ok(Ok(inspection))) => inspection,
        Ok(Ok(Err(error))) => return Err(invalid_request(plain(error.to_string()))),
        Ok(Err(panic)) => {
            tracing::error!(name, %panic, "a submitted dataset cannot be inspected");
            let said = format!("Larmor failed to inspect {name}; please report this");
            return Err(invalid_request(said));
        }
        Err(_) => return Err(invalid_request(format!("{name} takes too long to read"))),
    };
    let (state, reason) = match &inspection.status {
        Found::Complete { evidence, halted: false } => (ObservedState::Ready, evidence.clone()),
        Found::Complete { evidence, halted: true } => {
            (ObservedState::Ready, format!("{evidence}; halted by the operator"))
        }
        Found::Unsupported { reason } => (ObservedState::Skipped, plain(reason.clone())),
        Found::Incomplete { reason } | Found::CutOff { reason } => {
            return Err(invalid_request(format!("{name} is not whole: {}", plain(reason.clone()))));
        }
        Found::Corrupt { reason } => {
            return Err(invalid_request(format!(
                "{name} cannot be read: {}",
                plain(reason.clone())
            )));
        }
    };
    Ok((inspection, state, reason))
}

fn storage(error: StorageError) -> Status {
    match error {
        StorageError::Twice { .. } => invalid_request(error.to_string()),
        StorageError::Io { .. } => {
            tracing::error!(error = &error as &dyn Error, "a submission cannot be stored");
            let said = "the server cannot store it; its log says why".to_owned();
            status::ended(Code::Internal, said, EndReason::ServerFault, [])
        }
    }
}

fn refused(refusal: Refusal) -> Status {
    let (Refusal::Full(most) | Refusal::OverShare(most)) = refusal;
    let said = format!("{most} submissions are being received; send this one later");
    let limit = [("limit", most.to_string())];
    status::ended(Code::ResourceExhausted, said, EndReason::TooManySubmissions, limit)
}
