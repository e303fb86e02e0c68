//! `CandidateService`.

use tonic::{Request, Response, Status};

use super::info::Limits;
use super::view::Views;
use super::{convert, draw, paging};
use larmor_chemistry::{Molecule, MoleculeError};
use larmor_client::proto::candidate_service_server::CandidateService;
use larmor_client::proto::proposed_structure::Structure;
use larmor_client::proto::{
    DrawStructureRequest, DrawStructureResponse, ListProposalsRequest, ListProposalsResponse,
    ProposeCandidatesRequest, ProposeCandidatesResponse, ProposedStructure,
    WithdrawProposalRequest, WithdrawProposalResponse,
};
use larmor_nmr::structure::{self, StructureFormat};
use larmor_store::NewProposal;

pub(super) struct Candidates {
    views: Views,
    limits: Limits,
}

impl Candidates {
    pub(super) fn new(views: Views, limits: Limits) -> Self {
        Self { views, limits }
    }
}

#[tonic::async_trait]
impl CandidateService for Candidates {
    async fn propose_candidates(
        &self,
        request: Request<ProposeCandidatesRequest>,
    ) -> Result<Response<ProposeCandidatesResponse>, Status> {
        let view = self.views.of(&request)?;
        let request = request.into_inner();
        let count = request.structures.len();
        if count == 0 || count > self.limits.structures {
            return Err(Status::invalid_argument(format!(
                "{count} structures were given; give 1 to {}",
                self.limits.structures
            )));
        }
        let who = match view.caller.name(&request.proposed_by) {
            who if who.is_empty() => "a client".to_owned(),
            who => who,
        };
        // Chemistry may take a while.
        let structures = request.structures;
        let checked = tokio::task::spawn_blocking(move || {
            structures.into_iter().enumerate().map(|(place, one)| check(place, one, &who)).collect()
        });
        let checked: Result<Vec<NewProposal>, Status> =
            checked.await.map_err(|_| Status::internal("reading a structure failed"))?;
        let checked = checked?;
        let sample = view.sample_called(&request.group, &request.sample).await?;
        let proposed = view.propose(sample, &checked).await?;
        Ok(Response::new(ProposeCandidatesResponse {
            proposals: proposed.proposals.into_iter().map(convert::proposal).collect(),
            requeued_acquisition_id: convert::name(proposed.requeued),
        }))
    }

    async fn list_proposals(
        &self,
        request: Request<ListProposalsRequest>,
    ) -> Result<Response<ListProposalsResponse>, Status> {
        let view = self.views.of(&request)?;
        let request = request.into_inner();
        let sample = view.sample_called(&request.group, &request.sample).await?;
        let standing = view.proposals(sample).await?;
        let proposals = standing.into_iter().map(convert::proposal).collect();
        Ok(Response::new(ListProposalsResponse { proposals }))
    }

    async fn withdraw_proposal(
        &self,
        request: Request<WithdrawProposalRequest>,
    ) -> Result<Response<WithdrawProposalResponse>, Status> {
        let view = self.views.of(&request)?;
        let id = paging::id(&request.into_inner().id)?;
        let left = view.withdraw(id).await?;
        Ok(Response::new(WithdrawProposalResponse {
            proposals: left.proposals.into_iter().map(convert::proposal).collect(),
            requeued_acquisition_id: convert::name(left.requeued),
        }))
    }

    async fn draw_structure(
        &self,
        request: Request<DrawStructureRequest>,
    ) -> Result<Response<DrawStructureResponse>, Status> {
        let request = request.into_inner();
        let drawn = tokio::task::spawn_blocking(move || draw::structure(&request)).await;
        drawn.map_err(|_| Status::internal("drawing a structure failed"))?.map(Response::new)
    }
}

fn check(place: usize, proposed: ProposedStructure, who: &str) -> Result<NewProposal, Status> {
    let refuse =
        |cause: MoleculeError| Status::invalid_argument(format!("structures[{place}]: {cause}"));
    let (molecule, text, format) = match proposed.structure {
        Some(Structure::Smiles(text)) => {
            (Molecule::from_smiles(&text).map_err(refuse)?, text, StructureFormat::Smiles)
        }
        Some(Structure::Molblock(text)) => {
            (Molecule::from_molblock(&text).map_err(refuse)?, text, StructureFormat::Molblock)
        }
        None => {
            return Err(Status::invalid_argument(format!("structures[{place}] is empty")));
        }
    };
    let name = (!proposed.name.is_empty()).then_some(proposed.name);
    let structure = structure::ProposedStructure { text, format, name };
    Ok(NewProposal {
        structure,
        inchikey: molecule.inchikey,
        formula: molecule.formula.to_string(),
        proposed_by: who.to_owned(),
    })
}
