//! `larmor submit`: a dataset to a running server, and what becomes of it.

use std::io::Write;
use std::path::PathBuf;

use super::results::text;
use super::server::Common;
use larmor_client::proto::event::Body;
use larmor_client::proto::submit_fid_response::Message;
use larmor_client::proto::{AcquisitionState, SubmittedFid};
use larmor_client::{FidSubmission, json, submit_fid};
use larmor_command_line::{CommandError, output};

/// Options of `larmor submit`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// The dataset: a file, or the directory that holds its files.
    #[arg(value_name = "FILE|DIR")]
    dataset: PathBuf,
    /// Name of the sample it was measured of.
    #[arg(long)]
    sample: String,
    /// Group whose sample it is (default: the one that your token is for, else `default`).
    #[arg(long, default_value = "")]
    group: String,
    /// Name of the instrument it was measured on.
    #[arg(long, default_value = "submitted")]
    instrument: String,
    /// End once it is recorded, rather than wait for the result.
    #[arg(long)]
    no_wait: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(submit(arguments))
}

async fn submit(arguments: &Arguments) -> Result<(), CommandError> {
    let channel = arguments.common.connect().await?;
    let submission = FidSubmission {
        dataset: arguments.dataset.clone(),
        sample: arguments.sample.clone(),
        group: arguments.group.clone(),
        instrument: arguments.instrument.clone(),
    };
    let mut answer = submit_fid(channel, submission).await?;
    let mut failed = None;
    while let Some(message) = answer.next().await? {
        match message {
            Message::Submitted(submitted) => {
                show(&submitted, arguments.common.json)?;
                failed = failure(&submitted);
                if arguments.no_wait {
                    break;
                }
            }
            Message::Event(event) => {
                if arguments.common.json {
                    writeln!(output(), "{}", json::to_value(&event)?)?;
                } else {
                    write!(output(), "{}", text::event(&event))?;
                }
                failed = match event.body {
                    Some(Body::Failed(why)) => Some(why.reason),
                    Some(Body::Skipped(why)) => Some(why.reason),
                    _ => None,
                };
            }
        }
        output().flush()?;
    }
    match failed {
        Some(reason) => Err(format!("it was not processed: {reason}").into()),
        None => Ok(()),
    }
}

fn show(submitted: &SubmittedFid, as_json: bool) -> Result<(), CommandError> {
    if as_json {
        writeln!(output(), "{}", json::to_value(submitted)?)?;
        return Ok(());
    }
    let acquisition = submitted.acquisition.clone().unwrap_or_default();
    let known = if submitted.known { ", which was there already" } else { "" };
    writeln!(
        output(),
        "acquisition {}{known}: {} ({})",
        acquisition.id,
        acquisition.state(),
        acquisition.reason
    )?;
    Ok(())
}

/// Why an acquisition that was there already has no result.
fn failure(submitted: &SubmittedFid) -> Option<String> {
    let acquisition = submitted.acquisition.as_ref().filter(|_| submitted.known)?;
    match acquisition.state() {
        AcquisitionState::Failed | AcquisitionState::Skipped => Some(acquisition.reason.clone()),
        _ => None,
    }
}
