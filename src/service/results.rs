//! `ResultService`.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Response, Status};

use super::feed::Feed;
use super::info::Limits;
use super::similar::SimilarSpectra;
use super::watch::{self, Start};
use super::{convert, convert_spectrum, paging, status, traces};
use larmor_client::proto::result_service_server::ResultService;
use larmor_client::proto::{
    FindSimilarSpectraRequest, FindSimilarSpectraResponse, GetResultRequest, GetResultResponse,
    GetSpectrumRequest, GetSpectrumResponse, GetTraceRequest, GetTraceResponse, ListResultsRequest,
    ListResultsResponse, WatchResultsRequest,
};
use larmor_store::{ElucidationFilter, EventFilter, Store};

pub(super) struct Results {
    store: Store,
    feed: Feed,
    limits: Limits,
    streams: Arc<Semaphore>,
    similar: SimilarSpectra,
}

impl Results {
    pub(super) fn new(store: Store, feed: Feed, limits: Limits, similar: SimilarSpectra) -> Self {
        let streams = Arc::new(Semaphore::new(limits.streams));
        Self { store, feed, limits, streams, similar }
    }
}

#[tonic::async_trait]
impl ResultService for Results {
    type WatchResultsStream = ReceiverStream<watch::Item>;

    async fn watch_results(
        &self,
        request: Request<WatchResultsRequest>,
    ) -> Result<Response<Self::WatchResultsStream>, Status> {
        let request = request.into_inner();
        let start = match (request.from_newest, request.cursor) {
            (true, 0) => Start::Newest,
            (true, _) => {
                return Err(Status::invalid_argument("give a cursor or from_newest, not both"));
            }
            (false, cursor) => Start::After(cursor),
        };
        let kinds = request
            .kinds
            .iter()
            .map(|&kind| convert::event_kind(kind))
            .collect::<Result<Vec<_>, _>>()?;
        let filter = EventFilter {
            group: paging::non_empty(request.group),
            instrument: paging::non_empty(request.instrument),
            sample: paging::non_empty(request.sample),
            kinds,
        };
        let slot = Arc::clone(&self.streams).try_acquire_owned().map_err(|_| {
            status::detailed(
                Code::ResourceExhausted,
                format!("{} streams are open, at most that many may be", self.limits.streams),
                "TOO_MANY_STREAMS",
                [],
            )
        })?;
        watch::open(self.store.clone(), &self.feed, self.limits, start, filter, slot)
            .map(Response::new)
    }

    async fn get_result(
        &self,
        request: Request<GetResultRequest>,
    ) -> Result<Response<GetResultResponse>, Status> {
        let id = paging::id(&request.into_inner().id)?;
        let result = self.store.elucidation(id).await.map_err(status::of)?;
        let mut spectra = Vec::with_capacity(result.spectra.len());
        for spectrum in &result.spectra {
            let kept = self.store.spectrum(*spectrum).await.map_err(status::of)?;
            spectra.push(convert_spectrum::spectrum(kept));
        }
        let result = convert::elucidation(result, spectra);
        Ok(Response::new(GetResultResponse { result: Some(result) }))
    }

    async fn get_spectrum(
        &self,
        request: Request<GetSpectrumRequest>,
    ) -> Result<Response<GetSpectrumResponse>, Status> {
        let id = paging::id(&request.into_inner().id)?;
        let kept = self.store.spectrum(id).await.map_err(status::of)?;
        let spectrum = Some(convert_spectrum::spectrum(kept));
        Ok(Response::new(GetSpectrumResponse { spectrum }))
    }

    async fn get_trace(
        &self,
        request: Request<GetTraceRequest>,
    ) -> Result<Response<GetTraceResponse>, Status> {
        traces::get(&self.store, request.into_inner()).await.map(Response::new)
    }

    async fn find_similar_spectra(
        &self,
        request: Request<FindSimilarSpectraRequest>,
    ) -> Result<Response<FindSimilarSpectraResponse>, Status> {
        self.similar.find(request.into_inner()).await.map(Response::new)
    }

    async fn list_results(
        &self,
        request: Request<ListResultsRequest>,
    ) -> Result<Response<ListResultsResponse>, Status> {
        let request = request.into_inner();
        let page = paging::page(request.page_size, &request.page_token, self.limits.page_size)?;
        let filter = ElucidationFilter {
            verdict: convert::verdict_filter(request.verdict)?,
            group: paging::non_empty(request.group),
            instrument: paging::non_empty(request.instrument),
            sample: paging::non_empty(request.sample),
            latest_only: request.latest_only,
        };
        let listed = self.store.list_elucidations(&filter, &page).await.map_err(status::of)?;
        let next_page_token =
            paging::next_token(&page, listed.len(), listed.last().map(|last| last.id));
        let results = listed.into_iter().map(convert::elucidation_summary).collect();
        Ok(Response::new(ListResultsResponse { results, next_page_token }))
    }
}
