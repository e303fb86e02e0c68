//! The lines of JSON that docs/api.md promises: every kind of line with every field set, and with
//! none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod events;
mod left_out;
mod lists;
mod messages;
mod results;
mod words;

use larmor_client::json::to_value;
use prost::Name;
use prost_types::Timestamp;
use serde_json::Value;

pub(crate) fn shown(message: &impl Name) -> Value {
    to_value(message).unwrap()
}

pub(crate) fn text(what: &str) -> String {
    what.to_owned()
}

/// 2023-11-14T22:13:20.123Z and a rest below the millisecond.
pub(crate) fn time() -> Option<Timestamp> {
    Some(Timestamp { seconds: 1_700_000_000, nanos: 123_956_789 })
}
