//! `CandidateService`.

use tonic::{Request, Response, Status};

use super::info::Limits;
use super::{convert, draw, paging, status};
use larmor_chemistry::{Molecule, MoleculeError};
use larmor_client::proto::candidate_service_server::CandidateService;
use larmor_client::proto::proposed_structure::Structure;
use larmor_client::proto::{
    DrawStructureRequest, DrawStructureResponse, ListProposalsRequest, ListProposalsResponse,
    ProposeCandidatesRequest, ProposeCandidatesResponse, ProposedStructure,
    WithdrawProposalRequest, WithdrawProposalResponse,
};
use larmor_nmr::structure::{self, StructureFormat};
use larmor_store::{NewProposal, Store};

pub(super) struct Candidates {
    store: Store,
    limits: Limits,
}

impl Candidates {
    pub(super) fn new(store: Store, limits: Limits) -> Self {
        Self { store, limits }
    }
}

#[tonic::async_trait]
impl CandidateService for Candidates {
    async fn propose_candidates(
        &self,
        request: Request<ProposeCandidatesRequest>,
    ) -> Result<Response<ProposeCandidatesResponse>, Status> {
        let request = request.into_inner();
        let count = request.structures.len();
        if count == 0 || count > self.limits.structures {
            return Err(Status::invalid_argument(format!(
                "{count} structures were given; give 1 to {}",
                self.limits.structures
            )));
        }
        let who = match request.proposed_by.as_str() {
            "" => "a client".to_owned(),
            who => who.to_owned(),
        };
        // Chemistry may take a while.
        let structures = request.structures;
        let checked = tokio::task::spawn_blocking(move || {
            structures.into_iter().enumerate().map(|(place, one)| check(place, one, &who)).collect()
        });
        let checked: Result<Vec<NewProposal>, Status> =
            checked.await.map_err(|_| Status::internal("reading a structure failed"))?;
        let checked = checked?;
        let sample =
            self.store.sample_named(&request.group, &request.sample).await.map_err(status::of)?;
        let proposed = self.store.propose(sample, &checked).await.map_err(status::of)?;
        Ok(Response::new(ProposeCandidatesResponse {
            proposals: proposed.proposals.into_iter().map(convert::proposal).collect(),
            requeued_acquisition_id: convert::name(proposed.requeued),
        }))
    }

    async fn list_proposals(
        &self,
        request: Request<ListProposalsRequest>,
    ) -> Result<Response<ListProposalsResponse>, Status> {
        let request = request.into_inner();
        let sample =
            self.store.sample_called(&request.group, &request.sample).await.map_err(status::of)?;
        let standing = self.store.proposals(sample).await.map_err(status::of)?;
        let proposals = standing.into_iter().map(convert::proposal).collect();
        Ok(Response::new(ListProposalsResponse { proposals }))
    }

    async fn withdraw_proposal(
        &self,
        request: Request<WithdrawProposalRequest>,
    ) -> Result<Response<WithdrawProposalResponse>, Status> {
        let id = paging::id(&request.into_inner().id)?;
        let left = self.store.withdraw(id).await.map_err(status::of)?;
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
