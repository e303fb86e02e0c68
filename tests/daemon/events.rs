//! What a daemon has told, read from its database.

use std::time::Instant;

use larmor_store::{Event, EventFilter, EventKind, Store};

use crate::running::{PATIENCE, TestDaemon};

/// All events so far, in order.
pub async fn all(daemon: &TestDaemon) -> Vec<Event> {
    all_of(&daemon.store().await).await
}

/// The same of any store.
pub async fn all_of(store: &Store) -> Vec<Event> {
    let mut events = Vec::new();
    let mut cursor = 0;
    loop {
        let page = store.events_after(cursor, &EventFilter::default(), 1000).await.unwrap();
        if page.events.is_empty() {
            return events;
        }
        cursor = page.next;
        events.extend(page.events);
    }
}

/// Waits until `enough` is true of all events, and returns them.
pub async fn until(daemon: &TestDaemon, enough: impl Fn(&[Event]) -> bool) -> Vec<Event> {
    let begun = Instant::now();
    loop {
        let events = all(daemon).await;
        if enough(&events) {
            return events;
        }
        assert!(begun.elapsed() < PATIENCE, "told only {:#?}", kinds(&events));
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Kind of each event and the experiment it tells of.
pub fn kinds(events: &[Event]) -> Vec<(EventKind, String)> {
    let experiment = |event: &Event| {
        let parts: Vec<&str> = event.path.rsplitn(4, '/').collect();
        format!("{}/{}", parts[1], parts[0])
    };
    events.iter().map(|event| (event.body.kind(), experiment(event))).collect()
}

/// How many events of a kind there are.
pub fn count(events: &[Event], kind: EventKind) -> usize {
    events.iter().filter(|event| event.body.kind() == kind).count()
}
