//! What Larmor promises, each checked against what was written and what was told.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use larmor_store::{AcquisitionFilter, AcquisitionState, Event, EventKind, Page, Store};
use tokio::time::sleep;
use uuid::Uuid;

use crate::player::Written;

fn kept(written: &[Written]) -> impl Iterator<Item = &Written> {
    written.iter().filter(|one| !one.removed)
}

/// **Nothing is lost**: every dataset that was complete is processed, and nothing waits.
pub async fn everything_is_done(store: &Store, written: &[Written], within: Duration) {
    let begun = Instant::now();
    loop {
        let mut left: Vec<&str> = Vec::new();
        for one in kept(written) {
            let filter =
                AcquisitionFilter { sample: Some(one.sample.clone()), ..Default::default() };
            let rows = store.acquisitions(&filter, &Page { after: None, size: 10 }).await.unwrap();
            if !rows.iter().any(|row| row.state == AcquisitionState::Done) {
                left.push(&one.sample);
            }
        }
        if left.is_empty() {
            return;
        }
        assert!(begun.elapsed() < within, "not done: {left:?}");
        sleep(Duration::from_millis(500)).await;
    }
}

/// **Nothing is doubled**: each is discovered, processed and judged once, in that order, whatever it is
/// called meanwhile.
pub fn each_acquisition_is_told_of_once(events: &[Event], written: &[Written]) {
    let mut by_sample: HashMap<Uuid, Vec<EventKind>> = HashMap::new();
    let mut called: HashMap<&str, Uuid> = HashMap::new();
    for event in events {
        called.insert(&event.sample_name, event.sample);
        if event.body.kind() != EventKind::Moved {
            by_sample.entry(event.sample).or_default().push(event.body.kind());
        }
    }
    for one in kept(written) {
        let sample = called.get(one.sample.as_str());
        assert_eq!(
            sample.and_then(|sample| by_sample.get(sample)).map(Vec::as_slice),
            Some(&[EventKind::Discovered, EventKind::Processed, EventKind::Elucidated][..]),
            "{}",
            one.sample
        );
    }
}

/// **No fault of the surroundings is blamed on data**: nothing has failed.
pub async fn nothing_is_blamed(store: &Store, events: &[Event], written: &[Written]) {
    let blamed: Vec<_> = events
        .iter()
        .filter(|event| event.body.kind() == EventKind::Failed)
        .filter(|event| kept(written).any(|one| one.sample == event.sample_name))
        .collect();
    assert!(blamed.is_empty(), "{blamed:#?}");
    let filter = AcquisitionFilter { state: Some(AcquisitionState::Failed), ..Default::default() };
    let failed = store.acquisitions(&filter, &Page { after: None, size: 100 }).await.unwrap();
    let failed: Vec<_> = failed
        .iter()
        .filter(|row| kept(written).any(|one| one.sample == row.sample_name))
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// **Ordered, unique, complete**: a subscriber saw every event once, in the order of the log.
pub fn a_subscriber_saw_all_in_order(seen: &[i64], events: &[Event]) {
    let told: Vec<i64> = events.iter().map(|event| event.cursor).collect();
    assert_eq!(seen, told);
    assert!(told.windows(2).all(|pair| pair[1] == pair[0] + 1), "the log has a gap");
}

/// From the last byte to the judgement.
pub fn report_latency(events: &[Event], written: &[Written]) {
    let judged: HashMap<&str, _> = events
        .iter()
        .filter(|event| event.body.kind() == EventKind::Elucidated)
        .map(|event| (event.sample_name.as_str(), event.occurred_at))
        .collect();
    let took = |old: bool| {
        let mut took: Vec<i64> = kept(written)
            .filter(|one| one.old == old)
            .filter_map(|one| Some((*judged.get(one.sample.as_str())? - one.at).num_milliseconds()))
            .collect();
        took.sort_unstable();
        took
    };
    for (what, took) in [("live", took(false)), ("old", took(true))] {
        let at = |share: usize| took.get(took.len() * share / 100).copied().unwrap_or(0);
        println!(
            "{what}: {} judged, ms: half in {}, nine in ten in {}",
            took.len(),
            at(50),
            at(90)
        );
    }
}
