//! `SubmitFid`: what is pushed is recorded as what is found, once, and bad input leaves nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use larmor::service::Limits;
use larmor_client::proto::event::Body;
use larmor_client::proto::submit_fid_request::Part;
use larmor_client::proto::submit_fid_response::Message;
use larmor_client::proto::{
    Acquisition, AcquisitionState, Event, Submission, SubmitFidRequest, SubmittedFile,
};
use larmor_client::{ClientError, EndReason, FidSubmission, SubmissionAnswer, submit_fid};
use larmor_fixtures::acquisition::{any_work, finished};
use larmor_fixtures::{TestDatabase, test_data};
use larmor_store::{Lease, Store};
use tokio::sync::mpsc::Sender;
use tokio::task::JoinHandle;
use tonic::{Code, Status};

use crate::support::server::{PATIENCE, TestServer};

const ARBORININE: &str = "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4";
const RUTIN: &str = "jeol/Rutin_3080ug200uL_DMSOd6_13CNMR_400MHz_Jeol.jdf";
const RUTIN_2D: &str = "jeol/Rutin_3080ug200uL_DMSOd6_HSQC_400MHz_Jeol.jdf";
const ASPIRIN: &str = "jcamp/aspirin-1h.fid.dx";

fn of(dataset: impl Into<PathBuf>) -> FidSubmission {
    FidSubmission {
        dataset: dataset.into(),
        sample: "AB-17".to_owned(),
        group: "rossi".to_owned(),
        instrument: "benchtop".to_owned(),
    }
}

async fn submit(server: &TestServer, dataset: &Path) -> Result<SubmissionAnswer, ClientError> {
    submit_fid(larmor_client::connect(&server.address).await.unwrap(), of(dataset)).await
}

async fn next(answer: &mut SubmissionAnswer) -> Option<Message> {
    tokio::time::timeout(PATIENCE, answer.next()).await.unwrap().unwrap()
}

/// The acquisition that an answer begins with, and whether it was there before.
async fn submitted(answer: &mut SubmissionAnswer) -> (Acquisition, bool) {
    match next(answer).await {
        Some(Message::Submitted(submitted)) => (submitted.acquisition.unwrap(), submitted.known),
        other => panic!("{other:?}"),
    }
}

async fn event(answer: &mut SubmissionAnswer) -> Option<Event> {
    match next(answer).await? {
        Message::Event(event) => Some(event),
        other => panic!("{other:?}"),
    }
}

async fn lease(store: &Store) -> Lease {
    store.lease("worker", &any_work()).await.unwrap().unwrap()
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files_below(&path)),
            path => found.push(path),
        }
    }
    found
}

/// Waits until nothing is left of what was given up.
async fn files_are(folder: &Path, count: usize) {
    for _ in 0..500 {
        if files_below(folder).len() == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?}", files_below(folder));
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_dataset_that_is_pushed_is_recorded_and_its_result_comes_back() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, Limits::default()).await;
    let source = test_data(ARBORININE).join("11");
    let mut answer = submit(&server, &source).await.unwrap();
    let (acquisition, known) = submitted(&mut answer).await;
    assert!(!known);
    let told = (&*acquisition.instrument, &*acquisition.group, &*acquisition.sample);
    assert_eq!(told, ("benchtop", "rossi", "AB-17"));
    assert_eq!((&*acquisition.experiment_number, &*acquisition.nucleus), ("11", "13C"));
    assert_eq!((acquisition.state(), &*acquisition.vendor), (AcquisitionState::Ready, "bruker"));
    let place = Path::new(&acquisition.path);
    assert!(place.starts_with(server.submitted.path().join("benchtop/rossi/AB-17")), "{place:?}");
    for file in ["fid", "acqus", "audita.txt"] {
        let same = fs::read(place.join(file)).unwrap() == fs::read(source.join(file)).unwrap();
        assert!(same, "{file}");
    }
    let discovered = event(&mut answer).await.unwrap();
    assert!(matches!(discovered.body, Some(Body::Discovered(_))), "{discovered:?}");

    let lease = lease(&database.store).await;
    assert_eq!(lease.acquisition.to_string(), acquisition.id);
    database.store.commit(&lease, &finished()).await.unwrap();
    let processed = event(&mut answer).await.unwrap();
    assert!(matches!(processed.body, Some(Body::Processed(_))), "{processed:?}");
    let judged = event(&mut answer).await.unwrap();
    assert!(matches!(judged.body, Some(Body::Elucidated(_))), "{judged:?}");
    assert!(next(&mut answer).await.is_none(), "there is nothing more to come");

    let count = files_below(server.submitted.path()).len();
    let mut again = submit(&server, &source).await.unwrap();
    let (same, known) = submitted(&mut again).await;
    assert_eq!((&same.id, same.state(), known), (&acquisition.id, AcquisitionState::Done, true));
    assert!(next(&mut again).await.is_none());
    files_are(server.submitted.path(), count).await;
    server.stop().await;
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn every_format_that_is_read_can_be_pushed() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, Limits::default()).await;
    for (file, vendor, nucleus, state) in [
        (RUTIN, "jeol", "13C", AcquisitionState::Ready),
        (ASPIRIN, "jcamp", "1H", AcquisitionState::Ready),
        (RUTIN_2D, "jeol", "", AcquisitionState::Skipped),
    ] {
        let mut answer = submit(&server, &test_data(file)).await.unwrap();
        let (acquisition, _) = submitted(&mut answer).await;
        assert_eq!((acquisition.state(), &*acquisition.vendor), (state, vendor), "{file}");
        assert!(acquisition.nucleus.contains(nucleus), "{acquisition:?}");
        assert!(matches!(event(&mut answer).await.unwrap().body, Some(Body::Discovered(_))));
        if state == AcquisitionState::Skipped {
            assert!(matches!(event(&mut answer).await.unwrap().body, Some(Body::Skipped(_))));
            assert!(next(&mut answer).await.is_none());
        }
    }
    files_are(server.submitted.path(), 3).await;
    server.stop().await;
}

fn submission(name: &str) -> Part {
    Part::Submission(Submission {
        sample: "S".to_owned(),
        name: name.to_owned(),
        ..Submission::default()
    })
}

fn file(path: &str) -> Part {
    Part::File(SubmittedFile { path: path.to_owned() })
}

async fn refused(server: &TestServer, parts: Vec<Part>) -> Status {
    let parts = parts.into_iter().map(|part| SubmitFidRequest { part: Some(part) });
    let parts: Vec<_> = parts.collect();
    server.acquisitions().submit_fid(tokio_stream::iter(parts)).await.unwrap_err()
}

#[tokio::test]
async fn bad_input_is_told_and_leaves_nothing() {
    let database = TestDatabase::new().await;
    let limits = Limits { submission_bytes: 1000, ..Limits::default() };
    let server = TestServer::start(&database.store, limits).await;
    let chunk = |bytes: &[u8]| Part::Chunk(bytes.to_vec());
    let announced = |total_bytes| {
        Part::Submission(Submission {
            sample: "S".to_owned(),
            name: "a.dx".to_owned(),
            total_bytes,
            ..Submission::default()
        })
    };
    for (parts, said) in [
        (vec![], "first message"),
        (vec![chunk(b"x")], "first message"),
        (vec![submission("a.dx")], "no file"),
        (vec![submission("a.dx"), submission("a.dx"), chunk(b"x")], "one submission"),
        (vec![submission("../a.dx"), chunk(b"x")], "file name"),
        (vec![submission("10"), file("../../fid"), chunk(b"x")], "file name"),
        (vec![submission("10"), file("fid"), chunk(b"x"), file("fid")], "twice"),
        (vec![submission("10"), chunk(b"x"), file("fid"), chunk(b"x")], "as well"),
        (vec![announced(5), chunk(b"1234")], "4 bytes came where 5"),
        (vec![announced(5000), chunk(b"1234")], "1000 bytes"),
        (vec![submission("a.dx"), chunk(&[b'#'; 600]), chunk(&[b'#'; 600])], "1000 bytes"),
        (vec![submission("notes.txt"), chunk(b"hello")], "notes.txt is not a dataset"),
        (vec![submission("a.dx"), chunk(b"hello")], "a.dx"),
        (vec![submission("a.jdf"), chunk(b"JEOL.NMR")], "a.jdf"),
        (vec![submission("10"), file("acqus"), chunk(b"##$DATE= 0\n##END=\n")], "not whole"),
        (vec![submission("10"), file("procpar"), chunk(b"x")], "10 is not a dataset"),
    ] {
        let about = format!("{parts:?}");
        let status = refused(&server, parts).await;
        assert_eq!(status.code(), Code::InvalidArgument, "{about}: {status}");
        assert_eq!(EndReason::of(&status), Some(EndReason::InvalidRequest), "{about}");
        assert!(status.message().contains(said), "{about}: {status}");
        assert!(!status.message().contains(".incoming"), "{status}");
    }
    files_are(server.submitted.path(), 0).await;
    assert_eq!(database.store.cursor_bounds().await.unwrap().newest, 0, "nothing is recorded");
    server.stop().await;
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn half_a_dataset_is_refused_and_leaves_nothing() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, Limits::default()).await;
    let bruker = test_data(ARBORININE).join("11");
    let fid = fs::read(bruker.join("fid")).unwrap();
    let half = vec![
        submission("11"),
        file("acqus"),
        Part::Chunk(fs::read(bruker.join("acqus")).unwrap()),
        file("fid"),
        Part::Chunk(fid[..fid.len() / 2].to_vec()),
    ];
    let jdf = fs::read(test_data(RUTIN)).unwrap();
    let short = vec![submission("r.jdf"), Part::Chunk(jdf[..jdf.len() / 2].to_vec())];
    let dx = fs::read(test_data(ASPIRIN)).unwrap();
    let cut = vec![submission("a.fid.dx"), Part::Chunk(dx[..dx.len() / 2].to_vec())];
    for parts in [half, short, cut] {
        let status = refused(&server, parts).await;
        assert_eq!(status.code(), Code::InvalidArgument, "{status}");
        assert!(status.message().contains("is not whole"), "{status}");
    }
    files_are(server.submitted.path(), 0).await;
    server.stop().await;
}

/// A call whose client has sent a beginning and says no more, for as long as the sender lives.
async fn half_sent(
    server: &TestServer,
    bytes: usize,
) -> (JoinHandle<Result<(), Status>>, Sender<SubmitFidRequest>) {
    let (parts, sent) = tokio::sync::mpsc::channel(4);
    let mut client = server.acquisitions();
    let sent = tokio_stream::wrappers::ReceiverStream::new(sent);
    let call = tokio::spawn(async move { client.submit_fid(sent).await.map(|_| ()) });
    for part in [submission("a.dx"), Part::Chunk(vec![b'#'; bytes])] {
        parts.send(SubmitFidRequest { part: Some(part) }).await.unwrap();
    }
    (call, parts)
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_nothing() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, Limits::default()).await;
    let (call, _parts) = half_sent(&server, 100_000).await;
    files_are(server.submitted.path(), 1).await;
    call.abort();
    files_are(server.submitted.path(), 0).await;
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_shuts_down_says_so_and_leaves_nothing() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, Limits::default()).await;
    let (call, _parts) = half_sent(&server, 1000).await;
    files_are(server.submitted.path(), 1).await;
    let kept = server.stop_and_keep().await;
    let ended = call.await.unwrap().unwrap_err();
    assert_eq!(EndReason::of(&ended), Some(EndReason::ShuttingDown), "{ended}");
    files_are(kept.path(), 0).await;
}

#[tokio::test]
async fn more_submissions_at_once_than_a_client_may_send_are_refused_until_one_ends() {
    let database = TestDatabase::new().await;
    let server = TestServer::start(&database.store, Limits::default()).await;
    let mut open = Vec::new();
    for _ in 0..8 {
        let (parts, sent) = tokio::sync::mpsc::channel(4);
        let mut client = server.acquisitions();
        let sent = tokio_stream::wrappers::ReceiverStream::new(sent);
        let call = tokio::spawn(async move { client.submit_fid(sent).await.map(|_| ()) });
        for part in [submission("a.dx"), Part::Chunk(vec![b'#'; 10])] {
            parts.send(SubmitFidRequest { part: Some(part) }).await.unwrap();
        }
        open.push((parts, call));
    }
    files_are(server.submitted.path(), 8).await;
    let status = refused(&server, vec![submission("a.dx")]).await;
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert_eq!(EndReason::of(&status), Some(EndReason::TooManySubmissions), "{status}");
    let (parts, call) = open.pop().unwrap();
    drop(parts);
    let ended = call.await.unwrap().unwrap_err();
    assert_eq!(ended.code(), Code::InvalidArgument, "its data are none: {ended}");
    let status = refused(&server, vec![submission("a.dx")]).await;
    assert_eq!(status.code(), Code::InvalidArgument, "there is room for one: {status}");
    server.stop().await;
}

#[tokio::test]
async fn a_sender_that_falls_silent_is_given_up_and_leaves_nothing() {
    let database = TestDatabase::new().await;
    let limits = Limits { slow_consumer: Duration::from_secs(1), ..Limits::default() };
    let server = TestServer::start(&database.store, limits).await;
    let (parts, sent) = tokio::sync::mpsc::channel(4);
    for part in [submission("a.dx"), Part::Chunk(vec![b'#'; 10])] {
        parts.send(SubmitFidRequest { part: Some(part) }).await.unwrap();
    }
    let sent = tokio_stream::wrappers::ReceiverStream::new(sent);
    let ended = server.acquisitions().submit_fid(sent).await.unwrap_err();
    assert_eq!(ended.code(), Code::DeadlineExceeded);
    assert_eq!(EndReason::of(&ended), Some(EndReason::SlowSender), "{ended}");
    files_are(server.submitted.path(), 0).await;
    server.stop().await;
}
