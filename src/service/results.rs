//! `ResultService`.

use tokio_stream::Empty;
use tonic::{Request, Response, Status};

use super::info::Limits;
use super::similar::SimilarSpectra;
use super::view::Views;
use super::{convert, convert_spectrum, filters, paging, traces};
use larmor_client::proto::result_service_server::ResultService;
use larmor_client::proto::{
    FindSimilarSpectraRequest, FindSimilarSpectraResponse, GetResultRequest, GetResultResponse,
    GetSpectrumRequest, GetSpectrumResponse, GetTraceRequest, GetTraceResponse, ListResultsRequest,
    ListResultsResponse, WatchResultsRequest, WatchResultsResponse,
};
use larmor_store::ElucidationFilter;

pub(super) struct Results {
    views: Views,
    limits: Limits,
    similar: SimilarSpectra,
}

impl Results {
    pub(super) fn new(views: Views, limits: Limits, similar: SimilarSpectra) -> Self {
        Self { views, limits, similar }
    }
}

#[tonic::async_trait]
impl ResultService for Results {
    type WatchResultsStream = Empty<Result<WatchResultsResponse, Status>>;

    /// Not called: the route in `watch` comes first, whose messages are encoded once for all streams.
    async fn watch_results(
        &self,
        _request: Request<WatchResultsRequest>,
    ) -> Result<Response<Self::WatchResultsStream>, Status> {
        Err(Status::unimplemented("streams have a route of their own"))
    }

    async fn get_result(
        &self,
        request: Request<GetResultRequest>,
    ) -> Result<Response<GetResultResponse>, Status> {
        let view = self.views.of(&request)?;
        let id = paging::id(&request.into_inner().id)?;
        let result = view.elucidation(id).await?;
        let mut spectra = Vec::with_capacity(result.spectra.len());
        for spectrum in &result.spectra {
            let kept = view.spectrum(*spectrum).await?;
            spectra.push(convert_spectrum::spectrum(kept));
        }
        let result = convert::elucidation(result, spectra);
        Ok(Response::new(GetResultResponse { result: Some(result) }))
    }

    async fn get_spectrum(
        &self,
        request: Request<GetSpectrumRequest>,
    ) -> Result<Response<GetSpectrumResponse>, Status> {
        let view = self.views.of(&request)?;
        let id = paging::id(&request.into_inner().id)?;
        let kept = view.spectrum(id).await?;
        let spectrum = Some(convert_spectrum::spectrum(kept));
        Ok(Response::new(GetSpectrumResponse { spectrum }))
    }

    async fn get_trace(
        &self,
        request: Request<GetTraceRequest>,
    ) -> Result<Response<GetTraceResponse>, Status> {
        let view = self.views.of(&request)?;
        traces::get(&view, request.into_inner()).await.map(Response::new)
    }

    async fn find_similar_spectra(
        &self,
        request: Request<FindSimilarSpectraRequest>,
    ) -> Result<Response<FindSimilarSpectraResponse>, Status> {
        let view = self.views.of(&request)?;
        self.similar.find(&view, request.into_inner()).await.map(Response::new)
    }

    async fn list_results(
        &self,
        request: Request<ListResultsRequest>,
    ) -> Result<Response<ListResultsResponse>, Status> {
        let view = self.views.of(&request)?;
        let request = request.into_inner();
        let page = paging::page(request.page_size, &request.page_token, self.limits.page_size)?;
        let filter = ElucidationFilter {
            verdict: filters::verdict_filter(request.verdict)?,
            group: paging::non_empty(request.group),
            instrument: paging::non_empty(request.instrument),
            sample: paging::non_empty(request.sample),
            latest_only: request.latest_only,
            ..ElucidationFilter::default()
        };
        let listed = view.elucidations(&filter, &page).await?;
        let next_page_token =
            paging::next_token(&page, listed.len(), listed.last().map(|last| last.id));
        let results = listed.into_iter().map(convert::elucidation_summary).collect();
        Ok(Response::new(ListResultsResponse { results, next_page_token }))
    }
}
