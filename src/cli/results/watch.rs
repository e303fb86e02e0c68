//! `larmor results watch`.

use std::io::Write;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::super::server::Common;
use super::text;
use larmor_client::proto::event::Body;
use larmor_client::proto::{AcquisitionState, Condition, Event, EventKind, WatchResultsRequest};
use larmor_client::{ResultStream, Update, json};
use larmor_command_line::CommandError;
use larmor_command_line::output;

/// Options of `larmor results watch`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Start after this cursor: 0 for everything the server keeps, `now` for what comes next.
    #[arg(long, value_name = "CURSOR", default_value = "0", value_parser = start)]
    from: Start,
    /// Only this group's; may be given several times.
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// Only this instrument's; may be given several times.
    #[arg(long = "instrument", value_name = "INSTRUMENT")]
    instruments: Vec<String>,
    /// Only of samples of this name; may be given several times.
    #[arg(long = "sample", value_name = "SAMPLE")]
    samples: Vec<String>,
    /// Only of acquisitions of this nucleus, such as 13C; may be given several times.
    #[arg(long = "nucleus", value_name = "NUCLEUS")]
    nuclei: Vec<String>,
    /// Only events that tell of an acquisition in this state; may be given several times.
    #[arg(long = "state", value_name = "STATE", value_parser = state())]
    states: Vec<AcquisitionState>,
    /// Only events of this kind; may be given several times.
    #[arg(long = "kind", value_name = "KIND", value_parser = kind())]
    kinds: Vec<EventKind>,
    /// End after the first event of this kind; may be given several times.
    #[arg(long = "until-kind", value_name = "KIND", value_parser = kind())]
    until: Vec<EventKind>,
}

#[derive(Debug, Clone, Copy)]
enum Start {
    After(i64),
    Now,
}

fn start(text: &str) -> Result<Start, String> {
    match text {
        "now" => Ok(Start::Now),
        number => match number.parse() {
            Ok(cursor) if cursor >= 0 => Ok(Start::After(cursor)),
            _ => Err("a cursor is a number, or 'now'".to_owned()),
        },
    }
}

/// The kinds of event, as the protocol has them.
const KINDS: [&str; 9] = [
    "discovered",
    "incomplete",
    "skipped",
    "failed",
    "processed",
    "elucidated",
    "vanished",
    "superseded",
    "moved",
];

fn kind() -> impl TypedValueParser<Value = EventKind> {
    PossibleValuesParser::new(KINDS).try_map(|word| word.parse::<EventKind>())
}

/// The states of an acquisition, as the protocol has them.
const STATES: [&str; 9] = [
    "discovered",
    "incomplete",
    "ready",
    "processing",
    "done",
    "failed",
    "skipped",
    "vanished",
    "superseded",
];

pub(in crate::cli) fn state() -> impl TypedValueParser<Value = AcquisitionState> {
    PossibleValuesParser::new(STATES).try_map(|word| word.parse::<AcquisitionState>())
}

fn kind_of(event: &Event) -> Option<EventKind> {
    Some(match event.body.as_ref()? {
        Body::Discovered(_) => EventKind::Discovered,
        Body::Incomplete(_) => EventKind::Incomplete,
        Body::Skipped(_) => EventKind::Skipped,
        Body::Failed(_) => EventKind::Failed,
        Body::Vanished(_) => EventKind::Vanished,
        Body::Superseded(_) => EventKind::Superseded,
        Body::Moved(_) => EventKind::Moved,
        Body::Processed(_) => EventKind::Processed,
        Body::Elucidated(_) => EventKind::Elucidated,
    })
}

pub(super) async fn watch(arguments: &Arguments) -> Result<(), CommandError> {
    let request = WatchResultsRequest {
        cursor: match arguments.from {
            Start::After(cursor) => cursor,
            Start::Now => 0,
        },
        from_newest: matches!(arguments.from, Start::Now),
        groups: arguments.groups.clone(),
        instruments: arguments.instruments.clone(),
        samples: arguments.samples.clone(),
        nuclei: arguments.nuclei.clone(),
        states: arguments.states.iter().map(|&state| state.into()).collect(),
        kinds: arguments.kinds.iter().map(|&kind| kind.into()).collect(),
        conditions: true,
        ..WatchResultsRequest::default()
    };
    let address = &arguments.common.address;
    let mut results = ResultStream::new(arguments.common.server()?, request);
    let mut waits = false;
    loop {
        match results.next().await? {
            Update::Event(event) => {
                show(&event, arguments.common.json)?;
                if kind_of(&event).is_some_and(|kind| arguments.until.contains(&kind)) {
                    return Ok(());
                }
            }
            Update::Lost(status) => {
                eprintln!("larmor: waiting for the server at {address} ({})", status.message());
            }
            Update::Conditions(conditions) => {
                tell(&conditions, waits);
                waits = !conditions.is_empty();
            }
            _ => {}
        }
    }
}

/// What keeps the server from working is no result, so it goes where messages go.
fn tell(conditions: &[Condition], waited: bool) {
    for condition in conditions {
        eprintln!("larmor: the server waits for {}: {}", condition.subject, condition.reason);
    }
    if waited && conditions.is_empty() {
        eprintln!("larmor: the server waits for nothing any more");
    }
}

fn show(event: &Event, as_json: bool) -> Result<(), CommandError> {
    let mut out = output();
    if as_json {
        writeln!(out, "{}", json::to_value(event)?)?;
    } else {
        write!(out, "{}", text::event(event))?;
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_protocol_can_be_asked_for() {
        let all = (1..).map_while(|number| EventKind::try_from(number).ok());
        assert!(all.map(|kind| kind.to_string()).eq(KINDS));
    }

    #[test]
    fn every_state_of_the_protocol_can_be_asked_for() {
        let all = (1..).map_while(|number| AcquisitionState::try_from(number).ok());
        assert!(all.map(|state| state.to_string()).eq(STATES));
    }
}
