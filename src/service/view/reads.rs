//! What a caller sees.

use chrono::{DateTime, Utc};
use tonic::Status;
use uuid::Uuid;

use super::View;
use crate::service::status;
use larmor_nmr::history::SpectrumEmbedding;
use larmor_nmr::trace::Trace;
use larmor_store::{
    Acquisition, AcquisitionFilter, BackfillStatus, ElucidationFilter, ElucidationSummary,
    Instrument, Page, Proposal, Review, RevisionChange, SampleChange, SampleFilter,
    SampleStructure, SampleSummary, SimilarSpectrum, StoredElucidation, StoredSpectrum, Subject,
};

impl View {
    /// The sample of a name in a group, or in whatever group the caller sees where none is named.
    pub(in crate::service) async fn sample_called(
        &self,
        group: &str,
        name: &str,
    ) -> Result<Uuid, Status> {
        let groups = self.groups();
        let found = self.store.sample_called(group, name, groups.as_deref()).await;
        let sample = found.map_err(status::of)?;
        self.sees(Subject::Sample(sample)).await?;
        Ok(sample)
    }

    /// A sample; of one that was merged into another, that.
    pub(in crate::service) async fn sample(&self, id: Uuid) -> Result<SampleSummary, Status> {
        self.sees(Subject::Sample(id)).await?;
        let summary = self.store.sample(id).await.map_err(status::of)?;
        self.seen().insert(Subject::Sample(summary.id));
        Ok(summary)
    }

    /// Samples, the newest first.
    pub(in crate::service) async fn samples(
        &self,
        filter: &SampleFilter,
        page: &Page,
    ) -> Result<Vec<SampleSummary>, Status> {
        let filter = SampleFilter { visible: self.groups(), ..filter.clone() };
        let found = self.store.samples(&filter, page).await.map_err(status::of)?;
        self.listed(None, found.iter().map(|sample| Subject::Sample(sample.id)));
        Ok(found)
    }

    /// The structures of samples that were listed.
    pub(in crate::service) async fn sample_structures(
        &self,
        samples: &[Uuid],
    ) -> Result<Vec<SampleStructure>, Status> {
        for sample in samples {
            self.sees(Subject::Sample(*sample)).await?;
        }
        self.store.sample_structures(samples).await.map_err(status::of)
    }

    /// The spectra of a sample.
    pub(in crate::service) async fn sample_spectra(
        &self,
        sample: Uuid,
    ) -> Result<Vec<StoredSpectrum>, Status> {
        self.sees(Subject::Sample(sample)).await?;
        self.store.sample_spectra(sample).await.map_err(status::of)
    }

    /// What stands proposed for a sample.
    pub(in crate::service) async fn proposals(
        &self,
        sample: Uuid,
    ) -> Result<Vec<Proposal>, Status> {
        self.sees(Subject::Sample(sample)).await?;
        self.store.proposals(sample).await.map_err(status::of)
    }

    /// What was decided of a sample.
    pub(in crate::service) async fn reviews(&self, sample: Uuid) -> Result<Vec<Review>, Status> {
        self.sees(Subject::Sample(sample)).await?;
        self.store.reviews(sample).await.map_err(status::of)
    }

    /// What happened to a sample as such.
    pub(in crate::service) async fn sample_changes(
        &self,
        sample: Uuid,
    ) -> Result<Vec<SampleChange>, Status> {
        self.sees(Subject::Sample(sample)).await?;
        self.store.sample_changes(sample).await.map_err(status::of)
    }

    /// The judgements of a sample with what each changed, the newest first.
    pub(in crate::service) async fn revisions(
        &self,
        sample: Uuid,
        page: &Page,
    ) -> Result<Vec<(ElucidationSummary, Option<RevisionChange>)>, Status> {
        let filter = ElucidationFilter { sample_id: Some(sample), ..ElucidationFilter::default() };
        let kept = self.elucidations(&filter, page).await?;
        let ids: Vec<Uuid> = kept.iter().map(|revision| revision.id).collect();
        let mut changes = self.store.revision_changes(&ids).await.map_err(status::of)?;
        let revisions = kept.into_iter().map(|revision| {
            let change = changes.remove(&revision.id);
            (revision, change)
        });
        Ok(revisions.collect())
    }

    /// A judgement, whole.
    pub(in crate::service) async fn elucidation(
        &self,
        id: Uuid,
    ) -> Result<StoredElucidation, Status> {
        self.sees(Subject::Elucidation(id)).await?;
        self.store.elucidation(id).await.map_err(status::of)
    }

    /// Judgements, the newest first.
    pub(in crate::service) async fn elucidations(
        &self,
        filter: &ElucidationFilter,
        page: &Page,
    ) -> Result<Vec<ElucidationSummary>, Status> {
        let visible = self.of_sample_or_groups(filter.sample_id).await?;
        let filter = ElucidationFilter { visible, ..filter.clone() };
        let found = self.store.list_elucidations(&filter, page).await.map_err(status::of)?;
        self.listed(filter.sample_id, found.iter().map(|one| Subject::Elucidation(one.id)));
        Ok(found)
    }

    /// An acquisition.
    pub(in crate::service) async fn acquisition(&self, id: Uuid) -> Result<Acquisition, Status> {
        self.sees(Subject::Acquisition(id)).await?;
        self.store.acquisition(id).await.map_err(status::of)
    }

    /// Acquisitions, the newest first.
    pub(in crate::service) async fn acquisitions(
        &self,
        filter: &AcquisitionFilter,
        page: &Page,
    ) -> Result<Vec<Acquisition>, Status> {
        let visible = self.of_sample_or_groups(filter.sample_id).await?;
        let filter = AcquisitionFilter { visible, ..filter.clone() };
        let found = self.store.acquisitions(&filter, page).await.map_err(status::of)?;
        self.listed(filter.sample_id, found.iter().map(|one| Subject::Acquisition(one.id)));
        Ok(found)
    }

    /// The latest spectrum of an acquisition.
    pub(in crate::service) async fn acquisition_spectrum(
        &self,
        id: Uuid,
    ) -> Result<Option<StoredSpectrum>, Status> {
        self.sees(Subject::Acquisition(id)).await?;
        self.store.acquisition_spectrum(id).await.map_err(status::of)
    }

    /// A spectrum.
    pub(in crate::service) async fn spectrum(&self, id: Uuid) -> Result<StoredSpectrum, Status> {
        self.sees(Subject::Spectrum(id)).await?;
        self.store.spectrum(id).await.map_err(status::of)
    }

    /// The points of a spectrum, where they are kept.
    pub(in crate::service) async fn trace(&self, id: Uuid) -> Result<Option<Trace>, Status> {
        self.sees(Subject::Spectrum(id)).await?;
        self.store.trace(id).await.map_err(status::of)
    }

    /// The spectra most similar to one, without those of one sample.
    pub(in crate::service) async fn similar_spectra(
        &self,
        to: &SpectrumEmbedding,
        without_sample: Option<Uuid>,
        most: usize,
    ) -> Result<Vec<SimilarSpectrum>, Status> {
        let groups = self.groups();
        let found = self.store.similar_spectra(to, without_sample, groups.as_deref(), most).await;
        self.listed(None, []);
        found.map_err(status::of)
    }

    /// Every instrument: how many acquisitions it has is no group's secret.
    pub(in crate::service) async fn instruments(&self) -> Result<Vec<Instrument>, Status> {
        self.store.instruments().await.map_err(status::of)
    }

    /// How far older data are.
    pub(in crate::service) async fn backfill(
        &self,
        since: Option<DateTime<Utc>>,
    ) -> Result<BackfillStatus, Status> {
        self.store.backfill(since).await.map_err(status::of)
    }

    /// What a list is kept to: a sample that the caller sees, or his groups.
    async fn of_sample_or_groups(
        &self,
        sample: Option<Uuid>,
    ) -> Result<Option<Vec<String>>, Status> {
        match sample {
            Some(sample) => {
                self.sees(Subject::Sample(sample)).await?;
                Ok(None)
            }
            None => Ok(self.groups()),
        }
    }
}
