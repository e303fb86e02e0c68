//! `larmor acquisitions`: what was acquired, why it is where it is, and once more.

use std::io::Write;

use clap::Subcommand;

use super::results::{text, watch::state};
use super::server::Common;
use larmor_client::proto::acquisition_service_client::AcquisitionServiceClient;
use larmor_client::proto::{
    Acquisition, AcquisitionState, GetAcquisitionRequest, ListAcquisitionsRequest,
    ReprocessAcquisitionRequest,
};
use larmor_client::{ClientError, Connection, json};
use larmor_command_line::{CommandError, output};

/// Options of `larmor acquisitions`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List acquisitions, the newest first.
    List {
        #[command(flatten)]
        which: Which,
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        #[command(flatten)]
        common: Common,
    },
    /// Say where an acquisition is and why: being written, waiting, failed, skipped.
    Why {
        /// Its identity, as list shows it.
        id: String,
        #[command(flatten)]
        common: Common,
    },
    /// Have acquisitions processed again: those named, or all that are listed so.
    Retry {
        /// Their identities.
        #[arg(required_unless_present = "state", conflicts_with = "state")]
        ids: Vec<String>,
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        common: Common,
    },
}

/// Which acquisitions.
#[derive(Debug, clap::Args)]
struct Which {
    /// Only those in this state.
    #[arg(long, value_parser = state())]
    state: Option<AcquisitionState>,
    /// Only this group's.
    #[arg(long)]
    group: Option<String>,
    /// Only this instrument's.
    #[arg(long)]
    instrument: Option<String>,
    /// Only of samples of this name.
    #[arg(long)]
    sample: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(ask(&arguments.command))
}

async fn ask(command: &Command) -> Result<(), CommandError> {
    match command {
        Command::List { which, limit, common } => {
            let mut client = AcquisitionServiceClient::new(common.connect().await?);
            for one in listed(&mut client, which, *limit).await? {
                match common.json {
                    true => writeln!(output(), "{}", json::to_value(&one)?)?,
                    false => writeln!(output(), "{}", line(&one))?,
                }
            }
            Ok(output().flush()?)
        }
        Command::Why { id, common } => {
            let mut client = AcquisitionServiceClient::new(common.connect().await?);
            let asked = GetAcquisitionRequest { id: id.clone() };
            let answer = client.get_acquisition(asked).await.map_err(ClientError::from)?;
            let found = answer.into_inner().acquisition.unwrap_or_default();
            match common.json {
                true => writeln!(output(), "{}", json::to_value(&found)?)?,
                false => write!(output(), "{}", whole(&found))?,
            }
            Ok(output().flush()?)
        }
        Command::Retry { ids, which, common } => {
            let mut client = AcquisitionServiceClient::new(common.connect().await?);
            let ids = match ids.is_empty() {
                true => listed(&mut client, which, usize::MAX)
                    .await?
                    .into_iter()
                    .map(|one| one.id)
                    .collect(),
                false => ids.clone(),
            };
            retry(&mut client, &ids).await
        }
    }
}

/// What is listed, at most so many.
async fn listed(
    client: &mut AcquisitionServiceClient<Connection>,
    which: &Which,
    most: usize,
) -> Result<Vec<Acquisition>, CommandError> {
    let asked = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut request = ListAcquisitionsRequest {
        page_size: 0,
        page_token: String::new(),
        state: which.state.unwrap_or(AcquisitionState::Unspecified).into(),
        group: asked(&which.group),
        instrument: asked(&which.instrument),
        sample: asked(&which.sample),
    };
    let mut all = Vec::new();
    while all.len() < most {
        request.page_size = i32::try_from((most - all.len()).min(500)).unwrap_or(500);
        let answer = client.list_acquisitions(request.clone()).await.map_err(ClientError::from)?;
        let page = answer.into_inner();
        all.extend(page.acquisitions);
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    Ok(all)
}

/// Puts each up again; one that cannot be does not keep the others from it.
async fn retry(
    client: &mut AcquisitionServiceClient<Connection>,
    ids: &[String],
) -> Result<(), CommandError> {
    let mut refused = 0;
    for id in ids {
        let asked = ReprocessAcquisitionRequest { id: id.clone() };
        match client.reprocess_acquisition(asked).await {
            Ok(answer) => {
                let now = answer.into_inner().acquisition.unwrap_or_default();
                writeln!(output(), "{}", line(&now))?;
            }
            Err(status) => {
                refused += 1;
                eprintln!("larmor: {id}: {}", status.message());
            }
        }
    }
    output().flush()?;
    match refused {
        0 => Ok(()),
        many => Err(format!("{many} of {} were not put up again", ids.len()).into()),
    }
}

/// An acquisition, one line.
fn line(one: &Acquisition) -> String {
    let place = format!("{}/{}", one.group, one.sample);
    let what = [one.nucleus.as_str(), one.experiment.as_str()].join(" ");
    format!(
        "{}  {}  {}  {}  {}  {}: {}",
        one.id,
        text::rfc3339(one.update_time),
        text::clean(&one.instrument),
        text::clean(&place),
        text::clean(what.trim()),
        one.state(),
        text::clean(&one.reason)
    )
}

/// An acquisition, all that tells where it is and why.
fn whole(one: &Acquisition) -> String {
    let place = format!("{}/{}", one.group, one.sample);
    let what = format!("{} {} {}", one.nucleus, one.experiment, one.title);
    let attempts = one.attempts.to_string();
    let rows = [
        ("state", one.state().to_string()),
        ("reason", one.reason.clone()),
        ("sample", place),
        ("instrument", one.instrument.clone()),
        ("path", one.path.clone()),
        ("what", what.trim().to_owned()),
        ("attempts", attempts),
        ("discovered", text::rfc3339(one.sighted_time)),
        ("last written", text::rfc3339(one.last_written_time)),
        ("in this state since", text::rfc3339(one.update_time)),
    ];
    let rows = rows.into_iter().filter(|(_, said)| !said.is_empty());
    rows.map(|(name, said)| format!("{name:<20}{}\n", text::clean(&said))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acquisition_says_where_it_is_and_why() {
        let failed = Acquisition {
            id: "0198".to_owned(),
            group: "g".to_owned(),
            sample: "a\u{7}".to_owned(),
            nucleus: "13C".to_owned(),
            experiment: "1D".to_owned(),
            state: AcquisitionState::Failed.into(),
            reason: "fid ends early".to_owned(),
            path: "/data/g/a/1".to_owned(),
            ..Acquisition::default()
        };
        let said = line(&failed);
        assert!(
            said.starts_with("0198") && said.ends_with("13C 1D  failed: fid ends early"),
            "{said}"
        );
        assert!(!said.contains('\u{7}'), "{said}");
        let said = whole(&failed);
        assert!(said.contains("path                /data/g/a/1\n"), "{said}");
        assert!(!said.contains("instrument"), "what is not known is left out: {said}");
    }
}
