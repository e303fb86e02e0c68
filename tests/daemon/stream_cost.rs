//! What streams that have caught up cost: processor time of the daemon and its Postgres while five
//! acquisitions a second come in. Prints ratios and asserts nothing:
//!
//! ```text
//! cargo test --workspace --test daemon -- --ignored --nocapture stream_cost
//! ```
//!
//! `LARMOR_BEFORE` may name another `larmor`, measured in the same run.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use larmor_client::proto::WatchResultsRequest;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::watch_results_response::Message;
use larmor_fixtures::acquisition::{finished, leased};
use larmor_store::Store;
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};
use tonic::transport::Channel;

use crate::running::TestDaemon;

/// Acquisitions a second.
const RATE: u32 = 5;
const MEASURED: Duration = Duration::from_secs(20);
/// Streams of one connection.
pub const PER_CONNECTION: usize = 100;

/// Processor time of a process and of its children that have ended, in ticks of 10 ms; and who its
/// parent is.
pub fn ticks(pid: u32) -> Option<(u64, u32)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields[index].parse::<u64>().unwrap_or(0);
    let parent = u32::try_from(number(1)).ok()?;
    Some(((11..=14).map(number).sum(), parent))
}

/// The same of all processes below one, itself left out.
pub fn ticks_below(root: u32) -> u64 {
    let pids = fs::read_dir("/proc").unwrap().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let all: Vec<(u32, u64, u32)> =
        pids.filter_map(|pid| ticks(pid).map(|(spent, parent)| (pid, spent, parent))).collect();
    let mut family = vec![root];
    let mut spent = 0;
    while let Some(parent) = family.pop() {
        for (pid, own, _) in all.iter().filter(|(_, _, of)| *of == parent) {
            family.push(*pid);
            spent += own;
        }
    }
    spent
}

/// Events that streams got.
type Got = JoinSet<usize>;

async fn open(address: &str, streams: usize) -> Got {
    let mut got = JoinSet::new();
    let (ready, mut opened) = tokio::sync::mpsc::channel(streams.max(1));
    for first in (0..streams).step_by(PER_CONNECTION) {
        let endpoint = Channel::from_shared(address.to_owned()).unwrap();
        let channel = endpoint.connect().await.unwrap();
        for _ in first..streams.min(first + PER_CONNECTION) {
            let (mut client, ready) = (ResultServiceClient::new(channel.clone()), ready.clone());
            got.spawn(async move {
                let request = WatchResultsRequest { from_newest: true, ..Default::default() };
                let mut stream = client.watch_results(request).await.unwrap().into_inner();
                let mut events = 0;
                while let Ok(Ok(Some(sent))) =
                    timeout(Duration::from_secs(40), stream.message()).await
                {
                    match sent.message {
                        Some(Message::Event(_)) => events += 1,
                        _ if events == 0 => {
                            let _ = ready.try_send(());
                        }
                        _ => {}
                    }
                }
                events
            });
        }
    }
    for _ in 0..streams {
        opened.recv().await.unwrap();
    }
    got
}

async fn acquire(store: &Store, label: &str) -> usize {
    let mut tick = interval(Duration::from_secs(1) / RATE);
    let begun = Instant::now();
    let mut number = 0;
    while begun.elapsed() < MEASURED {
        tick.tick().await;
        let lease = leased(store, &format!("g/{label}/{number}")).await;
        store.commit(&lease, &finished()).await.unwrap();
        number += 1;
    }
    number
}

/// Processor time of daemon and Postgres, in shares of one core.
async fn measure(program: &Path, streams: usize) -> (f64, f64) {
    let most = streams.max(1).to_string();
    let mut settings = vec![("LARMOR_ROLES", "[\"publish\"]"), ("LARMOR_LOG__LEVEL", "warn")];
    if program == Path::new(env!("CARGO_BIN_EXE_larmor")) {
        settings.push(("LARMOR_SERVICE__MAX_STREAMS_PER_CLIENT", &most));
    }
    let daemon = TestDaemon::of_program(program, None, &settings).await;
    let store = daemon.store().await;
    let mut got = open(&daemon.address(), streams).await;
    sleep(Duration::from_secs(2)).await;
    let spent = || (ticks(daemon.pid()).unwrap().0, ticks_below(daemon.pid()));
    let (before, begun) = (spent(), Instant::now());
    let acquisitions = acquire(&store, "s").await;
    sleep(Duration::from_secs(1)).await;
    let (after, took) = (spent(), begun.elapsed().as_secs_f64());
    let newest = store.cursor_bounds().await.unwrap().newest;
    store.close().await;
    drop(daemon);
    while let Some(events) = got.join_next().await {
        assert_eq!(i64::try_from(events.unwrap()).unwrap(), newest, "an event is missing");
    }
    let share = |ticks: u64| ticks as f64 / 100.0 / took;
    let (own, postgres) = (share(after.0 - before.0), share(after.1 - before.1));
    println!(
        "{:40} {streams:5} streams, {acquisitions} acquisitions in {took:.0} s: daemon {:5.1} %, \
         Postgres {:5.1} % of a core",
        program.display(),
        own * 100.0,
        postgres * 100.0
    );
    (own, postgres)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures for minutes; see the head of the file"]
async fn stream_cost() {
    let now = PathBuf::from(env!("CARGO_BIN_EXE_larmor"));
    let before = std::env::var_os("LARMOR_BEFORE").map(PathBuf::from);
    // Before, no more than 256 could be open.
    let runs = before.iter().flat_map(|before| [(before, 0), (before, 200)]);
    let runs = runs.chain([(&now, 0), (&now, 200), (&now, 2_000)]);
    let mut idle = 0.0;
    for (program, streams) in runs {
        let (own, postgres) = measure(program, streams).await;
        if streams == 0 {
            idle = own + postgres;
        } else {
            let each = (own + postgres - idle) / streams as f64 / f64::from(RATE);
            println!("{:40} {:.3} ms a stream and acquisition", "", each * 1e3);
        }
    }
}
