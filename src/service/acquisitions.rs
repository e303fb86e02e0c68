//! `AcquisitionService`.

use chrono::{DateTime, Utc};
use tonic::{Request, Response, Status, Streaming};

use super::info::Limits;
use super::submission::{Answer, Submissions};
use super::view::{View, Views};
use super::{backfill, convert, convert_sample, filters, paging};
use larmor_client::proto::acquisition_service_server::AcquisitionService;
use larmor_client::proto::{
    Backfill, GetAcquisitionRequest, GetAcquisitionResponse, GetBackfillRequest,
    GetBackfillResponse, ListAcquisitionsRequest, ListAcquisitionsResponse, ListInstrumentsRequest,
    ListInstrumentsResponse, PauseBackfillRequest, PauseBackfillResponse,
    ReprocessAcquisitionRequest, ReprocessAcquisitionResponse, SubmitFidRequest,
};
use larmor_store::AcquisitionFilter;

pub(super) struct Acquisitions {
    views: Views,
    limits: Limits,
    submissions: Submissions,
    /// Older data acquired before this stay.
    backfill_since: Option<DateTime<Utc>>,
}

impl Acquisitions {
    pub(super) fn new(
        views: Views,
        limits: Limits,
        submissions: Submissions,
        backfill_since: Option<DateTime<Utc>>,
    ) -> Self {
        Self { views, limits, submissions, backfill_since }
    }

    async fn backfill(&self, view: &View) -> Result<Backfill, Status> {
        let stands = view.backfill(self.backfill_since).await?;
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
        let view = self.views.of(&request)?;
        self.submissions.submit(&view, request).await.map(Response::new)
    }

    async fn list_acquisitions(
        &self,
        request: Request<ListAcquisitionsRequest>,
    ) -> Result<Response<ListAcquisitionsResponse>, Status> {
        let view = self.views.of(&request)?;
        let request = request.into_inner();
        let page = paging::page(request.page_size, &request.page_token, self.limits.page_size)?;
        let filter = AcquisitionFilter {
            state: filters::state_filter(request.state)?,
            group: paging::non_empty(request.group),
            instrument: paging::non_empty(request.instrument),
            sample: paging::non_empty(request.sample),
            ..AcquisitionFilter::default()
        };
        let listed = view.acquisitions(&filter, &page).await?;
        let next_page_token =
            paging::next_token(&page, listed.len(), listed.last().map(|last| last.id));
        let acquisitions = listed.into_iter().map(convert::acquisition).collect();
        Ok(Response::new(ListAcquisitionsResponse { acquisitions, next_page_token }))
    }

    async fn get_acquisition(
        &self,
        request: Request<GetAcquisitionRequest>,
    ) -> Result<Response<GetAcquisitionResponse>, Status> {
        let view = self.views.of(&request)?;
        let id = paging::id(&request.into_inner().id)?;
        let acquisition = view.acquisition(id).await?;
        let acquisition = Some(convert::acquisition(acquisition));
        Ok(Response::new(GetAcquisitionResponse { acquisition }))
    }

    async fn list_instruments(
        &self,
        request: Request<ListInstrumentsRequest>,
    ) -> Result<Response<ListInstrumentsResponse>, Status> {
        let listed = self.views.of(&request)?.instruments().await?;
        let instruments = listed.into_iter().map(convert_sample::instrument).collect();
        Ok(Response::new(ListInstrumentsResponse { instruments }))
    }

    async fn reprocess_acquisition(
        &self,
        request: Request<ReprocessAcquisitionRequest>,
    ) -> Result<Response<ReprocessAcquisitionResponse>, Status> {
        let view = self.views.of(&request)?;
        let id = paging::id(&request.into_inner().id)?;
        view.reprocess(id).await?;
        let acquisition = view.acquisition(id).await?;
        let acquisition = Some(convert::acquisition(acquisition));
        Ok(Response::new(ReprocessAcquisitionResponse { acquisition }))
    }

    async fn get_backfill(
        &self,
        request: Request<GetBackfillRequest>,
    ) -> Result<Response<GetBackfillResponse>, Status> {
        let backfill = Some(self.backfill(&self.views.of(&request)?).await?);
        Ok(Response::new(GetBackfillResponse { backfill }))
    }

    async fn pause_backfill(
        &self,
        request: Request<PauseBackfillRequest>,
    ) -> Result<Response<PauseBackfillResponse>, Status> {
        let view = self.views.of(&request)?;
        let PauseBackfillRequest { paused, by } = request.into_inner();
        view.pause_backfill(paused, &view.caller.name(&by)).await?;
        let backfill = Some(self.backfill(&view).await?);
        Ok(Response::new(PauseBackfillResponse { backfill }))
    }
}
