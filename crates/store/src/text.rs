//! What Postgres cannot hold in text, which headers written by anyone may contain.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::StoreError;

/// An enum without fields as the word its JSON form is.
pub(super) fn write_word<T: Serialize>(
    what: &'static str,
    value: &T,
) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        Ok(other) => Err(StoreError::Foreign { what, found: other.to_string() }),
        Err(cause) => Err(StoreError::Unwritable { what, cause }),
    }
}

/// The enum that such a word stands for.
pub(super) fn read_word<T: DeserializeOwned>(
    what: &'static str,
    word: String,
) -> Result<T, StoreError> {
    serde_json::from_value(Value::String(word.clone()))
        .map_err(|_| StoreError::Foreign { what, found: word })
}

/// What such a JSON value stands for.
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
