//! Metrics for Prometheus: what waits, what failed, how far the event log is.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, LabelSetEncoder};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::conditions::Conditions;
use larmor_store::{Instrument, Store, StoreError};

/// Media type of the text format.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Of which instrument and kind a number is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Labels {
    instrument: String,
    state: &'static str,
}

impl EncodeLabelSet for Labels {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> Result<(), std::fmt::Error> {
        [("instrument", self.instrument.as_str()), ("state", self.state)].encode(encoder)
    }
}

pub(super) async fn answer(store: Store, conditions: Conditions) -> Response {
    match text(&store, &conditions).await {
        Ok(text) => ([(header::CONTENT_TYPE, TEXT)], text).into_response(),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "no metrics");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

async fn text(store: &Store, conditions: &Conditions) -> Result<String, StoreError> {
    let instruments = store.instruments().await?;
    let cursor = store.cursor_bounds().await?.newest;
    let mut registry = Registry::default();
    let acquisitions = Family::<Labels, Gauge>::default();
    let written = Family::<Labels, Gauge>::default();
    for instrument in &instruments {
        for (state, count) in states(instrument) {
            acquisitions.get_or_create(&labels(instrument, state)).set(count);
        }
        if let Some(last) = instrument.last_written {
            written.get_or_create(&labels(instrument, "written")).set(last.timestamp());
        }
    }
    registry.register(
        "larmor_acquisitions",
        "Acquisitions being written or waiting now; done, failed and skipped since midnight UTC",
        acquisitions,
    );
    registry.register(
        "larmor_last_written_timestamp_seconds",
        "When the instrument last wrote something, Unix time",
        written,
    );
    let newest = Gauge::<i64>::default();
    newest.set(cursor);
    registry.register("larmor_event_cursor", "Cursor of the newest event", newest);
    let backfill = store.backfill(None).await?;
    let waiting = Gauge::<i64>::default();
    waiting.set(backfill.waiting);
    registry.register("larmor_backfill_waiting", "Older data that wait", waiting);
    let paused = Gauge::<i64>::default();
    paused.set(backfill.paused.into());
    registry.register("larmor_backfill_paused", "1 while no older data are taken up", paused);
    let holding = Family::<[(&'static str, String); 1], Gauge>::default();
    for condition in conditions.list() {
        holding.get_or_create(&[("subject", condition.subject.to_string())]).set(1);
    }
    registry.register("larmor_condition", "1 for what keeps work waiting now", holding);
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = encode(&mut text, &registry);
    Ok(text)
}

fn labels(instrument: &Instrument, state: &'static str) -> Labels {
    Labels { instrument: instrument.name.clone(), state }
}

fn states(instrument: &Instrument) -> [(&'static str, i64); 5] {
    [
        ("writing", instrument.writing),
        ("waiting", instrument.waiting),
        ("done", instrument.done_today),
        ("failed", instrument.failed_today),
        ("skipped", instrument.skipped_today),
    ]
}
