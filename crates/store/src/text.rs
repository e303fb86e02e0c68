//! What Postgres cannot hold in text, which headers written by anyone may contain.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::StoreError;
use larmor_nmr::fid::{Beside, Nucleus};

/// The value that a name stands for, where the database allows only names this version knows.
pub(super) fn read_name<T: FromStr>(what: &'static str, name: String) -> Result<T, StoreError> {
    name.parse().map_err(|_| StoreError::Foreign { what, found: name })
}

/// Where structures proposed for a sample may lie, by whether the directory around the dataset
/// is the sample's.
pub(super) fn read_beside(in_sample_directory: bool) -> Beside {
    if in_sample_directory { Beside::DatasetAndSample } else { Beside::Dataset }
}

/// The nucleus of a name: any name is one.
pub(super) fn read_nucleus(name: &str) -> Nucleus {
    let Ok(nucleus) = name.parse();
    nucleus
}

/// What a JSON value stands for.
pub(super) fn read_json<T: DeserializeOwned>(
    what: &'static str,
    value: Value,
) -> Result<T, StoreError> {
    T::deserialize(&value).map_err(|_| StoreError::Foreign { what, found: value.to_string() })
}

/// The text without NUL characters, which Postgres refuses.
pub(super) fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// The value without NUL characters in any string or key.
pub(super) fn storable_json(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(storable(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(storable_json).collect()),
        Value::Object(fields) => Value::Object(
            fields.into_iter().map(|(key, value)| (storable(&key), storable_json(value))).collect(),
        ),
        other => other,
    }
}
