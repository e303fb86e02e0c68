//! What subscribers get over gRPC while the daemon comes and goes.

use larmor_client::proto::event::Body;
use larmor_client::proto::info_service_client::InfoServiceClient;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::watch_results_response::Message;
use larmor_client::proto::{Event, GetInfoRequest, GetResultRequest, WatchResultsRequest};
use larmor_store::EventKind;
use tokio::time::timeout;
use tonic::{Code, Status, Streaming, transport::Channel};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::bruker::variant;
use crate::events::{count, until};
use crate::running::{PATIENCE, TestDaemon};

async fn channel(daemon: &TestDaemon) -> Channel {
    Channel::from_shared(daemon.address()).unwrap().connect().await.unwrap()
}

type Stream = Streaming<larmor_client::proto::WatchResultsResponse>;

async fn watch(daemon: &TestDaemon, cursor: i64) -> Result<Stream, Status> {
    let request = WatchResultsRequest { cursor, ..Default::default() };
    let mut client = ResultServiceClient::new(channel(daemon).await);
    Ok(client.watch_results(request).await?.into_inner())
}

/// The next event; bookmarks are passed over.
async fn next(stream: &mut Stream) -> Result<Event, Status> {
    loop {
        let message = timeout(PATIENCE, stream.message()).await.expect("nothing came");
        match message?.and_then(|message| message.message) {
            Some(Message::Event(event)) => return Ok(event),
            Some(Message::Bookmark(_) | Message::Conditions(_)) => {}
            None => return Err(Status::unavailable("the stream ended")),
        }
    }
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_subscriber_that_resumes_at_its_cursor_misses_nothing_and_gets_nothing_twice() {
    let mut daemon = TestDaemon::start().await;
    variant(1, &daemon.experiment("rossi/S1/11"));
    let mut stream = watch(&daemon, 0).await.unwrap();
    let mut got = vec![next(&mut stream).await.unwrap(), next(&mut stream).await.unwrap()];

    // The daemon ends with the stream open, and more happens before the subscriber is back.
    daemon.terminate();
    variant(2, &daemon.experiment("rossi/S2/11"));
    daemon.begin().await;
    until(&daemon, |events| count(events, EventKind::Elucidated) == 2).await;
    let mut stream = watch(&daemon, got.last().unwrap().cursor).await.unwrap();
    while got.len() < 6 {
        got.push(next(&mut stream).await.unwrap());
    }
    let cursors: Vec<i64> = got.iter().map(|event| event.cursor).collect();
    assert_eq!(cursors, (cursors[0]..cursors[0] + 6).collect::<Vec<_>>());
    for sample in ["S1", "S2"] {
        let told: Vec<&Body> = got
            .iter()
            .filter(|event| event.sample == sample)
            .filter_map(|event| event.body.as_ref())
            .collect();
        assert!(
            matches!(told[..], [Body::Discovered(_), Body::Processed(_), Body::Elucidated(_)]),
            "{told:#?}"
        );
    }

    let ahead = watch(&daemon, cursors[5] + 1000).await;
    let status = match ahead {
        Ok(mut stream) => next(&mut stream).await.unwrap_err(),
        Err(status) => status,
    };
    assert_eq!(status.code(), Code::OutOfRange, "{status}");
}

#[tokio::test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn a_ready_daemon_says_what_it_runs_and_gives_what_it_told() {
    let daemon = TestDaemon::start().await;
    let channel = channel(&daemon).await;
    let health = HealthClient::new(channel.clone())
        .check(HealthCheckRequest { service: String::new() })
        .await
        .unwrap();
    assert_eq!(health.into_inner().status(), ServingStatus::Serving);
    let info = InfoServiceClient::new(channel.clone()).get_info(GetInfoRequest {}).await.unwrap();
    let info = info.into_inner();
    assert_eq!((info.models[0].name.as_str(), info.models[0].digest.len()), ("shift", 64));
    let card: serde_json::Value = serde_json::from_str(&info.models[0].card_json).unwrap();
    assert_eq!(card["weights_sha256"], info.models[0].digest.as_str());

    variant(1, &daemon.experiment("rossi/S1/11"));
    let mut stream = watch(&daemon, 0).await.unwrap();
    let told = loop {
        if let Some(Body::Elucidated(told)) = next(&mut stream).await.unwrap().body {
            break told;
        }
    };
    assert_eq!(told.model_digest, info.models[0].digest);
    let request = GetResultRequest { id: told.elucidation_id.clone() };
    let result = ResultServiceClient::new(channel).get_result(request).await.unwrap();
    let result = result.into_inner().result.unwrap();
    assert_eq!((result.id, result.revision), (told.elucidation_id, 1));
    assert_eq!((result.group.as_str(), result.sample.as_str()), ("rossi", "S1"));
}
