//! `larmor propose`: is it this? A structure for a sample, and what comes of it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::timeout;

use super::results::text;
use super::sample_name::sample_name;
use super::server::Common;
use larmor_client::proto::candidate_service_client::CandidateServiceClient;
use larmor_client::proto::event::Body;
use larmor_client::proto::proposed_structure::Structure;
use larmor_client::proto::{
    EventKind, ListProposalsRequest, Proposal, ProposeCandidatesRequest, ProposedStructure,
    WatchResultsRequest, WithdrawProposalRequest,
};
use larmor_client::{ClientError, ResultStream, Update, json};
use larmor_command_line::{CommandError, output};

/// Options of `larmor propose`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// The sample: NAME, or GROUP/NAME.
    sample: String,
    /// The structure as SMILES; without one, and without a file, what stands proposed is listed.
    #[arg(conflicts_with = "molfile")]
    smiles: Option<String>,
    /// File with the structure as a mol block.
    #[arg(long, value_name = "FILE")]
    molfile: Option<PathBuf>,
    /// Its name.
    #[arg(long, default_value = "")]
    name: String,
    /// Take this proposal back, by its identity.
    #[arg(long, value_name = "ID", conflicts_with_all = ["smiles", "molfile"])]
    withdraw: Option<String>,
    /// Seconds to wait for the judgement; 0: do not wait.
    #[arg(long, default_value_t = 60)]
    wait: u64,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(carry_out(arguments))
}

async fn carry_out(arguments: &Arguments) -> Result<(), CommandError> {
    let structure = match (&arguments.smiles, &arguments.molfile) {
        (Some(smiles), _) => Some(Structure::Smiles(smiles.clone())),
        (None, Some(path)) => {
            let read = fs::read_to_string(path);
            let block = read.map_err(|cause| format!("cannot read {}: {cause}", path.display()))?;
            Some(Structure::Molblock(block))
        }
        (None, None) => None,
    };
    let mut client = CandidateServiceClient::new(arguments.common.connect().await?);
    let name = sample_name(&arguments.sample);
    if let Some(id) = &arguments.withdraw {
        let asked = WithdrawProposalRequest { id: id.clone() };
        let left = client.withdraw_proposal(asked).await.map_err(ClientError::from)?;
        return list(arguments, &left.into_inner().proposals);
    }
    let Some(structure) = structure else {
        let asked = ListProposalsRequest { group: name.group, sample: name.name };
        let standing = client.list_proposals(asked).await.map_err(ClientError::from)?;
        return list(arguments, &standing.into_inner().proposals);
    };
    // Followed from before the proposal is made, so that its judgement is not missed.
    let mut events = ResultStream::new(
        arguments.common.server()?,
        WatchResultsRequest {
            from_newest: true,
            samples: vec![name.name.clone()],
            kinds: vec![EventKind::Elucidated.into()],
            ..WatchResultsRequest::default()
        },
    );
    if arguments.wait > 0 {
        while !matches!(events.next().await?, Update::Bookmark(_)) {}
    }
    let structure = ProposedStructure { structure: Some(structure), name: arguments.name.clone() };
    let asked = ProposeCandidatesRequest {
        group: name.group,
        sample: name.name,
        structures: vec![structure],
        proposed_by: arguments.common.by(),
    };
    let proposed = client.propose_candidates(asked).await.map_err(ClientError::from)?.into_inner();
    if proposed.requeued_acquisition_id.is_empty() {
        eprintln!("larmor: proposed; it is judged with the sample's next spectrum, or was before");
        return list(arguments, &proposed.proposals);
    }
    if arguments.wait == 0 {
        return list(arguments, &proposed.proposals);
    }
    let judged = async {
        loop {
            if let Update::Event(event) = events.next().await?
                && event.acquisition_id == proposed.requeued_acquisition_id
                && matches!(event.body, Some(Body::Elucidated(_)))
            {
                return Ok::<_, CommandError>(event);
            }
        }
    };
    let event = timeout(Duration::from_secs(arguments.wait), judged).await;
    let event = event.map_err(|_| {
        format!("it was not judged within {} s; it is once its turn comes", arguments.wait)
    })??;
    match arguments.common.json {
        true => writeln!(output(), "{}", json::to_value(event.as_ref())?)?,
        false => write!(output(), "{}", text::event(&event))?,
    }
    Ok(output().flush()?)
}

fn list(arguments: &Arguments, proposals: &[Proposal]) -> Result<(), CommandError> {
    for one in proposals {
        match arguments.common.json {
            true => writeln!(output(), "{}", json::to_value(one)?)?,
            false => writeln!(output(), "{}", line(one))?,
        }
    }
    Ok(output().flush()?)
}

/// A proposal, one line.
fn line(one: &Proposal) -> String {
    let structure = match one.structure.as_ref().and_then(|given| given.structure.as_ref()) {
        Some(Structure::Smiles(smiles)) => smiles.as_str(),
        Some(Structure::Molblock(_)) => "a mol block",
        None => "",
    };
    let name = one.structure.as_ref().map_or("", |given| given.name.as_str());
    let said = [structure, name].join("  ");
    format!(
        "{}  {}  {}  {}",
        one.id,
        text::rfc3339(one.create_time),
        text::clean(&one.proposed_by),
        text::clean(said.trim_end())
    )
}
