//! How the daemon does under load: spectra come in at a rate, many streams are open, older data are
//! worked through beside. Prints latencies, processor time and memory; asserts that nothing is missing:
//!
//! ```text
//! cargo test --release --workspace --test daemon -- --ignored --nocapture sustained_load
//! ```
//!
//! `LARMOR_LOAD_SECONDS` (60), `LARMOR_LOAD_RATE` (20 a second), `LARMOR_LOAD_STREAMS` (1000) and
//! `LARMOR_LOAD_OLD` (0 older datasets, there at the start) say how much; `LARMOR_LOAD_PROGRAM` may
//! name another `larmor`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::str::FromStr;
use std::time::{Duration, Instant, SystemTime};

use larmor_client::proto::event::Body;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::watch_results_response::Message;
use larmor_client::proto::{Event, WatchResultsRequest};
use prost::bytes::Buf;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tonic::Status;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder};
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

use crate::bruker::Content;
use crate::running::TestDaemon;
use crate::stream_cost::{PER_CONNECTION, ticks, ticks_below};

/// Nothing takes longer once the last dataset was written.
const REST: Duration = Duration::from_secs(120);

fn setting<T: FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Counts messages and reads none: a thousand clients on this machine would cost more than the daemon.
#[derive(Debug, Default, Clone, Copy)]
struct Counting;

impl Codec for Counting {
    type Encode = WatchResultsRequest;
    type Decode = ();
    type Encoder = <ProstCodec<WatchResultsRequest, WatchResultsRequest> as Codec>::Encoder;
    type Decoder = Self;

    fn encoder(&mut self) -> Self::Encoder {
        ProstCodec::<WatchResultsRequest, WatchResultsRequest>::default().encoder()
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Decoder for Counting {
    type Item = ();
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<()>, Status> {
        buffer.advance(buffer.remaining());
        Ok(Some(()))
    }
}

/// Opens streams that count what they get.
async fn count_on(address: &str, streams: usize) -> JoinSet<usize> {
    let mut counting = JoinSet::new();
    for first in (0..streams).step_by(PER_CONNECTION) {
        let channel = Channel::from_shared(address.to_owned()).unwrap().connect().await.unwrap();
        for _ in first..streams.min(first + PER_CONNECTION) {
            let mut client = Grpc::new(channel.clone());
            client.ready().await.unwrap();
            let request = WatchResultsRequest { from_newest: true, ..Default::default() };
            let path = "/larmor.v1.ResultService/WatchResults".parse().unwrap();
            let opened = client.server_streaming(tonic::Request::new(request), path, Counting);
            let mut stream = opened.await.unwrap().into_inner();
            counting.spawn(async move {
                let mut messages = 0;
                while let Ok(Some(())) = stream.message().await {
                    messages += 1;
                }
                messages
            });
        }
    }
    counting
}

/// Every event with the time it came, as one client reads them.
fn read(address: String) -> UnboundedReceiver<(Event, SystemTime)> {
    let (sender, receiver) = unbounded_channel();
    tokio::spawn(async move {
        let mut client = ResultServiceClient::connect(address).await.unwrap();
        let request = WatchResultsRequest::default();
        let mut stream = client.watch_results(request).await.unwrap().into_inner();
        while let Ok(Some(sent)) = stream.message().await {
            if let Some(Message::Event(event)) = sent.message
                && sender.send((event, SystemTime::now())).is_err()
            {
                return;
            }
        }
    });
    receiver
}

/// Datasets that were acquired long before.
fn lay_down(data: &Path, count: usize) {
    let then = SystemTime::now() - Duration::from_secs(400 * 86_400);
    for number in 0..count {
        let path = data.join("archive").join(format!("A{number}")).join("11");
        Content::numbered(40_000 + number).write(&path);
        for file in fs::read_dir(&path).unwrap() {
            let file = fs::File::options().write(true).open(file.unwrap().path()).unwrap();
            file.set_modified(then).unwrap();
        }
    }
}

fn resident_mib(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures for minutes; see the head of the file"]
async fn sustained_load() {
    let seconds = Duration::from_secs(setting("LARMOR_LOAD_SECONDS", 60));
    let rate: u32 = setting("LARMOR_LOAD_RATE", 20);
    let streams: usize = setting("LARMOR_LOAD_STREAMS", 1000);
    let old: usize = setting("LARMOR_LOAD_OLD", 0);
    let most = (streams + 1).to_string();
    let settings = [
        ("LARMOR_SERVICE__MAX_STREAMS_PER_CLIENT", most.as_str()),
        ("LARMOR_LOG__LEVEL", "warn"),
        // As it is by default, which other tests have no time for.
        ("LARMOR_WATCH__SCAN_INTERVAL", "30s"),
    ];
    let program = std::env::var("LARMOR_LOAD_PROGRAM");
    let program = program.as_deref().unwrap_or(env!("CARGO_BIN_EXE_larmor"));
    let mut daemon = TestDaemon::of_program(Path::new(program), None, &settings).await;
    if old > 0 {
        daemon.terminate();
        lay_down(&daemon.home().join("data"), old);
        daemon.begin().await;
    }
    let mut events = read(daemon.address());
    let mut counting = count_on(&daemon.address(), streams).await;
    sleep(Duration::from_secs(2)).await;

    let spent = || (ticks(daemon.pid()).unwrap().0, ticks_below(daemon.pid()));
    let (before, begun) = (spent(), Instant::now());
    let (mut written, mut judged) = (HashMap::new(), HashMap::new());
    let mut told = 0;
    let mut take = |judged: &mut HashMap<String, SystemTime>, (event, at): (Event, SystemTime)| {
        told += 1;
        assert_eq!(event.cursor, told, "an event is missing");
        if let Some(Body::Elucidated(_)) = event.body {
            assert_eq!(judged.insert(event.sample, at), None, "judged twice");
        }
    };
    let mut tick = interval(Duration::from_secs(1) / rate);
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut next_report = Duration::from_secs(60).min(seconds / 4);
    let every = next_report;
    while begun.elapsed() < seconds {
        tokio::select! {
            event = events.recv() => take(&mut judged, event.expect("the stream ended")),
            _ = tick.tick() => {
                let number = written.len();
                let sample = format!("S{number}");
                Content::numbered(number).write(&daemon.experiment(&format!("rossi/{sample}/11")));
                written.insert(sample, SystemTime::now());
            }
        }
        if begun.elapsed() >= next_report {
            next_report += every;
            println!(
                "{:5.0} s: {} written, {} judged, daemon {} MiB",
                begun.elapsed().as_secs_f64(),
                written.len(),
                judged.len(),
                resident_mib(daemon.pid())
            );
        }
    }
    let (after, took) = (spent(), begun.elapsed().as_secs_f64());
    let done = judged.len();
    while written.keys().any(|sample| !judged.contains_key(sample)) {
        let event = timeout(REST, events.recv()).await.expect("something is not judged");
        take(&mut judged, event.unwrap());
    }
    let share = |ticks: u64| ticks as f64 / took;
    println!(
        "{} written in {took:.0} s with {streams} streams open, {done} judged in that time; daemon \
         {:.0} %, Postgres {:.0} % of a core",
        written.len(),
        share(after.0 - before.0),
        share(after.1 - before.1)
    );
    let mut latencies: Vec<u128> = written
        .iter()
        .map(|(sample, at)| judged[sample].duration_since(*at).unwrap_or_default().as_millis())
        .collect();
    latencies.sort_unstable();
    let at = |share: usize| latencies[(latencies.len() - 1) * share / 1000];
    println!(
        "last byte to event, ms: half in {}, 9 in 10 in {}, 99 in 100 in {}, all in {}",
        at(500),
        at(900),
        at(990),
        at(1000)
    );
    drop(events);
    assert!(daemon.terminate().success());
    let mut counted = Vec::new();
    while let Some(messages) = counting.join_next().await {
        counted.push(messages.unwrap());
    }
    println!("a stream got {:?} to {:?} messages", counted.iter().min(), counted.iter().max());
    assert_eq!(counted.iter().min(), counted.iter().max(), "a stream missed something");
}
