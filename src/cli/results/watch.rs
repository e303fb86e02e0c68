//! `larmor results watch`.

use std::io::Write;
use std::time::Duration;

use clap::ValueEnum;
use tokio::time::sleep;
use tonic::{Code, Status};

use super::{Common, client, json, text};
use larmor_client::proto::event::Body;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::watch_results_response::Message;
use larmor_client::proto::{Event, EventKind, WatchResultsRequest};
use larmor_command_line::CommandError;
use larmor_command_line::output;

/// Waits before a server that went is asked again: the first, and what they grow to.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Options of `larmor results watch`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Start after this cursor: 0 for everything the server keeps, `now` for what comes next.
    #[arg(long, value_name = "CURSOR", default_value = "0", value_parser = start)]
    from: Start,
    /// Only this group's.
    #[arg(long)]
    group: Option<String>,
    /// Only this instrument's.
    #[arg(long)]
    instrument: Option<String>,
    /// Only of samples of this name.
    #[arg(long)]
    sample: Option<String>,
    /// Only events of this kind; may be given several times.
    #[arg(long = "kind", value_name = "KIND")]
    kinds: Vec<Kind>,
    /// End after the first event of this kind; may be given several times.
    #[arg(long = "until-kind", value_name = "KIND")]
    until: Vec<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Discovered,
    Incomplete,
    Skipped,
    Failed,
    Processed,
    Elucidated,
}

impl Kind {
    fn sent(self) -> EventKind {
        match self {
            Self::Discovered => EventKind::Discovered,
            Self::Incomplete => EventKind::Incomplete,
            Self::Skipped => EventKind::Skipped,
            Self::Failed => EventKind::Failed,
            Self::Processed => EventKind::Processed,
            Self::Elucidated => EventKind::Elucidated,
        }
    }

    fn of(event: &Event) -> Option<Self> {
        Some(match event.body.as_ref()? {
            Body::Discovered(_) => Self::Discovered,
            Body::Incomplete(_) => Self::Incomplete,
            Body::Skipped(_) => Self::Skipped,
            Body::Failed(_) => Self::Failed,
            Body::Processed(_) => Self::Processed,
            Body::Elucidated(_) => Self::Elucidated,
        })
    }
}

/// How a stream came to its end.
enum End {
    /// What was waited for has come.
    Reached,
    /// The server went; the connection may be made again.
    Lost(Status),
    /// Asking again would end the same way.
    Refused(Status),
}

pub(super) async fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let endpoint = client::endpoint(&arguments.common.address)?;
    let mut start = arguments.from;
    let mut wait = FIRST_WAIT;
    let mut told = false;
    loop {
        let before = start;
        let mut client = ResultServiceClient::new(endpoint.connect_lazy());
        match follow(&mut client, arguments, &mut start).await? {
            End::Reached => return Ok(()),
            End::Refused(status) => return Err(client::explain(status)),
            End::Lost(status) => {
                if start != before {
                    (wait, told) = (FIRST_WAIT, false);
                }
                if !told {
                    eprintln!(
                        "larmor: waiting for the server at {} ({})",
                        arguments.common.address,
                        status.message()
                    );
                    told = true;
                }
                sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}

async fn follow(
    client: &mut ResultServiceClient<tonic::transport::Channel>,
    arguments: &Arguments,
    start: &mut Start,
) -> Result<End, CommandError> {
    let request = WatchResultsRequest {
        cursor: match *start {
            Start::After(cursor) => cursor,
            Start::Now => 0,
        },
        from_newest: *start == Start::Now,
        group: arguments.group.clone().unwrap_or_default(),
        instrument: arguments.instrument.clone().unwrap_or_default(),
        sample: arguments.sample.clone().unwrap_or_default(),
        kinds: arguments.kinds.iter().map(|kind| kind.sent().into()).collect(),
    };
    let mut stream = match client.watch_results(request).await {
        Ok(answer) => answer.into_inner(),
        Err(status) => return Ok(end(status)),
    };
    loop {
        match stream.message().await {
            Ok(Some(response)) => match response.message {
                Some(Message::Event(event)) => {
                    show(&event, arguments.common.json)?;
                    *start = Start::After(event.cursor);
                    if Kind::of(&event).is_some_and(|kind| arguments.until.contains(&kind)) {
                        return Ok(End::Reached);
                    }
                }
                Some(Message::Bookmark(bookmark)) => *start = Start::After(bookmark.cursor),
                None => {}
            },
            Ok(None) => return Ok(End::Lost(Status::unavailable("the stream ended"))),
            Err(status) => return Ok(end(status)),
        }
    }
}

fn end(status: Status) -> End {
    match status.code() {
        // Unknown and Internal are how a broken connection may look from here.
        Code::Unavailable | Code::ResourceExhausted | Code::Unknown | Code::Internal => {
            End::Lost(status)
        }
        _ => End::Refused(status),
    }
}

/// Prints an event whole before its cursor counts as dealt with.
fn show(event: &Event, json: bool) -> Result<(), CommandError> {
    let mut out = output();
    if json {
        writeln!(out, "{}", json::event(event))?;
    } else {
        write!(out, "{}", text::event(event))?;
    }
    out.flush()?;
    Ok(())
}
