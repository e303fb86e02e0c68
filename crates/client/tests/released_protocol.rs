//! The protocol is only ever added to: what the last release had stands as it was, by name, number
//! and type. `proto/released.txt` lists it; a release writes the list anew by
//! `LARMOR_RELEASE=1 cargo test -p larmor-client --test released_protocol`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;

use prost_reflect::{DescriptorPool, FieldDescriptor, Kind};

const RELEASED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../proto/released.txt");

fn field_type(field: &FieldDescriptor) -> String {
    let of = match field.kind() {
        Kind::Message(entry) if field.is_map() => {
            let (key, value) = (entry.map_entry_key_field(), entry.map_entry_value_field());
            format!("map<{}, {}>", field_type(&key), field_type(&value))
        }
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(of) => of.full_name().to_owned(),
        plain => format!("{plain:?}").to_lowercase(),
    };
    let group = match field.containing_oneof() {
        Some(of) if of.is_synthetic() => "optional ".to_owned(),
        Some(of) => format!("oneof {} ", of.name()),
        None if field.is_list() => "repeated ".to_owned(),
        None => String::new(),
    };
    group + &of
}

/// One line for each field, value of an enumeration and call.
fn protocol() -> BTreeSet<String> {
    let pool = DescriptorPool::decode(larmor_client::DESCRIPTORS).unwrap();
    let mut lines = BTreeSet::new();
    let own = |name: &str| name.starts_with("larmor.v1.");
    for message in pool.all_messages().filter(|it| own(it.full_name()) && !it.is_map_entry()) {
        for field in message.fields() {
            let name = field.full_name();
            lines.insert(format!("{name} = {} {}", field.number(), field_type(&field)));
        }
    }
    for of in pool.all_enums().filter(|it| own(it.full_name())) {
        for value in of.values() {
            lines.insert(format!("{}.{} = {}", of.full_name(), value.name(), value.number()));
        }
    }
    for service in pool.services().filter(|it| own(it.full_name())) {
        for call in service.methods() {
            let stream = |yes: bool| if yes { "stream " } else { "" };
            lines.insert(format!(
                "{} ({}{}) returns ({}{})",
                call.full_name(),
                stream(call.is_client_streaming()),
                call.input().full_name(),
                stream(call.is_server_streaming()),
                call.output().full_name()
            ));
        }
    }
    lines
}

#[test]
fn what_was_released_stands() {
    let protocol = protocol();
    if std::env::var_os("LARMOR_RELEASE").is_some() {
        let lines: Vec<&str> = protocol.iter().map(String::as_str).collect();
        return fs::write(RELEASED, lines.join("\n") + "\n").unwrap();
    }
    let released = fs::read_to_string(RELEASED).unwrap();
    assert!(released.lines().count() > 200, "the list is cut short");
    let broken: Vec<&str> = released.lines().filter(|line| !protocol.contains(*line)).collect();
    assert!(
        broken.is_empty(),
        "clients of the last release count on these, which are gone or changed; add a field \
         beside one instead of changing it:\n{}",
        broken.join("\n")
    );
}
