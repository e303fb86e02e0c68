//! The daemon under real life: spectrometers write, everything around it fails, and subscribers come
//! and go. What Larmor promises is checked at the end, each promise by itself.
//!
//! `LARMOR_FAULTS_SECONDS` says for how long (default 30), `LARMOR_FAULTS_SEED` repeats a run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../daemon/bruker.rs"]
#[allow(dead_code)]
mod bruker;
#[path = "../daemon/events.rs"]
#[allow(dead_code)]
mod events;
#[path = "../daemon/model.rs"]
#[allow(dead_code)]
mod model;
#[path = "../daemon/running.rs"]
#[allow(dead_code)]
mod running;

mod controller;
mod player;
mod promises;
mod shim;
mod subscriber;

use std::str::FromStr;
use std::time::Duration;

use controller::Controller;
use player::Player;
use subscriber::Subscriber;

/// Longest wait until all that was written is done, once nothing fails any more.
const QUIET: Duration = Duration::from_secs(240);

fn setting<T: FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
async fn nothing_is_lost_doubled_disordered_or_blamed_whatever_happens() {
    let seconds = Duration::from_secs(setting("LARMOR_FAULTS_SECONDS", 30));
    let seed = setting("LARMOR_FAULTS_SEED", fastrand::u64(..));
    println!("{} s of faults, LARMOR_FAULTS_SEED={seed}", seconds.as_secs());
    let mut controller = Controller::start(seed).await;
    let subscribers: Vec<Subscriber> =
        (0..3).map(|number| Subscriber::follow(controller.daemon(number % 2))).collect();
    let players =
        [0, 1].map(|number| Player::start(controller.data(), controller.disk(), seed, number));
    controller.make_faults(seconds).await;
    let mut written = Vec::new();
    for player in players {
        written.extend(player.stop().await);
    }
    controller.cure().await;

    let store = controller.store().await;
    promises::everything_is_done(&store, &written, QUIET).await;
    let events = events::all_of(&store).await;
    promises::each_acquisition_is_told_of_once(&events, &written);
    promises::nothing_is_blamed(&store, &events, &written).await;
    for subscriber in subscribers {
        promises::a_subscriber_saw_all_in_order(&subscriber.stop_at(&events).await, &events);
    }
    promises::report_latency(&events, &written);
    let faults: usize = controller.counts().values().sum();
    println!("{} acquisitions, {faults} faults: {:?}", written.len(), controller.counts());
    println!("asked to end, a daemon took {:?} at most", controller.longest_end());
    controller.end().await;
}
