//! `larmor backfill`: how far older data have come on a running server, pause and resume.

use std::io::Write;
use std::time::Duration;

use clap::Subcommand;

use super::server::Common;
use larmor_client::proto::acquisition_service_client::AcquisitionServiceClient;
use larmor_client::proto::{Backfill, GetBackfillRequest, PauseBackfillRequest};
use larmor_client::{ClientError, json};
use larmor_command_line::{CommandError, output};

/// Options of `larmor backfill`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// How far older data have come.
    Status(Common),
    /// Take up no more older data; what was measured today goes on.
    Pause(Common),
    /// Take older data up again.
    Resume(Common),
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(ask(&arguments.command))
}

async fn ask(command: &Command) -> Result<(), CommandError> {
    let (Command::Status(common) | Command::Pause(common) | Command::Resume(common)) = command;
    let mut client = AcquisitionServiceClient::new(common.connect().await?);
    let mut set = async |paused| {
        let by = common.by();
        let answer = client.pause_backfill(PauseBackfillRequest { paused, by }).await;
        answer.map(|answer| answer.into_inner().backfill)
    };
    let stands = match command {
        Command::Pause(_) => set(true).await,
        Command::Resume(_) => set(false).await,
        Command::Status(_) => {
            let answer = client.get_backfill(GetBackfillRequest {}).await;
            answer.map(|answer| answer.into_inner().backfill)
        }
    };
    let stands = stands.map_err(ClientError::from)?.unwrap_or_default();
    if common.json {
        writeln!(output(), "{}", json::to_value(&stands)?)?;
    } else {
        writeln!(output(), "{}", text(&stands))?;
    }
    Ok(())
}

fn text(stands: &Backfill) -> String {
    let mut text = format!(
        "{} acquisitions of older data wait, {} finished in the last hour",
        stands.waiting, stands.finished_last_hour
    );
    if stands.held > 0 {
        text += &format!("; {} are older than pipeline.backfill.since and stay", stands.held);
    }
    if stands.paused {
        text += "; paused";
        if !stands.changed_by.is_empty() {
            text += &format!(" by {}", stands.changed_by);
        }
    } else if let Some(seconds) = stands.estimated_seconds
        && stands.waiting > stands.held
    {
        let whole = Duration::from_secs_f64(seconds.clamp(0.0, 1e9).ceil());
        text += &format!("; done in about {}", in_words(whole));
    }
    text
}

fn in_words(time: Duration) -> String {
    let minutes = time.as_secs().div_ceil(60);
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", minutes.div_ceil(60)),
        _ => format!("{} days", minutes.div_ceil(1440)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_waits_and_for_how_long() {
        let stands = Backfill {
            waiting: 1500,
            held: 500,
            finished_last_hour: 100,
            estimated_seconds: Some(36_000.0),
            ..Default::default()
        };
        let told = text(&stands);
        assert!(told.starts_with("1500 acquisitions of older data wait, 100 finished"), "{told}");
        assert!(told.contains("500 are older") && told.ends_with("in about 10 h"), "{told}");
        let told = text(&Backfill { paused: true, changed_by: "ada".to_owned(), ..stands });
        assert!(told.ends_with("paused by ada"), "{told}");
    }
}
