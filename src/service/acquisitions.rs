//! `AcquisitionService`.

use chrono::{DateTime, Utc};
use tonic::{Request, Response, Status, Streaming};

use super::info::Limits;
use super::submission::{Answer, Submissions};
use super::{backfill, convert, convert_sample, filters, paging, status};
use larmor_client::proto::acquisition_service_server::AcquisitionService;
use larmor_client::proto::{
    Backfill, GetAcquisitionRequest, GetAcquisitionResponse, GetBackfillRequest,
    GetBackfillResponse, ListAcquisitionsRequest, ListAcquisitionsResponse, ListInstrumentsRequest,
    ListInstrumentsResponse, PauseBackfillRequest, PauseBackfillResponse,
    ReprocessAcquisitionRequest, ReprocessAcquisitionResponse, SubmitFidRequest,
};
use larmor_store::{AcquisitionFilter, Store};

pub(super) struct Acquisitions {
    store: Store,
    limits: Limits,
    submissions: Submissions,
    /// Older data acquired before this stay.
    backfill_since: Option<DateTime<Utc>>,
}

impl Acquisitions {
    pub(super) fn new(
        store: Store,
        limits: Limits,
        submissions: Submissions,
        backfill_since: Option<DateTime<Utc>>,
    ) -> Self {
        Self { store, limits, submissions, backfill_since }
    }

    async fn backfill(&self) -> Result<Backfill, Status> {
        let stands = self.store.backfill(self.backfill_since).await.map_err(status::of)?;
        Ok(backfill::backfill(stands))
    }
}

#[tonic::async_trait]
impl AcquisitionService for Acquisitions {
    type SubmitFidStream = Answer;

    async fn submit_fid(
        &self,
        request: Request<Streaming<SubmitFidRequest>>,
    ) -> Result<Response<Answer>, Status> {
        self.submissions.submit(request).await.map(Response::new)
    }

    async fn list_acquisitions(
        &self,
        request: Request<ListAcquisitionsRequest>,
    ) -> Result<Response<ListAcquisitionsResponse>, Status> {
        let request = request.into_inner();
        let page = paging::page(request.page_size, &request.page_token, self.limits.page_size)?;
        let filter = AcquisitionFilter {
            state: filters::state_filter(request.state)?,
            group: paging::non_empty(request.group),
            instrument: paging::non_empty(request.instrument),
            sample: paging::non_empty(request.sample),
            sample_id: None,
        };
        let listed = self.store.acquisitions(&filter, &page).await.map_err(status::of)?;
        let next_page_token =
            paging::next_token(&page, listed.len(), listed.last().map(|last| last.id));
        let acquisitions = listed.into_iter().map(convert::acquisition).collect();
        Ok(Response::new(ListAcquisitionsResponse { acquisitions, next_page_token }))
    }

    async fn get_acquisition(
        &self,
        request: Request<GetAcquisitionRequest>,
    ) -> Result<Response<GetAcquisitionResponse>, Status> {
        let id = paging::id(&request.into_inner().id)?;
        let acquisition = self.store.acquisition(id).await.map_err(status::of)?;
        let acquisition = Some(convert::acquisition(acquisition));
        Ok(Response::new(GetAcquisitionResponse { acquisition }))
    }

    async fn list_instruments(
        &self,
        _request: Request<ListInstrumentsRequest>,
    ) -> Result<Response<ListInstrumentsResponse>, Status> {
        let listed = self.store.instruments().await.map_err(status::of)?;
        let instruments = listed.into_iter().map(convert_sample::instrument).collect();
        Ok(Response::new(ListInstrumentsResponse { instruments }))
    }

    async fn reprocess_acquisition(
        &self,
        request: Request<ReprocessAcquisitionRequest>,
    ) -> Result<Response<ReprocessAcquisitionResponse>, Status> {
        let id = paging::id(&request.into_inner().id)?;
        self.store.reprocess(id).await.map_err(status::of)?;
        let acquisition = self.store.acquisition(id).await.map_err(status::of)?;
        let acquisition = Some(convert::acquisition(acquisition));
        Ok(Response::new(ReprocessAcquisitionResponse { acquisition }))
    }

    async fn get_backfill(
        &self,
        _request: Request<GetBackfillRequest>,
    ) -> Result<Response<GetBackfillResponse>, Status> {
        let backfill = Some(self.backfill().await?);
        Ok(Response::new(GetBackfillResponse { backfill }))
    }

    async fn pause_backfill(
        &self,
        request: Request<PauseBackfillRequest>,
    ) -> Result<Response<PauseBackfillResponse>, Status> {
        let PauseBackfillRequest { paused, by } = request.into_inner();
        self.store.pause_backfill(paused, &by).await.map_err(status::of)?;
        let backfill = Some(self.backfill().await?);
        Ok(Response::new(PauseBackfillResponse { backfill }))
    }
}
