//! The schema is meant to be read by people.

use larmor_nmr::fid::Nucleus;
use larmor_nmr::history::SpectrumEmbedding;
use larmor_store::{Finished, Store};
use sqlx::Executor;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{finished, leased, proton_spectrum};

#[tokio::test]
async fn every_table_view_and_column_is_commented() {
    let database = TestDatabase::new().await;
    let missing: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname || coalesce('.' || a.attname, '')
         FROM pg_class c
         LEFT JOIN LATERAL (SELECT attname, attnum FROM pg_attribute
                            WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
                            UNION ALL SELECT NULL, 0) a ON true
         WHERE c.relnamespace IN ('public'::regnamespace, 'access'::regnamespace) AND c.relkind IN ('r', 'v', 'm', 'p')
           AND c.relname <> '_sqlx_migrations'
           AND coalesce(trim(CASE WHEN a.attnum = 0 THEN obj_description(c.oid, 'pg_class')
                             ELSE col_description(c.oid, a.attnum) END), '') = ''",
    )
    .fetch_all(&mut database.connection().await)
    .await
    .unwrap();
    assert_eq!(missing, Vec::<String>::new());
}

#[tokio::test]
async fn the_reader_may_read_everything_and_write_nothing() {
    let database = TestDatabase::new().await;
    let lease = leased(&database.store, "g/a/1").await;
    let embedding = SpectrumEmbedding::new("acml-1h", Nucleus::Proton, "ab", vec![1.0, 0.0]);
    let finished = Finished { spectrum: proton_spectrum(), embedding, ..finished() };
    database.store.commit(&lease, &finished).await.unwrap();
    let mut connection = database.connection().await;
    connection.execute("SET ROLE larmor_reader").await.unwrap();
    for relation in [
        "events",
        "multiplets",
        "multiplet_peaks",
        "spectrum_embeddings",
        "spectrum_traces",
        "latest_elucidation",
        "assignment_history",
        "instrument_activity",
        "coupling_history",
        "sample_components",
        "sample_structures",
    ] {
        let count: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {relation}")))
                .fetch_one(&mut connection)
                .await
                .unwrap();
        assert!(count > 0, "{relation} is empty");
    }
    for refused in [
        "DELETE FROM events",
        "UPDATE samples SET name = ''",
        "CREATE TABLE t (i int)",
        "SELECT count(*) FROM access.credentials",
        "SELECT count(*) FROM access.audit",
    ] {
        let error = connection.execute(refused).await.unwrap_err();
        assert!(error.to_string().contains("permission denied"), "{refused}: {error}");
    }
}

#[tokio::test]
async fn connecting_again_finds_the_tables_as_they_should_be() {
    let database = TestDatabase::new().await;
    leased(&database.store, "g/a/1").await;
    let again = Store::connect(&database.url).await.unwrap();
    assert_eq!(again.cursor_bounds().await.unwrap().newest, 1);
}

#[tokio::test]
async fn a_wrong_address_is_explained_without_its_password() {
    let error = Store::connect("mysql://me:secret@host/x").await.unwrap_err().to_string();
    assert!(error.contains("postgres://") && !error.contains("secret"), "{error}");
}
