//! `larmor results`: watch, list and get results of a running server.

pub(super) mod text;
pub(super) mod watch;

use std::io::Write;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::server::Common;
use larmor_client::proto::result_service_client::ResultServiceClient;
use larmor_client::proto::{GetResultRequest, ListResultsRequest, Verdict};
use larmor_client::{ClientError, json};
use larmor_command_line::CommandError;
use larmor_command_line::output;

/// Options of `larmor results`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Follow results as they come; goes on where it was when the server restarts.
    Watch(watch::Arguments),
    /// Show one judgement, whole.
    Get(Get),
    /// List judgements, newest first.
    List(List),
}

#[derive(Debug, clap::Args)]
struct Get {
    #[command(flatten)]
    common: Common,
    /// Identity of the judgement, as the other commands show it.
    id: String,
}

#[derive(Debug, clap::Args)]
struct List {
    #[command(flatten)]
    common: Common,
    /// Only this group's.
    #[arg(long)]
    group: Option<String>,
    /// Only from this instrument.
    #[arg(long)]
    instrument: Option<String>,
    /// Only of samples of this name.
    #[arg(long)]
    sample: Option<String>,
    /// Only with this verdict.
    #[arg(long, value_parser = verdict())]
    verdict: Option<Verdict>,
    /// Superseded judgements too.
    #[arg(long)]
    all: bool,
    /// How many at most.
    #[arg(long, default_value_t = 50)]
    limit: usize,
}

/// The verdicts, as the protocol has them.
const VERDICTS: [&str; 5] =
    ["consistent", "inconsistent", "inconclusive", "best_match", "none_fits"];

pub(super) fn verdict() -> impl TypedValueParser<Value = Verdict> {
    PossibleValuesParser::new(VERDICTS).try_map(|word| word.parse::<Verdict>())
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match &arguments.command {
            Command::Watch(arguments) => watch::watch(arguments).await,
            Command::Get(arguments) => get(arguments).await,
            Command::List(arguments) => list(arguments).await,
        }
    })
}

async fn get(arguments: &Get) -> Result<(), CommandError> {
    let channel = arguments.common.connect().await?;
    let request = GetResultRequest { id: arguments.id.clone() };
    let answer = ResultServiceClient::new(channel).get_result(request).await;
    let Some(result) = answer.map_err(ClientError::from)?.into_inner().result else {
        return Err("the server answered without a result".into());
    };
    if arguments.common.json {
        writeln!(output(), "{}", json::to_value(&result)?)?;
    } else {
        write!(output(), "{}", text::elucidation(&result))?;
    }
    output().flush()?;
    Ok(())
}

async fn list(arguments: &List) -> Result<(), CommandError> {
    let channel = arguments.common.connect().await?;
    let mut client = ResultServiceClient::new(channel);
    let mut request = ListResultsRequest {
        page_size: 0,
        page_token: String::new(),
        group: arguments.group.clone().unwrap_or_default(),
        instrument: arguments.instrument.clone().unwrap_or_default(),
        sample: arguments.sample.clone().unwrap_or_default(),
        verdict: arguments.verdict.unwrap_or(Verdict::Unspecified).into(),
        latest_only: !arguments.all,
    };
    let mut left = arguments.limit;
    while left > 0 {
        request.page_size = i32::try_from(left.min(500)).unwrap_or(500);
        let answer = client.list_results(request.clone()).await;
        let page = answer.map_err(ClientError::from)?.into_inner();
        for summary in page.results.iter().take(left) {
            if arguments.common.json {
                writeln!(output(), "{}", json::to_value(summary)?)?;
            } else {
                writeln!(output(), "{}", text::summary(summary))?;
            }
        }
        left = left.saturating_sub(page.results.len());
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    output().flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_of_the_protocol_can_be_asked_for() {
        let all = (1..).map_while(|number| Verdict::try_from(number).ok());
        assert!(all.map(|verdict| verdict.to_string()).eq(VERDICTS));
    }
}
