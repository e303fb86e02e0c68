//! `SampleService`.

use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::info::Limits;
use super::search::SampleSearch;
use super::view::{View, Views};
use super::{convert, convert_sample, convert_spectrum, paging, report, sample_changes, share};
use larmor_chemistry::Molecule;
use larmor_client::proto::get_sample_request::Sample;
use larmor_client::proto::sample_service_server::SampleService;
use larmor_client::proto::{
    DeleteSampleRequest, DeleteSampleResponse, ExportSampleRequest, ExportSampleResponse,
    GetReportRequest, GetReportResponse, GetSampleRequest, GetSampleResponse,
    ListSampleChangesRequest, ListSampleChangesResponse, ListSamplesRequest, ListSamplesResponse,
    MergeSamplesRequest, MergeSamplesResponse, RenameSampleRequest, RenameSampleResponse,
    ShareSampleRequest, ShareSampleResponse, SplitSampleRequest, SplitSampleResponse,
    SubmitReviewRequest, SubmitReviewResponse,
};
use larmor_client::proto::{export_sample_request, get_report_request};
use larmor_store::{AcquisitionFilter, NewReview, Page, ReviewedStructure};

/// Most acquisitions and judgements of a sample that are told at once.
const MOST: i64 = 500;
/// Most assignments of a review.
const MOST_ASSIGNMENTS: usize = 1_000;
/// Longest note and name, bytes.
const LONGEST_NOTE: usize = 20_000;
const LONGEST_NAME: usize = 200;

pub(super) struct Samples {
    views: Views,
    search: SampleSearch,
}

impl Samples {
    pub(super) fn new(views: Views, limits: Limits) -> Self {
        Self { views, search: SampleSearch::new(limits.page_size) }
    }
}

/// The sample that a request names.
async fn named(view: &View, sample: Option<Sample>) -> Result<Uuid, Status> {
    match sample {
        Some(Sample::Id(id)) => paging::id(&id),
        Some(Sample::Name(sample)) => view.sample_called(&sample.group, &sample.name).await,
        None => Err(Status::invalid_argument("neither id nor name is given")),
    }
}

async fn whole(view: &View, id: Uuid) -> Result<GetSampleResponse, Status> {
    let summary = view.sample(id).await?;
    let page = Page { after: None, size: MOST };
    let id = summary.id;
    let of_sample = AcquisitionFilter { sample_id: Some(id), ..AcquisitionFilter::default() };
    let acquisitions = view.acquisitions(&of_sample, &page).await?;
    let kept = view.revisions(id, &page).await?;
    let revisions =
        kept.into_iter().map(|(kept, change)| convert_sample::revision(kept, change)).collect();
    let result = match &summary.judgement {
        Some(judgement) => Some(view.elucidation(judgement.elucidation).await?),
        None => None,
    };
    let spectra = view.sample_spectra(id).await?;
    let proposals = view.proposals(id).await?;
    let reviews = view.reviews(id).await?;
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

#[tonic::async_trait]
impl SampleService for Samples {
    async fn list_samples(
        &self,
        request: Request<ListSamplesRequest>,
    ) -> Result<Response<ListSamplesResponse>, Status> {
        let view = self.views.of(&request)?;
        self.search.list(&view, request.into_inner()).await.map(Response::new)
    }

    async fn get_sample(
        &self,
        request: Request<GetSampleRequest>,
    ) -> Result<Response<GetSampleResponse>, Status> {
        let view = self.views.of(&request)?;
        let id = named(&view, request.into_inner().sample).await?;
        whole(&view, id).await.map(Response::new)
    }

    async fn get_report(
        &self,
        request: Request<GetReportRequest>,
    ) -> Result<Response<GetReportResponse>, Status> {
        let view = self.views.of(&request)?;
        let request = request.into_inner();
        let style = convert_sample::style(request.style)?;
        let sample = request.sample.map(|sample| match sample {
            get_report_request::Sample::Id(id) => Sample::Id(id),
            get_report_request::Sample::Name(name) => Sample::Name(name),
        });
        let id = named(&view, sample).await?;
        let stored = report::read_report(&view, id, false).await?;
        Ok(Response::new(stored.texts(style)))
    }

    async fn export_sample(
        &self,
        request: Request<ExportSampleRequest>,
    ) -> Result<Response<ExportSampleResponse>, Status> {
        let view = self.views.of(&request)?;
        let request = request.into_inner();
        let format = report::format(request.format, convert_sample::style(request.style)?)?;
        let sample = request.sample.map(|sample| match sample {
            export_sample_request::Sample::Id(id) => Sample::Id(id),
            export_sample_request::Sample::Name(name) => Sample::Name(name),
        });
        let id = named(&view, sample).await?;
        let stored = report::read_report(&view, id, format.shows_points()).await?;
        let written = tokio::task::spawn_blocking(move || stored.files(format)).await;
        written.map_err(|_| Status::internal("the files could not be written"))?.map(Response::new)
    }

    async fn submit_review(
        &self,
        request: Request<SubmitReviewRequest>,
    ) -> Result<Response<SubmitReviewResponse>, Status> {
        let view = self.views.of(&request)?;
        let request = request.into_inner();
        let reviewed_by = view.caller.name(&request.reviewed_by);
        let elucidation = paging::id(&request.elucidation_id)?;
        let decision = convert_sample::decided(request.decision)?;
        let refuse = |why: &str| Err(Status::invalid_argument(why));
        if reviewed_by.is_empty() || reviewed_by.len() > LONGEST_NAME {
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
            reviewed_by,
            decision,
            structure,
            note: request.note,
            assignments: convert_sample::reviewed(request.assignments, atoms)?,
        };
        let kept = view.review(&review).await?;
        Ok(Response::new(SubmitReviewResponse { review: Some(convert_sample::review(kept)) }))
    }

    async fn rename_sample(
        &self,
        request: Request<RenameSampleRequest>,
    ) -> Result<Response<RenameSampleResponse>, Status> {
        let sample =
            sample_changes::rename(&self.views.of(&request)?, request.into_inner()).await?;
        Ok(Response::new(RenameSampleResponse { sample: Some(sample) }))
    }

    async fn merge_samples(
        &self,
        request: Request<MergeSamplesRequest>,
    ) -> Result<Response<MergeSamplesResponse>, Status> {
        let sample = sample_changes::merge(&self.views.of(&request)?, request.into_inner()).await?;
        Ok(Response::new(MergeSamplesResponse { sample: Some(sample) }))
    }

    async fn split_sample(
        &self,
        request: Request<SplitSampleRequest>,
    ) -> Result<Response<SplitSampleResponse>, Status> {
        let sample = sample_changes::split(&self.views.of(&request)?, request.into_inner()).await?;
        Ok(Response::new(SplitSampleResponse { sample: Some(sample) }))
    }

    async fn delete_sample(
        &self,
        request: Request<DeleteSampleRequest>,
    ) -> Result<Response<DeleteSampleResponse>, Status> {
        sample_changes::delete(&self.views.of(&request)?, request.into_inner()).await?;
        Ok(Response::new(DeleteSampleResponse {}))
    }

    async fn list_sample_changes(
        &self,
        request: Request<ListSampleChangesRequest>,
    ) -> Result<Response<ListSampleChangesResponse>, Status> {
        let changes = sample_changes::list(&self.views.of(&request)?, request.into_inner()).await?;
        Ok(Response::new(ListSampleChangesResponse { changes }))
    }

    async fn share_sample(
        &self,
        request: Request<ShareSampleRequest>,
    ) -> Result<Response<ShareSampleResponse>, Status> {
        let view = self.views.of(&request)?;
        let shared = share::sample(&view, request.into_inner()).await?;
        self.views.refresh().await?;
        Ok(Response::new(shared))
    }
}
