//! `larmor sample`: a sample of a running server is renamed, merged, split, deleted, shared.

use std::io::Write;

use clap::Subcommand;

use super::results::text;
use super::sample_name::sample_name;
use super::server::Common;
use larmor_client::proto::sample_service_client::SampleServiceClient;
use larmor_client::proto::{
    DeleteSampleRequest, GetSampleRequest, ListSampleChangesRequest, MergeSamplesRequest,
    RenameSampleRequest, SampleChange, SampleSummary, ShareSampleRequest, SplitSampleRequest,
    get_sample_request,
};
use larmor_client::{ClientError, Connection, json};
use larmor_command_line::{CommandError, output};

/// Options of `larmor sample`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Give a sample another name; its directory may go on being called as it is.
    Rename {
        /// The sample: NAME, or GROUP/NAME.
        sample: String,
        /// Its name from now on.
        name: String,
        #[command(flatten)]
        common: Common,
    },
    /// Make a sample part of another of its group; they are judged together.
    Merge {
        /// The sample that becomes part of the other.
        sample: String,
        /// The other.
        into: String,
        #[command(flatten)]
        common: Common,
    },
    /// Make a new sample of some acquisitions of one.
    Split {
        /// The sample.
        sample: String,
        /// Name of the new one.
        name: String,
        /// The acquisitions that go to it, by identity.
        #[arg(required = true)]
        acquisitions: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Delete a sample with its spectra and judgements. The spectrometer's files stay.
    Delete {
        /// The sample.
        sample: String,
        /// Do it.
        #[arg(long, required = true)]
        yes: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Make a link that shows the sample and nothing else to whoever has it.
    Share {
        /// The sample.
        sample: String,
        /// Days that it holds.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(i32).range(1..=365))]
        days: i32,
        #[command(flatten)]
        common: Common,
    },
    /// What happened to a sample as such: moved on disk, renamed, merged, split.
    Changes {
        /// The sample.
        sample: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(carry_out(&arguments.command))
}

async fn carry_out(command: &Command) -> Result<(), CommandError> {
    match command {
        Command::Rename { sample, name, common } => {
            let mut client = client(common).await?;
            let sample_id = found(&mut client, sample).await?;
            let asked = RenameSampleRequest { sample_id, name: name.clone(), by: common.by() };
            let answer = client.rename_sample(asked).await.map_err(ClientError::from)?;
            stands(common, answer.into_inner().sample)
        }
        Command::Merge { sample, into, common } => {
            let mut client = client(common).await?;
            let sample_id = found(&mut client, sample).await?;
            let into_sample_id = found(&mut client, into).await?;
            let asked = MergeSamplesRequest { sample_id, into_sample_id, by: common.by() };
            let answer = client.merge_samples(asked).await.map_err(ClientError::from)?;
            stands(common, answer.into_inner().sample)
        }
        Command::Split { sample, name, acquisitions, common } => {
            let mut client = client(common).await?;
            let sample_id = found(&mut client, sample).await?;
            let (name, acquisition_ids) = (name.clone(), acquisitions.clone());
            let by = common.by();
            let asked = SplitSampleRequest { sample_id, acquisition_ids, name, by };
            let answer = client.split_sample(asked).await.map_err(ClientError::from)?;
            stands(common, answer.into_inner().sample)
        }
        Command::Delete { sample, common, yes: _ } => {
            let mut client = client(common).await?;
            let sample_id = found(&mut client, sample).await?;
            let asked = DeleteSampleRequest { sample_id, by: common.by() };
            client.delete_sample(asked).await.map_err(ClientError::from)?;
            Ok(())
        }
        Command::Share { sample, days, common } => {
            let mut client = client(common).await?;
            let sample_id = found(&mut client, sample).await?;
            let asked = ShareSampleRequest { sample_id, days: *days };
            let answer = client.share_sample(asked).await.map_err(ClientError::from)?;
            let link = answer.into_inner();
            match common.json {
                true => writeln!(output(), "{}", json::to_value(&link)?)?,
                false => {
                    writeln!(output(), "{}{}", common.address.trim_end_matches('/'), link.path)?
                }
            }
            Ok(())
        }
        Command::Changes { sample, common } => {
            let mut client = client(common).await?;
            let sample_id = found(&mut client, sample).await?;
            let asked = ListSampleChangesRequest { sample_id };
            let answer = client.list_sample_changes(asked).await.map_err(ClientError::from)?;
            for change in answer.into_inner().changes {
                match common.json {
                    true => writeln!(output(), "{}", json::to_value(&change)?)?,
                    false => writeln!(output(), "{}", line(&change))?,
                }
            }
            Ok(())
        }
    }
}

async fn client(common: &Common) -> Result<SampleServiceClient<Connection>, CommandError> {
    Ok(SampleServiceClient::new(common.connect().await?))
}

/// The identity of the sample of a name.
async fn found(
    client: &mut SampleServiceClient<Connection>,
    sample: &str,
) -> Result<String, CommandError> {
    let sample = Some(get_sample_request::Sample::Name(sample_name(sample)));
    let answer = client.get_sample(GetSampleRequest { sample }).await.map_err(ClientError::from)?;
    Ok(answer.into_inner().summary.unwrap_or_default().id)
}

fn stands(common: &Common, sample: Option<SampleSummary>) -> Result<(), CommandError> {
    let sample = sample.unwrap_or_default();
    match common.json {
        true => writeln!(output(), "{}", json::to_value(&sample)?)?,
        false => {
            let place = format!("{}/{}", sample.group, sample.name);
            writeln!(output(), "{}  {}", text::clean(&place), sample.id)?;
        }
    }
    Ok(())
}

/// A change, one line.
fn line(change: &SampleChange) -> String {
    let place = format!("{}/{}", change.group, change.name);
    let mut line = format!(
        "{}  {}  {}",
        text::rfc3339(change.create_time),
        change.kind(),
        text::clean(&place)
    );
    if !change.into_name.is_empty() {
        let into = format!("{}/{}", change.into_group, change.into_name);
        line.push_str(&format!(" -> {}", text::clean(&into)));
    }
    if !change.acquisition_ids.is_empty() {
        line.push_str(&format!("  ({} acquisitions)", change.acquisition_ids.len()));
    }
    let by = if change.by.is_empty() { "as on disk" } else { change.by.as_str() };
    line.push_str(&format!("  {}", text::clean(by)));
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use larmor_client::proto::SampleChangeKind;

    #[test]
    fn a_change_is_a_line_that_says_what_and_who() {
        let change = SampleChange {
            kind: SampleChangeKind::Split.into(),
            by: "ada".to_owned(),
            group: "g".to_owned(),
            name: "a".to_owned(),
            into_group: "g".to_owned(),
            into_name: "b".to_owned(),
            acquisition_ids: vec![String::new(), String::new()],
            ..SampleChange::default()
        };
        let said = line(&change);
        assert!(said.ends_with("split  g/a -> g/b  (2 acquisitions)  ada"), "{said}");
        let deleted = SampleChange { kind: SampleChangeKind::Deleted.into(), ..change };
        let deleted = SampleChange { into_name: String::new(), by: String::new(), ..deleted };
        assert!(line(&deleted).contains("deleted  g/a  "), "{}", line(&deleted));
    }
}
