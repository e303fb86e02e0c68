//! `SampleService`.

use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::info::Limits;
use super::search::SampleSearch;
use super::{convert, convert_sample, convert_spectrum, paging, report, sample_changes, status};
use larmor_chemistry::Molecule;
use larmor_client::proto::get_sample_request::Sample;
use larmor_client::proto::sample_service_server::SampleService;
use larmor_client::proto::{
    DeleteSampleRequest, DeleteSampleResponse, ExportSampleRequest, ExportSampleResponse,
    GetReportRequest, GetReportResponse, GetSampleRequest, GetSampleResponse,
    ListSampleChangesRequest, ListSampleChangesResponse, ListSamplesRequest, ListSamplesResponse,
    MergeSamplesRequest, MergeSamplesResponse, RenameSampleRequest, RenameSampleResponse,
    SplitSampleRequest, SplitSampleResponse, SubmitReviewRequest, SubmitReviewResponse,
};
use larmor_client::proto::{export_sample_request, get_report_request};
use larmor_store::{
    AcquisitionFilter, ElucidationFilter, NewReview, Page, ReviewedStructure, Store, StoreError,
};

/// Most acquisitions and judgements of a sample that are told at once.
const MOST: i64 = 500;
/// Most assignments of a review.
const MOST_ASSIGNMENTS: usize = 1_000;
/// Longest note and name, bytes.
const LONGEST_NOTE: usize = 20_000;
const LONGEST_NAME: usize = 200;

pub(super) struct Samples {
    store: Store,
    search: SampleSearch,
}

impl Samples {
    pub(super) fn new(store: Store, limits: Limits) -> Self {
        let search = SampleSearch::new(store.clone(), limits.page_size);
        Self { store, search }
    }

    /// The sample that a request names.
    async fn named(&self, sample: Option<Sample>) -> Result<Uuid, Status> {
        match sample {
            Some(Sample::Id(id)) => paging::id(&id),
            Some(Sample::Name(sample)) => {
                let found = self.store.sample_called(&sample.group, &sample.name).await;
                found.map_err(status::of)
            }
            None => Err(Status::invalid_argument("neither id nor name is given")),
        }
    }

    async fn whole(&self, id: Uuid) -> Result<GetSampleResponse, StoreError> {
        let store = &self.store;
        let summary = store.sample(id).await?;
        let page = Page { after: None, size: MOST };
        let id = summary.id;
        let of_sample = AcquisitionFilter { sample_id: Some(id), ..AcquisitionFilter::default() };
        let acquisitions = store.acquisitions(&of_sample, &page).await?;
        let judged = ElucidationFilter { sample_id: Some(id), ..ElucidationFilter::default() };
        let kept = store.list_elucidations(&judged, &page).await?;
        let ids: Vec<Uuid> = kept.iter().map(|revision| revision.id).collect();
        let mut changes = store.revision_changes(&ids).await?;
        let revisions = kept.into_iter().map(|revision| {
            let change = changes.remove(&revision.id);
            convert_sample::revision(revision, change)
        });
        let revisions = revisions.collect();
        let result = match &summary.judgement {
            Some(judgement) => Some(store.elucidation(judgement.elucidation).await?),
            None => None,
        };
        let spectra = store.sample_spectra(id).await?;
        let proposals = store.proposals(id).await?;
        let reviews = store.reviews(id).await?;
        Ok(GetSampleResponse {
            summary: Some(convert_sample::summary(summary)),
            acquisitions: acquisitions.into_iter().map(convert::acquisition).collect(),
            spectra: spectra.into_iter().map(convert_spectrum::spectrum).collect(),
            result: result.map(|kept| convert::elucidation(kept, Vec::new())),
            revisions,
            proposals: proposals.into_iter().map(convert::proposal).collect(),
            reviews: reviews.into_iter().map(convert_sample::review).collect(),
        })
    }
}

#[tonic::async_trait]
impl SampleService for Samples {
    async fn list_samples(
        &self,
        request: Request<ListSamplesRequest>,
    ) -> Result<Response<ListSamplesResponse>, Status> {
        self.search.list(request.into_inner()).await.map(Response::new)
    }

    async fn get_sample(
        &self,
        request: Request<GetSampleRequest>,
    ) -> Result<Response<GetSampleResponse>, Status> {
        let id = self.named(request.into_inner().sample).await?;
        self.whole(id).await.map(Response::new).map_err(status::of)
    }

    async fn get_report(
        &self,
        request: Request<GetReportRequest>,
    ) -> Result<Response<GetReportResponse>, Status> {
        let request = request.into_inner();
        let style = convert_sample::style(request.style)?;
        let id = self
            .named(request.sample.map(|sample| match sample {
                get_report_request::Sample::Id(id) => Sample::Id(id),
                get_report_request::Sample::Name(name) => Sample::Name(name),
            }))
            .await?;
        let stored = report::read_report(&self.store, id, false).await?;
        Ok(Response::new(stored.texts(style)))
    }

    async fn export_sample(
        &self,
        request: Request<ExportSampleRequest>,
    ) -> Result<Response<ExportSampleResponse>, Status> {
        let request = request.into_inner();
        let format = report::format(request.format, convert_sample::style(request.style)?)?;
        let id = self
            .named(request.sample.map(|sample| match sample {
                export_sample_request::Sample::Id(id) => Sample::Id(id),
                export_sample_request::Sample::Name(name) => Sample::Name(name),
            }))
            .await?;
        let stored = report::read_report(&self.store, id, format.shows_points()).await?;
        let written = tokio::task::spawn_blocking(move || stored.files(format)).await;
        written.map_err(|_| Status::internal("the files could not be written"))?.map(Response::new)
    }

    async fn submit_review(
        &self,
        request: Request<SubmitReviewRequest>,
    ) -> Result<Response<SubmitReviewResponse>, Status> {
        let request = request.into_inner();
        let elucidation = paging::id(&request.elucidation_id)?;
        let decision = convert_sample::decided(request.decision)?;
        let refuse = |why: &str| Err(Status::invalid_argument(why));
        if request.reviewed_by.trim().is_empty() || request.reviewed_by.len() > LONGEST_NAME {
            return refuse("reviewed_by is empty or beyond 200 bytes");
        }
        if request.note.len() > LONGEST_NOTE || request.assignments.len() > MOST_ASSIGNMENTS {
            return refuse(
                "the note is beyond 20000 bytes or there are more than 1000 assignments",
            );
        }
        let (structure, atoms) = match request.smiles.as_str() {
            "" => (None, 0),
            smiles => {
                let molecule = Molecule::from_smiles(smiles)
                    .map_err(|cause| Status::invalid_argument(format!("smiles: {cause}")))?;
                let atoms = molecule.source.iter().max().map_or(0, |last| *last as usize + 1);
                let structure = ReviewedStructure {
                    smiles: smiles.to_owned(),
                    inchikey: molecule.inchikey,
                    formula: molecule.formula.to_string(),
                };
                (Some(structure), atoms)
            }
        };
        let review = NewReview {
            elucidation,
            reviewed_by: request.reviewed_by.trim().to_owned(),
            decision,
            structure,
            note: request.note,
            assignments: convert_sample::reviewed(request.assignments, atoms)?,
        };
        let kept = self.store.review(&review).await.map_err(status::of)?;
        Ok(Response::new(SubmitReviewResponse { review: Some(convert_sample::review(kept)) }))
    }

    async fn rename_sample(
        &self,
        request: Request<RenameSampleRequest>,
    ) -> Result<Response<RenameSampleResponse>, Status> {
        let sample = sample_changes::rename(&self.store, request.into_inner()).await?;
        Ok(Response::new(RenameSampleResponse { sample: Some(sample) }))
    }

    async fn merge_samples(
        &self,
        request: Request<MergeSamplesRequest>,
    ) -> Result<Response<MergeSamplesResponse>, Status> {
        let sample = sample_changes::merge(&self.store, request.into_inner()).await?;
        Ok(Response::new(MergeSamplesResponse { sample: Some(sample) }))
    }

    async fn split_sample(
        &self,
        request: Request<SplitSampleRequest>,
    ) -> Result<Response<SplitSampleResponse>, Status> {
        let sample = sample_changes::split(&self.store, request.into_inner()).await?;
        Ok(Response::new(SplitSampleResponse { sample: Some(sample) }))
    }

    async fn delete_sample(
        &self,
        request: Request<DeleteSampleRequest>,
    ) -> Result<Response<DeleteSampleResponse>, Status> {
        sample_changes::delete(&self.store, request.into_inner()).await?;
        Ok(Response::new(DeleteSampleResponse {}))
    }

    async fn list_sample_changes(
        &self,
        request: Request<ListSampleChangesRequest>,
    ) -> Result<Response<ListSampleChangesResponse>, Status> {
        let changes = sample_changes::list(&self.store, request.into_inner()).await?;
        Ok(Response::new(ListSampleChangesResponse { changes }))
    }
}
