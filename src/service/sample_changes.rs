//! What people do to samples as such, and what happened to them.

use tonic::Status;
use uuid::Uuid;

use super::convert::{name, timestamp};
use super::{convert_sample, paging, status};
use larmor_client::proto::{
    DeleteSampleRequest, ListSampleChangesRequest, MergeSamplesRequest, RenameSampleRequest,
    SampleChange, SampleChangeKind, SampleSummary, SplitSampleRequest,
};
use larmor_store::{SampleChange as KeptChange, SampleChangeKind as KeptKind, Store};

/// Longest name of a sample or a person, bytes.
const LONGEST_NAME: usize = 200;

pub(super) async fn rename(
    store: &Store,
    asked: RenameSampleRequest,
) -> Result<SampleSummary, Status> {
    let sample = paging::id(&asked.sample_id)?;
    let (new, by) = (named("name", &asked.name)?, named("by", &asked.by)?);
    store.rename_sample(sample, new, by).await.map_err(status::of)?;
    summary(store, sample).await
}

pub(super) async fn merge(
    store: &Store,
    asked: MergeSamplesRequest,
) -> Result<SampleSummary, Status> {
    let (from, into) = (paging::id(&asked.sample_id)?, paging::id(&asked.into_sample_id)?);
    store.merge_samples(from, into, named("by", &asked.by)?).await.map_err(status::of)?;
    summary(store, into).await
}

pub(super) async fn split(
    store: &Store,
    asked: SplitSampleRequest,
) -> Result<SampleSummary, Status> {
    let sample = paging::id(&asked.sample_id)?;
    let (new, by) = (named("name", &asked.name)?, named("by", &asked.by)?);
    let acquisitions: Result<Vec<Uuid>, Status> =
        asked.acquisition_ids.iter().map(|id| paging::id(id)).collect();
    let acquisitions = acquisitions?;
    if acquisitions.is_empty() {
        return Err(Status::invalid_argument("acquisition_ids names none"));
    }
    let new = store.split_sample(sample, &acquisitions, new, by).await.map_err(status::of)?;
    summary(store, new).await
}

pub(super) async fn delete(store: &Store, asked: DeleteSampleRequest) -> Result<(), Status> {
    let sample = paging::id(&asked.sample_id)?;
    store.delete_sample(sample, named("by", &asked.by)?).await.map_err(status::of)
}

pub(super) async fn list(
    store: &Store,
    asked: ListSampleChangesRequest,
) -> Result<Vec<SampleChange>, Status> {
    let sample = paging::id(&asked.sample_id)?;
    let changes = store.sample_changes(sample).await.map_err(status::of)?;
    Ok(changes.into_iter().map(change).collect())
}

async fn summary(store: &Store, sample: Uuid) -> Result<SampleSummary, Status> {
    store.sample(sample).await.map(convert_sample::summary).map_err(status::of)
}

/// A name that is kept. Names of samples are names of directories.
fn named<'a>(field: &str, text: &'a str) -> Result<&'a str, Status> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST_NAME || text.contains('/') && field == "name" {
        let said = format!("{field} is empty, beyond {LONGEST_NAME} bytes or has a slash in it");
        return Err(Status::invalid_argument(said));
    }
    Ok(text)
}

fn change(kept: KeptChange) -> SampleChange {
    let (into_group, into_name) = kept.into.unwrap_or_default();
    let kind = match kept.kind {
        KeptKind::Moved => SampleChangeKind::Moved,
        KeptKind::Renamed => SampleChangeKind::Renamed,
        KeptKind::Merged => SampleChangeKind::Merged,
        KeptKind::Split => SampleChangeKind::Split,
        KeptKind::Deleted => SampleChangeKind::Deleted,
    };
    SampleChange {
        sample_id: kept.sample.to_string(),
        kind: kind.into(),
        by: kept.by.unwrap_or_default(),
        group: kept.group,
        name: kept.name,
        into_group,
        into_name,
        into_sample_id: name(kept.into_sample),
        acquisition_ids: kept.acquisitions.iter().map(Uuid::to_string).collect(),
        create_time: Some(timestamp(kept.created_at)),
    }
}
