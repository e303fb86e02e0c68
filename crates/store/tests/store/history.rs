//! Embeddings of spectra: kept with the spectrum, replaced with it, and searched.

use larmor_nmr::fid::Nucleus;
use larmor_nmr::history::SpectrumEmbedding;
use larmor_nmr::structure::ProposedStructure;
use larmor_store::{Finished, NewProposal, SimilarSpectrum, StoreError, Unembedded};
use sqlx::Row;
use uuid::Uuid;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{any_work, finished, leased};

/// A direction in the plane, `degrees` from the first axis.
fn direction(degrees: f32, digest: &str) -> SpectrumEmbedding {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    SpectrumEmbedding::new("kmaid", Nucleus::Carbon, digest, vec![cosine, sine]).unwrap()
}

/// Commits a spectrum of a sample; returns its acquisition.
async fn measured(database: &TestDatabase, path: &str, degrees: f32, digest: &str) -> Uuid {
    let lease = leased(&database.store, path).await;
    let embedding = Some(direction(degrees, digest));
    database.store.commit(&lease, &Finished { embedding, ..finished() }).await.unwrap();
    lease.acquisition
}

fn names(found: &[SimilarSpectrum]) -> Vec<&str> {
    found.iter().map(|one| one.sample_name.as_str()).collect()
}

fn lacking(digest: &str) -> Unembedded {
    Unembedded {
        nucleus: "13C".to_owned(),
        experiments: vec!["1D".to_owned()],
        network: "kmaid".to_owned(),
        model_digest: digest.to_owned(),
    }
}

#[tokio::test]
async fn the_most_similar_come_first_without_the_sample_itself_and_with_what_it_was_taken_for() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    measured(&database, "g/far/1", 80.0, "one").await;
    measured(&database, "g/near/1", 10.0, "one").await;
    let own = measured(&database, "g/own/1", 0.0, "one").await;
    measured(&database, "g/own/2", 1.0, "one").await;
    measured(&database, "g/other_weights/1", 0.0, "two").await;
    let sample = store.acquisition(own).await.unwrap().sample;

    let found =
        store.similar_spectra(&direction(0.0, "one"), Some(sample), None, 10).await.unwrap();
    assert_eq!(names(&found), ["near", "far"]);
    assert!((found[0].similarity - 10.0_f64.to_radians().cos()).abs() < 1e-3);
    let near = &found[0];
    assert_eq!((near.group.as_str(), near.instrument.as_str()), ("g", "av500"));
    assert_eq!(near.nucleus, Nucleus::Carbon);
    let structure = near.structure.as_ref().unwrap();
    assert_eq!((structure.smiles.as_str(), structure.source.as_str()), ("CCO", "library:moses"));
    assert_eq!(structure.probability, Some(0.5));

    let all = store.similar_spectra(&direction(0.0, "one"), None, None, 3).await.unwrap();
    assert_eq!(names(&all), ["own", "own", "near"]);
    assert!((all[0].similarity - 1.0).abs() < 1e-3);
    let wide = SpectrumEmbedding::new("kmaid", Nucleus::Carbon, "one", vec![1.0; 3]).unwrap();
    assert!(store.similar_spectra(&wide, None, None, 3).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_not_judged_is_shown_by_what_was_proposed_for_it() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    let bare = Finished { embedding: Some(direction(0.0, "one")), elucidation: None, ..finished() };
    database.store.commit(&lease, &bare).await.unwrap();
    let found =
        database.store.similar_spectra(&direction(0.0, "one"), None, None, 1).await.unwrap();
    assert_eq!(found[0].structure, None);
    let proposal = NewProposal {
        structure: ProposedStructure::smiles("CCO"),
        inchikey: "LFQSCWFLJHTTHZ-UHFFFAOYSA-N".to_owned(),
        formula: "C2H6O".to_owned(),
        proposed_by: "a chemist".to_owned(),
    };
    database.store.propose(lease.sample, &[proposal]).await.unwrap();
    let found =
        database.store.similar_spectra(&direction(0.0, "one"), None, None, 1).await.unwrap();
    let structure = found[0].structure.as_ref().unwrap();
    assert_eq!((structure.smiles.as_str(), structure.source.as_str()), ("CCO", "proposed"));
    assert_eq!((structure.probability, structure.verdict), (None, None));
}

#[tokio::test]
async fn a_later_spectrum_of_an_acquisition_takes_the_place_of_the_earlier_one() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let acquisition = measured(&database, "g/a/1", 0.0, "one").await;
    let first = store.acquisition_spectrum(acquisition).await.unwrap().unwrap().id;
    store.reprocess(acquisition).await.unwrap();
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    let again = Finished { embedding: Some(direction(90.0, "one")), ..finished() };
    store.commit(&lease, &again).await.unwrap();
    let found = store.similar_spectra(&direction(90.0, "one"), None, None, 9).await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].spectrum != first && found[0].similarity > 0.999);
    let late = store.keep_embedding(first, &direction(0.0, "one")).await.unwrap();
    assert!(!late, "there is a later spectrum");

    // A spectrum without an embedding leaves none of an earlier one.
    store.reprocess(acquisition).await.unwrap();
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    store.commit(&lease, &finished()).await.unwrap();
    assert!(
        store.similar_spectra(&direction(90.0, "one"), None, None, 9).await.unwrap().is_empty()
    );
    let latest = store.acquisition_spectrum(acquisition).await.unwrap().unwrap().id;
    assert_eq!(store.unembedded_spectra(&lacking("one"), None, 9).await.unwrap(), [latest]);
}

#[tokio::test]
async fn what_lacks_an_embedding_by_the_weights_in_use_is_listed_newest_first() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let mut spectra = Vec::new();
    for (path, digest) in [("g/a/1", "old"), ("g/b/1", "new"), ("g/c/1", "old")] {
        let acquisition = measured(&database, path, 0.0, digest).await;
        spectra.push(store.acquisition_spectrum(acquisition).await.unwrap().unwrap().id);
    }
    let listed = store.unembedded_spectra(&lacking("new"), None, 9).await.unwrap();
    assert_eq!(listed, [spectra[2], spectra[0]]);
    assert_eq!(store.unembedded_spectra(&lacking("new"), None, 1).await.unwrap(), [spectra[2]]);
    let next = store.unembedded_spectra(&lacking("new"), Some(spectra[2]), 9).await.unwrap();
    assert_eq!(next, [spectra[0]]);
    assert!(store.keep_embedding(spectra[2], &direction(5.0, "new")).await.unwrap());
    let left = store.unembedded_spectra(&lacking("new"), None, 9).await.unwrap();
    assert_eq!(left, [spectra[0]]);
    let edited = Unembedded { experiments: vec!["DEPT135".to_owned()], ..lacking("new") };
    assert!(store.unembedded_spectra(&edited, None, 9).await.unwrap().is_empty());
    assert!(!store.has_work().await.unwrap());
    leased(store, "g/d/1").await;
    assert!(store.has_work().await.unwrap());
}

#[tokio::test]
async fn an_embedding_that_the_database_refuses_does_not_cost_the_result() {
    let database = TestDatabase::new().await;
    let mut connection = database.connection().await;
    sqlx::query("ALTER TABLE spectrum_embeddings ADD CHECK (network <> 'kmaid')")
        .execute(&mut connection)
        .await
        .unwrap();
    let acquisition = measured(&database, "g/a/1", 0.0, "one").await;
    assert!(database.store.acquisition_spectrum(acquisition).await.unwrap().is_some());
    let found =
        database.store.similar_spectra(&direction(0.0, "one"), None, None, 9).await.unwrap();
    assert!(found.is_empty());
}

#[tokio::test]
async fn the_function_in_sql_finds_what_the_daemon_finds() {
    let database = TestDatabase::new().await;
    let own = measured(&database, "g/own/1", 0.003, "one").await;
    for (place, degrees) in [-170.0, -60.0, 0.001, 45.0, 120.0].into_iter().enumerate() {
        measured(&database, &format!("g/s{place}/1"), degrees, "one").await;
    }
    measured(&database, "g/other_weights/1", 0.0, "two").await;
    let sample = database.store.acquisition(own).await.unwrap().sample;
    let found = database
        .store
        .similar_spectra(&direction(0.003, "one"), Some(sample), None, 4)
        .await
        .unwrap();
    let rows = sqlx::query("SELECT sample, similarity, best_smiles FROM similar_spectra($1, 4)")
        .bind(own)
        .fetch_all(&mut database.connection().await)
        .await
        .unwrap();
    assert_eq!(rows.len(), 4);
    for (row, one) in rows.iter().zip(&found) {
        assert_eq!(row.get::<&str, _>("sample"), one.sample_name);
        assert!((row.get::<f64, _>("similarity") - one.similarity).abs() < 1e-6, "{one:?}");
        assert_eq!(row.get::<&str, _>("best_smiles"), "CCO");
    }
}

#[tokio::test]
async fn numbers_of_an_embedding_can_be_read_in_sql() {
    let database = TestDatabase::new().await;
    measured(&database, "g/a/1", 120.0, "one").await;
    let numbers: Vec<f64> =
        sqlx::query_scalar("SELECT embedding_numbers(embedding) FROM spectrum_embeddings")
            .fetch_one(&mut database.connection().await)
            .await
            .unwrap();
    assert!((numbers[0] + 0.5).abs() < 1e-3 && (numbers[1] - 0.866).abs() < 1e-3, "{numbers:?}");
    // 1, -0.5, the least and the greatest there are.
    let special: Vec<f64> = sqlx::query_scalar(r"SELECT embedding_numbers('\x003c00b80100ff7b')")
        .fetch_one(&mut database.connection().await)
        .await
        .unwrap();
    assert_eq!(special, [1.0, -0.5, f64::from(2.0_f32.powi(-24)), 65504.0]);
}

#[tokio::test]
async fn a_sample_is_found_by_its_name_alone_where_one_group_has_it() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let mut samples = Vec::new();
    for path in ["one/a/1", "one/b/1", "two/b/1"] {
        let acquisition = measured(&database, path, 0.0, "one").await;
        samples.push(store.acquisition(acquisition).await.unwrap().sample);
    }
    assert_eq!(store.sample_called("", "a", None).await.unwrap(), samples[0]);
    assert_eq!(store.sample_called("two", "b", None).await.unwrap(), samples[2]);
    let several = store.sample_called("", "b", None).await.unwrap_err();
    assert!(several.to_string().ends_with("say which: one, two"), "{several}");
    for (group, name) in [("", "c"), ("two", "a")] {
        let missing = store.sample_called(group, name, None).await.unwrap_err();
        assert!(matches!(missing, StoreError::NotFound { .. }), "{missing}");
    }
}
