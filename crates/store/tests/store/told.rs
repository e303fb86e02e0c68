//! What several files of tests ask of a store.

use larmor_store::{EventFilter, EventKind, Store};
use uuid::Uuid;

use larmor_fixtures::acquisition::{finished, leased};

/// The kinds of all events, in their order.
pub async fn reported(store: &Store) -> Vec<EventKind> {
    let page = store.events_after(0, &EventFilter::default(), 1000).await.unwrap();
    page.events.iter().map(|event| event.body.kind()).collect()
}

/// Has an acquisition processed and judged; tells it and its sample.
pub async fn judged(store: &Store, path: &str) -> (Uuid, Uuid) {
    let lease = leased(store, path).await;
    store.commit(&lease, &finished()).await.unwrap();
    (lease.acquisition, lease.sample)
}
