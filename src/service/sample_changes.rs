//! What people do to samples as such, and what happened to them.

use tonic::Status;
use uuid::Uuid;

use super::convert::{name, timestamp};
use super::view::View;
use super::{convert_sample, paging};
use larmor_client::proto::{
    DeleteSampleRequest, ListSampleChangesRequest, MergeSamplesRequest, RenameSampleRequest,
    SampleChange, SampleChangeKind, SampleSummary, SplitSampleRequest,
};
use larmor_store::{SampleChange as KeptChange, SampleChangeKind as KeptKind};

/// Longest name of a sample or a person, bytes.
const LONGEST_NAME: usize = 200;

pub(super) async fn rename(
    view: &View,
    asked: RenameSampleRequest,
) -> Result<SampleSummary, Status> {
    let sample = paging::id(&asked.sample_id)?;
    let by = view.caller.name(&asked.by);
    let (new, by) = (named("name", &asked.name)?, named("by", &by)?);
    view.rename_sample(sample, new, by).await?;
    summary(view, sample).await
}

pub(super) async fn merge(
    view: &View,
    asked: MergeSamplesRequest,
) -> Result<SampleSummary, Status> {
    let (from, into) = (paging::id(&asked.sample_id)?, paging::id(&asked.into_sample_id)?);
    let by = view.caller.name(&asked.by);
    view.merge_samples(from, into, named("by", &by)?).await?;
    summary(view, into).await
}

pub(super) async fn split(view: &View, asked: SplitSampleRequest) -> Result<SampleSummary, Status> {
    let sample = paging::id(&asked.sample_id)?;
    let by = view.caller.name(&asked.by);
    let (new, by) = (named("name", &asked.name)?, named("by", &by)?);
    let acquisitions: Result<Vec<Uuid>, Status> =
        asked.acquisition_ids.iter().map(|id| paging::id(id)).collect();
    let acquisitions = acquisitions?;
    if acquisitions.is_empty() {
        return Err(Status::invalid_argument("acquisition_ids names none"));
    }
    let new = view.split_sample(sample, &acquisitions, new, by).await?;
    summary(view, new).await
}

pub(super) async fn delete(view: &View, asked: DeleteSampleRequest) -> Result<(), Status> {
    let sample = paging::id(&asked.sample_id)?;
    let by = view.caller.name(&asked.by);
    view.delete_sample(sample, named("by", &by)?).await
}

pub(super) async fn list(
    view: &View,
    asked: ListSampleChangesRequest,
) -> Result<Vec<SampleChange>, Status> {
    let sample = paging::id(&asked.sample_id)?;
    let changes = view.sample_changes(sample).await?;
    Ok(changes.into_iter().map(change).collect())
}

async fn summary(view: &View, sample: Uuid) -> Result<SampleSummary, Status> {
    view.sample(sample).await.map(convert_sample::summary)
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
