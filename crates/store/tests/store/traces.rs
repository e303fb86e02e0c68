//! Points of spectra: kept with the spectrum and replaced with it.

use larmor_nmr::trace::Trace;
use larmor_store::{Finished, NewSpectrum};
use sqlx::Executor;
use uuid::Uuid;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased, spectrum};

fn trace(height: f32) -> Trace {
    Trace::new(-1.0, 0.5, 0.01, &[0.0, height, 0.5])
}

/// Commits an acquisition, or processes it again; returns it with its latest spectrum.
async fn processed(database: &TestDatabase, path: &str, height: f32) -> (Uuid, Uuid) {
    let lease = leased(&database.store, path).await;
    let new = NewSpectrum { trace: trace(height), ..spectrum() };
    database.store.commit(&lease, &Finished { spectrum: new, ..finished() }).await.unwrap();
    let latest = database.store.acquisition_spectrum(lease.acquisition).await.unwrap().unwrap();
    (lease.acquisition, latest.id)
}

#[tokio::test]
async fn points_come_back_as_they_were_and_a_later_spectrum_takes_their_place() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (acquisition, first) = processed(&database, "g/a/1", 1.0).await;
    assert_eq!(store.trace(first).await.unwrap(), Some(trace(1.0)));
    store.reprocess(acquisition).await.unwrap();
    let (again, second) = processed(&database, "g/a/1", 2.0).await;
    assert_eq!(again, acquisition);
    assert_eq!(store.trace(second).await.unwrap(), Some(trace(2.0)));
    assert_eq!(store.trace(first).await.unwrap(), None);
    assert!(!store.keep_trace(first, &trace(3.0)).await.unwrap(), "a later one is there");
    assert_eq!(store.trace(Uuid::now_v7()).await.unwrap(), None);
}

#[tokio::test]
async fn what_lacks_points_is_listed_newest_first_until_it_has_them() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let (_, old) = processed(&database, "g/a/1", 1.0).await;
    let (_, new) = processed(&database, "g/b/1", 1.0).await;
    assert!(store.untraced_spectra(None, None, 10).await.unwrap().is_empty());
    let mut connection = database.connection().await;
    connection.execute("DELETE FROM spectrum_traces").await.unwrap();
    assert_eq!(store.untraced_spectra(None, None, 10).await.unwrap(), [new, old]);
    assert_eq!(store.untraced_spectra(None, Some(new), 10).await.unwrap(), [old]);
    assert!(store.keep_trace(new, &trace(1.0)).await.unwrap());
    assert_eq!(store.untraced_spectra(None, None, 10).await.unwrap(), [old]);
    assert_eq!(store.trace(new).await.unwrap(), Some(trace(1.0)));
}

#[tokio::test]
async fn damaged_points_are_an_error_that_names_the_spectrum() {
    let database = TestDatabase::new().await;
    let (_, spectrum) = processed(&database, "g/a/1", 1.0).await;
    let mut connection = database.connection().await;
    connection.execute("UPDATE spectrum_traces SET packed = '\\x00'").await.unwrap();
    let error = database.store.trace(spectrum).await.unwrap_err().to_string();
    assert!(error.contains(&spectrum.to_string()), "{error}");
}
