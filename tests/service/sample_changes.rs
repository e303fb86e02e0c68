//! Samples that people rename, merge, split and delete.

use larmor_client::proto::{
    DeleteSampleRequest, ListSampleChangesRequest, ListSamplesRequest, MergeSamplesRequest,
    RenameSampleRequest, SampleChangeKind, SplitSampleRequest,
};
use tonic::Code;

use crate::support::server::{TestServer, quick};
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased};

const ADA: &str = "ada";

#[tokio::test]
async fn samples_are_renamed_merged_split_and_deleted_on_the_record() {
    let database = TestDatabase::new().await;
    let mut acquisitions = Vec::new();
    for path in ["g/a/1", "g/b/1"] {
        let lease = leased(&database.store, path).await;
        database.store.commit(&lease, &finished()).await.unwrap();
        acquisitions.push((lease.sample.to_string(), lease.acquisition.to_string()));
    }
    let [(a, _), (b, of_b)] = [acquisitions[0].clone(), acquisitions[1].clone()];
    let server = TestServer::start(&database.store, quick()).await;
    let mut client = server.samples();
    let by = || ADA.to_owned();

    let rename = RenameSampleRequest { sample_id: a.clone(), name: "crude".to_owned(), by: by() };
    let renamed = client.rename_sample(rename.clone()).await.unwrap().into_inner().sample.unwrap();
    assert_eq!((renamed.id.as_str(), renamed.name.as_str()), (a.as_str(), "crude"));
    for (bad, code) in [
        (RenameSampleRequest { name: "b".to_owned(), ..rename.clone() }, Code::AlreadyExists),
        (RenameSampleRequest { name: "g/b".to_owned(), ..rename.clone() }, Code::InvalidArgument),
        (RenameSampleRequest { by: " ".to_owned(), ..rename.clone() }, Code::InvalidArgument),
    ] {
        let refused = client.rename_sample(bad).await.unwrap_err();
        assert_eq!(refused.code(), code, "{refused}");
    }

    let merge = MergeSamplesRequest { sample_id: b.clone(), into_sample_id: a.clone(), by: by() };
    let merged = client.merge_samples(merge.clone()).await.unwrap().into_inner().sample.unwrap();
    assert_eq!(merged.id, a);
    let itself = MergeSamplesRequest { sample_id: a.clone(), ..merge };
    assert_eq!(client.merge_samples(itself).await.unwrap_err().code(), Code::FailedPrecondition);

    let split = SplitSampleRequest {
        sample_id: a.clone(),
        acquisition_ids: vec![of_b],
        name: "b again".to_owned(),
        by: by(),
    };
    let other = client.split_sample(split.clone()).await.unwrap().into_inner().sample.unwrap();
    assert_eq!(other.name, "b again");
    let none = SplitSampleRequest { acquisition_ids: Vec::new(), ..split };
    assert_eq!(client.split_sample(none).await.unwrap_err().code(), Code::InvalidArgument);

    let delete = DeleteSampleRequest { sample_id: other.id.clone(), by: by() };
    client.delete_sample(delete.clone()).await.unwrap();
    assert_eq!(client.delete_sample(delete).await.unwrap_err().code(), Code::NotFound);
    let listed = client.list_samples(ListSamplesRequest::default()).await.unwrap().into_inner();
    assert_eq!(listed.samples.len(), 1);

    let asked = ListSampleChangesRequest { sample_id: a.clone() };
    let changes = client.list_sample_changes(asked).await.unwrap().into_inner().changes;
    let kinds: Vec<_> = changes.iter().map(|one| (one.kind(), one.by.as_str())).collect();
    use SampleChangeKind::{Merged, Renamed, Split};
    assert_eq!(kinds, [(Renamed, ADA), (Merged, ADA), (Split, ADA)]);
    assert_eq!((changes[1].name.as_str(), changes[1].into_sample_id.as_str()), ("b", a.as_str()));
}
