//! The stream that keeps its cursor, against a server that ends streams as it is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use larmor_client::proto::result_service_server::{ResultService, ResultServiceServer};
use larmor_client::proto::watch_results_response::Message;
use larmor_client::proto::{
    Bookmark, Event, FindSimilarSpectraRequest, FindSimilarSpectraResponse, GetResultRequest,
    GetResultResponse, GetSpectrumRequest, GetSpectrumResponse, GetTraceRequest, GetTraceResponse,
    ListResultsRequest, ListResultsResponse, WatchResultsRequest, WatchResultsResponse,
};
use larmor_client::{ClientError, ResultStream, Update};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// Nothing here takes this long unless it is broken.
const PATIENCE: Duration = Duration::from_secs(20);

type Item = Result<WatchResultsResponse, Status>;

/// Plays one script for each stream, and notes what was asked for.
#[derive(Clone, Default)]
struct Played {
    scripts: Arc<Mutex<VecDeque<Vec<Item>>>>,
    requests: Arc<Mutex<Vec<WatchResultsRequest>>>,
}

#[tonic::async_trait]
impl ResultService for Played {
    type WatchResultsStream = tokio_stream::Iter<std::vec::IntoIter<Item>>;

    async fn watch_results(
        &self,
        request: Request<WatchResultsRequest>,
    ) -> Result<Response<Self::WatchResultsStream>, Status> {
        self.requests.lock().unwrap().push(request.into_inner());
        let script = self.scripts.lock().unwrap().pop_front().unwrap_or_default();
        Ok(Response::new(tokio_stream::iter(script)))
    }

    async fn get_result(
        &self,
        _: Request<GetResultRequest>,
    ) -> Result<Response<GetResultResponse>, Status> {
        Err(Status::unimplemented("only streams are played"))
    }

    async fn list_results(
        &self,
        _: Request<ListResultsRequest>,
    ) -> Result<Response<ListResultsResponse>, Status> {
        Err(Status::unimplemented("only streams are played"))
    }

    async fn get_spectrum(
        &self,
        _: Request<GetSpectrumRequest>,
    ) -> Result<Response<GetSpectrumResponse>, Status> {
        Err(Status::unimplemented("only streams are played"))
    }

    async fn get_trace(
        &self,
        _: Request<GetTraceRequest>,
    ) -> Result<Response<GetTraceResponse>, Status> {
        Err(Status::unimplemented("only streams are played"))
    }

    async fn find_similar_spectra(
        &self,
        _: Request<FindSimilarSpectraRequest>,
    ) -> Result<Response<FindSimilarSpectraResponse>, Status> {
        Err(Status::unimplemented("only streams are played"))
    }
}

fn message(message: Message) -> Item {
    Ok(WatchResultsResponse { message: Some(message) })
}

fn event(cursor: i64) -> Item {
    message(Message::Event(Event { cursor, ..Event::default() }))
}

fn bookmark(cursor: i64) -> Item {
    message(Message::Bookmark(Bookmark { cursor }))
}

fn gone() -> Item {
    Err(Status::unavailable("the server shuts down"))
}

/// A stream from a server that plays these scripts, and the requests the server gets.
async fn follow(
    request: WatchResultsRequest,
    scripts: Vec<Vec<Item>>,
) -> (ResultStream, Arc<Mutex<Vec<WatchResultsRequest>>>) {
    let played = Played::default();
    played.scripts.lock().unwrap().extend(scripts);
    let requests = played.requests.clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let service = ResultServiceServer::new(played);
    let router = Server::builder().add_service(service);
    tokio::spawn(router.serve_with_incoming(TcpListenerStream::new(listener)));
    (
        ResultStream::new(larmor_client::Server::try_from(address.as_str()).unwrap(), request),
        requests,
    )
}

async fn next(results: &mut ResultStream) -> Result<Update, ClientError> {
    tokio::time::timeout(PATIENCE, results.next()).await.unwrap()
}

/// What is yielded, in short; the error that ends it last.
async fn yielded(results: &mut ResultStream, count: usize) -> Vec<String> {
    let mut said = Vec::new();
    for _ in 0..count {
        said.push(match next(results).await {
            Ok(Update::Event(event)) => format!("event {}", event.cursor),
            Ok(Update::Bookmark(cursor)) => format!("bookmark {cursor}"),
            Ok(Update::Lost(status)) => format!("lost: {}", status.message()),
            Ok(Update::Regained) => "regained".to_owned(),
            Ok(other) => format!("{other:?}"),
            Err(error) => format!("error: {error}"),
        });
    }
    said
}

#[tokio::test]
async fn it_resumes_at_its_cursor_with_the_same_filter() {
    let request = WatchResultsRequest { cursor: 3, group: "g".to_owned(), ..Default::default() };
    let first = vec![event(4), event(6), gone()];
    let (mut results, requests) = follow(request, vec![first, vec![event(7)]]).await;
    assert_eq!(results.cursor(), Some(3));
    let said = yielded(&mut results, 5).await;
    assert_eq!(said, ["event 4", "event 6", "lost: the server shuts down", "regained", "event 7"]);
    assert_eq!(results.cursor(), Some(7));
    let asked = requests.lock().unwrap().clone();
    let asked: Vec<_> = asked.iter().map(|one| (one.cursor, one.group.as_str())).collect();
    assert_eq!(asked, [(3, "g"), (6, "g")]);
}

#[tokio::test]
async fn a_bookmark_moves_the_cursor_past_what_the_filter_left_out() {
    let scripts = vec![vec![event(1), bookmark(90), gone()], vec![event(91)]];
    let (mut results, requests) = follow(WatchResultsRequest::default(), scripts).await;
    let said = yielded(&mut results, 3).await;
    assert_eq!(said, ["event 1", "bookmark 90", "lost: the server shuts down"]);
    assert_eq!(results.cursor(), Some(90));
    assert_eq!(yielded(&mut results, 2).await, ["regained", "event 91"]);
    assert_eq!(requests.lock().unwrap()[1].cursor, 90);
}

#[tokio::test]
async fn from_now_on_becomes_a_cursor_with_the_first_message() {
    let request = WatchResultsRequest { from_newest: true, ..Default::default() };
    let scripts = vec![vec![gone()], vec![bookmark(41), gone()], vec![event(42)]];
    let (mut results, requests) = follow(request, scripts).await;
    assert_eq!(results.cursor(), None);
    let said = yielded(&mut results, 3).await;
    assert_eq!(said, ["lost: the server shuts down", "regained", "bookmark 41"]);
    let said = yielded(&mut results, 3).await;
    assert_eq!(said, ["lost: the server shuts down", "regained", "event 42"]);
    let asked = requests.lock().unwrap().clone();
    let asked: Vec<_> = asked.iter().map(|one| (one.from_newest, one.cursor)).collect();
    assert_eq!(asked, [(true, 0), (true, 0), (false, 41)]);
}

#[tokio::test]
async fn every_loss_is_told_once_whatever_it_looks_like() {
    let scripts = vec![
        vec![Err(Status::resource_exhausted("too many streams are open"))],
        vec![Err(Status::unknown("a broken connection"))],
        vec![Err(Status::internal("another"))],
        // A stream that ends without a status.
        vec![],
        vec![event(1)],
    ];
    let (mut results, _) = follow(WatchResultsRequest::default(), scripts).await;
    let said = yielded(&mut results, 3).await;
    assert_eq!(said, ["lost: too many streams are open", "regained", "event 1"]);
}

#[tokio::test]
async fn a_cursor_that_is_of_no_use_ends_it_with_the_reason() {
    let refused = |reason: &str, name: &str, cursor: i64| {
        let metadata = HashMap::from([(name.to_owned(), cursor.to_string())]);
        let details = ErrorDetails::with_error_info(reason, "larmor", metadata);
        let said = format!("{reason} said in words");
        vec![Err(Status::with_error_details(Code::OutOfRange, said, details))]
    };
    let scripts = vec![
        refused("CURSOR_TOO_OLD", "oldest", 17),
        refused("CURSOR_FROM_FUTURE", "newest", 4),
        refused("ANOTHER", "x", 0),
        vec![Err(Status::invalid_argument("no such kind"))],
    ];
    let (mut results, _) = follow(WatchResultsRequest::default(), scripts).await;
    let too_old = next(&mut results).await.unwrap_err();
    assert!(matches!(too_old, ClientError::CursorTooOld { oldest: 17, .. }), "{too_old:?}");
    assert_eq!(too_old.to_string(), "CURSOR_TOO_OLD said in words");
    let future = next(&mut results).await.unwrap_err();
    assert!(matches!(future, ClientError::CursorFromFuture { newest: 4, .. }), "{future:?}");
    let other = next(&mut results).await.unwrap_err();
    assert_eq!(other.status().unwrap().code(), Code::OutOfRange);
    let wrong = next(&mut results).await.unwrap_err();
    assert!(matches!(wrong, ClientError::Refused(_)), "{wrong:?}");
    assert_eq!(wrong.to_string(), "no such kind");
}

#[tokio::test]
async fn dropping_the_future_loses_nothing() {
    let scripts = vec![vec![event(1), gone()], vec![event(2)]];
    let (mut results, _) = follow(WatchResultsRequest::default(), scripts).await;
    assert_eq!(yielded(&mut results, 2).await, ["event 1", "lost: the server shuts down"]);
    for _ in 0..3 {
        let short = Duration::from_millis(20);
        assert!(tokio::time::timeout(short, results.next()).await.is_err(), "still waiting");
    }
    assert_eq!(yielded(&mut results, 2).await, ["regained", "event 2"]);
}
