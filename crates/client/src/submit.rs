//! Submitting a dataset: its files go up, what becomes of it comes back.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use crate::connection::Connection;
use crate::error::ClientError;
use crate::proto::acquisition_service_client::AcquisitionServiceClient;
use crate::proto::submit_fid_request::Part;
use crate::proto::submit_fid_response::Message;
use crate::proto::{Submission, SubmitFidRequest, SubmitFidResponse, SubmittedFile};

/// Bytes of a message: below what every server takes.
const CHUNK: usize = 256 << 10;
/// Messages that are read ahead of the server.
const AHEAD: usize = 4;

/// A dataset to submit, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FidSubmission {
    /// Where it lies: a file or a directory.
    pub dataset: PathBuf,
    /// The sample; spectra of one sample are judged together.
    pub sample: String,
    /// Its group; empty for the server's usual one, `default`.
    pub group: String,
    /// Name of the instrument; empty for the server's usual one, `submitted`.
    pub instrument: String,
}

/// What comes back of a submission: the acquisition, then its events until there is nothing more to
/// come.
#[derive(Debug)]
pub struct SubmissionAnswer {
    stream: Streaming<SubmitFidResponse>,
}

impl SubmissionAnswer {
    /// What comes next; None at the end.
    ///
    /// # Errors
    /// [`ClientError`] when the server ends the answer before. The dataset is recorded then: its
    /// events can be followed as any.
    pub async fn next(&mut self) -> Result<Option<Message>, ClientError> {
        loop {
            match self.stream.message().await? {
                None => return Ok(None),
                Some(SubmitFidResponse { message: Some(message) }) => return Ok(Some(message)),
                // From a newer server.
                Some(SubmitFidResponse { message: None }) => {}
            }
        }
    }
}

/// Submits a dataset and waits until the server has recorded it.
/// The same dataset submitted again is the same acquisition.
///
/// ```no_run
/// use larmor_client::proto::submit_fid_response::Message;
/// use larmor_client::{ClientError, FidSubmission, connect, submit_fid};
///
/// # async fn push() -> Result<(), ClientError> {
/// let connection = connect("127.0.0.1:50151").await?;
/// let submission = FidSubmission {
///     dataset: "AB-17.jdf".into(),
///     sample: "AB-17".to_owned(),
///     ..FidSubmission::default()
/// };
/// let mut answer = submit_fid(connection, submission).await?;
/// while let Some(message) = answer.next().await? {
///     if let Message::Event(event) = message {
///         println!("{}: {:?}", event.sample, event.body);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ClientError::Unreadable`] when the files cannot be read, [`ClientError::Refused`] when they are
/// no dataset, and the others of a call.
pub async fn submit_fid(
    connection: Connection,
    submission: FidSubmission,
) -> Result<SubmissionAnswer, ClientError> {
    let (parts, sent) = mpsc::channel(AHEAD);
    let reading: JoinHandle<Result<(), ClientError>> =
        tokio::task::spawn_blocking(move || read(submission, &parts));
    let mut client = AcquisitionServiceClient::new(connection);
    let answer = client.submit_fid(ReceiverStream::new(sent)).await;
    // What kept the files from being read is why the server got too little.
    match reading.await {
        Ok(Err(unreadable)) => Err(unreadable),
        _ => Ok(SubmissionAnswer { stream: answer?.into_inner() }),
    }
}

/// Sends every file; ends early where nobody takes any more.
fn read(
    submission: FidSubmission,
    parts: &mpsc::Sender<SubmitFidRequest>,
) -> Result<(), ClientError> {
    let unreadable = |path: &Path, cause| ClientError::Unreadable { path: path.to_owned(), cause };
    // `.` has no name of its own.
    let FidSubmission { dataset, sample, group, instrument } = submission;
    let path = &fs::canonicalize(&dataset).map_err(|cause| unreadable(&dataset, cause))?;
    let files = files(path).map_err(|(path, cause)| unreadable(&path, cause))?;
    let is_directory = path.is_dir();
    let total: u64 = files.iter().map(|(_, bytes)| bytes).sum();
    let send = |part| parts.blocking_send(SubmitFidRequest { part: Some(part) }).is_ok();
    let submission = Submission {
        sample,
        group,
        instrument,
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        total_bytes: i64::try_from(total).unwrap_or(i64::MAX),
    };
    if !send(Part::Submission(submission)) {
        return Ok(());
    }
    for (file, _) in files {
        if is_directory {
            let relative = file.strip_prefix(path).unwrap_or(&file);
            let path = relative.to_string_lossy().into_owned();
            if !send(Part::File(SubmittedFile { path })) {
                return Ok(());
            }
        }
        let mut content = File::open(&file).map_err(|cause| unreadable(&file, cause))?;
        loop {
            let mut chunk = Vec::new();
            let most = u64::try_from(CHUNK).unwrap_or(u64::MAX);
            let read = content.by_ref().take(most).read_to_end(&mut chunk);
            if read.map_err(|cause| unreadable(&file, cause))? == 0 {
                break;
            }
            if !send(Part::Chunk(chunk)) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The plain files of a dataset with their sizes, in order of their names.
fn files(path: &Path) -> Result<Vec<(PathBuf, u64)>, (PathBuf, io::Error)> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |cause: io::Error| (path, cause)
    };
    let metadata = fs::symlink_metadata(path).map_err(at(path))?;
    if metadata.is_file() {
        return Ok(vec![(path.to_owned(), metadata.len())]);
    }
    let mut found = Vec::new();
    if metadata.is_dir() {
        for entry in fs::read_dir(path).map_err(at(path))? {
            let entry = entry.map_err(at(path))?;
            // Hidden files are the file manager's.
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                found.extend(files(&entry.path())?);
            }
        }
        found.sort();
    }
    Ok(found)
}
