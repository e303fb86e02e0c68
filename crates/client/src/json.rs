//! Messages as lines of JSON, as docs/api.md promises them. Fields are only ever added.
//!
//! The protocol's own names and types decide: a field that the protocol gains shows up by itself.
//! What differs is named in one table, `json/names.rs`.
//!
//! ```
//! use larmor_client::json;
//! use larmor_client::proto::{ElucidationSummary, Verdict};
//!
//! let summary = ElucidationSummary { verdict: Verdict::Consistent.into(), ..Default::default() };
//! assert_eq!(json::to_value(&summary)?["verdict"], "consistent");
//! # Ok::<(), json::JsonError>(())
//! ```

mod names;

use std::sync::LazyLock;

use chrono::{DateTime, SecondsFormat};
use prost::{DecodeError, Message, Name};
use prost_reflect::{
    DescriptorError, DescriptorPool, DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MapKey,
    ReflectMessage, Value as Sent,
};
use serde_json::{Map, Value, json};

use crate::DESCRIPTORS;
use crate::words::{UNKNOWN, word};

static POOL: LazyLock<Result<DescriptorPool, DescriptorError>> =
    LazyLock::new(|| DescriptorPool::decode(DESCRIPTORS));

/// Why a message cannot be shown as JSON.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The protocol's descriptors are broken.
    #[error("the protocol's descriptors cannot be read")]
    Descriptors(#[source] &'static DescriptorError),
    /// A message of another protocol.
    #[error("the protocol has no message {0}")]
    NotDescribed(String),
    /// A message is not what the descriptors say.
    #[error("a message is not as the protocol describes it")]
    Decode(#[from] DecodeError),
}

/// A message of `larmor.v1` as the JSON object that a line shows.
///
/// # Errors
/// [`JsonError`] for a message of another protocol.
pub fn to_value<M: Message + Name>(message: &M) -> Result<Value, JsonError> {
    let pool = POOL.as_ref().map_err(JsonError::Descriptors)?;
    let name = M::full_name();
    let Some(descriptor) = pool.get_message_by_name(&name) else {
        return Err(JsonError::NotDescribed(name));
    };
    let bytes = message.encode_to_vec();
    Ok(object(&DynamicMessage::decode(descriptor, bytes.as_slice())?).into())
}

fn object(message: &DynamicMessage) -> Map<String, Value> {
    let mut line = Map::new();
    for field in message.descriptor().fields() {
        if names::is_body(&field) {
            line.entry("kind").or_insert_with(|| UNKNOWN.into());
            if let (true, Some(body)) =
                (message.has_field(&field), message.get_field(&field).as_message())
            {
                line.insert("kind".to_owned(), field.name().into());
                line.extend(object(body));
            }
        } else if let Some(name) = names::shown(&field) {
            insert(&mut line, name, &field, message);
        }
    }
    line
}

fn insert(
    line: &mut Map<String, Value>,
    name: &str,
    field: &FieldDescriptor,
    message: &DynamicMessage,
) {
    let set = message.has_field(field) || !field.supports_presence();
    let sent = message.get_field(field);
    let kind = field.kind();
    if let (Some(parts), Some(whole)) = (names::parts(&kind), sent.as_message()) {
        for part in parts.fields() {
            let name = names::part(name, &part);
            let value = set.then(|| value(&whole.get_field(&part), &part.kind()));
            line.insert(name, value.into());
        }
        return;
    }
    let shown = match sent.as_str() {
        Some(text) if field.name().ends_with(names::JSON) => {
            // What is no JSON is shown as the text it is.
            serde_json::from_str(text).unwrap_or_else(|_| text.into())
        }
        _ if set || names::zeros_when_unset(&kind) => value(&sent, &kind),
        _ if names::is_time(&kind) => "".into(),
        _ => Value::Null,
    };
    line.insert(name.to_owned(), shown);
}

fn value(sent: &Sent, kind: &Kind) -> Value {
    match sent {
        Sent::Bool(value) => json!(value),
        Sent::I32(number) => json!(number),
        Sent::I64(number) => json!(number),
        Sent::U32(number) => json!(number),
        Sent::U64(number) => json!(number),
        Sent::F32(number) => json!(number),
        Sent::F64(number) => json!(number),
        Sent::String(text) => json!(text),
        Sent::Bytes(bytes) => json!(bytes.as_ref()),
        Sent::EnumNumber(number) => match kind {
            Kind::Enum(of) => enum_word(of, *number).into(),
            _ => json!(number),
        },
        Sent::Message(message) if names::is_time(kind) => rfc3339(message).into(),
        Sent::Message(message) => object(message).into(),
        Sent::List(values) => values.iter().map(|each| value(each, kind)).collect(),
        Sent::Map(entries) => {
            let of = match kind {
                Kind::Message(entry) => entry.map_entry_value_field().kind(),
                other => other.clone(),
            };
            entries.iter().map(|(key, each)| (key_text(key), value(each, &of))).collect()
        }
    }
}

fn enum_word(of: &EnumDescriptor, number: i32) -> String {
    match of.get_value(number) {
        Some(value) => word(value.name(), of.default_value().name()),
        // From a newer server.
        None => UNKNOWN.to_owned(),
    }
}

fn key_text(key: &MapKey) -> String {
    match key {
        MapKey::Bool(key) => key.to_string(),
        MapKey::I32(key) => key.to_string(),
        MapKey::I64(key) => key.to_string(),
        MapKey::U32(key) => key.to_string(),
        MapKey::U64(key) => key.to_string(),
        MapKey::String(key) => key.clone(),
    }
}

/// A `google.protobuf.Timestamp` with its date, UTC, to the millisecond; empty when it is no time.
fn rfc3339(sent: &DynamicMessage) -> String {
    let number = |name| {
        sent.get_field_by_name(name).and_then(|value| match *value {
            Sent::I64(number) => Some(number),
            Sent::I32(number) => Some(number.into()),
            _ => None,
        })
    };
    let time = || {
        let nanos = u32::try_from(number("nanos")?).ok()?;
        DateTime::from_timestamp(number("seconds")?, nanos)
    };
    time().map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true)).unwrap_or_default()
}
