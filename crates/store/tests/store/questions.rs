//! The questions of docs/sql.md are answered, by the role that may only read.

use larmor_nmr::elucidation::Verdict;
use larmor_nmr::fid::Nucleus;
use larmor_nmr::history::SpectrumEmbedding;
use larmor_nmr::structure::ProposedStructure;
use larmor_store::{Finished, NewProposal, Observation, ObservedState};
use sqlx::Executor;

use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{
    any_work, candidate, elucidation, finished, leased, observation, proton_spectrum,
};

/// The SQL blocks of the document with the question above each.
fn questions() -> Vec<(String, String)> {
    let document = include_str!("../../../../docs/sql.md");
    let mut found = Vec::new();
    for part in document.split("```sql\n").collect::<Vec<_>>().windows(2) {
        let above = part[0].rsplit("```").next().unwrap_or_default();
        let sql = part[1].split("```").next().unwrap_or_default();
        found.push((above.trim().to_owned(), sql.to_owned()));
    }
    found
}

fn embedding() -> Option<SpectrumEmbedding> {
    SpectrumEmbedding::new("kmaid", Nucleus::Carbon, "ab", vec![0.6, -0.8])
}

#[tokio::test]
async fn every_question_of_the_document_has_an_answer() {
    let database = TestDatabase::new().await;
    let store = &database.store;
    let lease = leased(store, "g/ethanol/10").await;
    store.commit(&lease, &finished()).await.unwrap();
    let wrong = NewProposal {
        structure: ProposedStructure {
            name: Some("dimethyl ether".to_owned()),
            ..ProposedStructure::smiles("COC")
        },
        inchikey: "LCGLNKUTAGEVQW-UHFFFAOYSA-N".to_owned(),
        formula: "C2H6O".to_owned(),
        proposed_by: "a chemist".to_owned(),
    };
    store.propose(lease.sample, &[wrong]).await.unwrap();
    let lease = store.lease("worker", &any_work()).await.unwrap().unwrap();
    let mut again = finished();
    let mut judged = elucidation(vec![candidate(1, "COC", "proposed")]);
    judged.elucidation.verdict = Verdict::Inconsistent;
    again.elucidation = Some(judged);
    again.embedding = embedding();
    store.commit(&lease, &again).await.unwrap();
    let lease = leased(store, "g/ethanol/11").await;
    let protons = Finished { spectrum: proton_spectrum(), elucidation: None, ..finished() };
    store.commit(&lease, &protons).await.unwrap();
    let lease = leased(store, "g/methanol/10").await;
    store.commit(&lease, &Finished { embedding: embedding(), ..finished() }).await.unwrap();
    let skipped = Observation { state: ObservedState::Skipped, ..observation("g/ethanol/12") };
    store.observe(&skipped).await.unwrap();

    let mut connection = database.connection().await;
    connection.execute("SET ROLE larmor_reader").await.unwrap();
    let questions = questions();
    assert!(questions.len() >= 12, "{} questions were found", questions.len());
    for (question, sql) in questions {
        let answer = connection.fetch_all(sqlx::AssertSqlSafe(sql)).await;
        let rows = answer.unwrap_or_else(|error| panic!("{question}\n{error}"));
        assert!(!rows.is_empty(), "{question}\nhas no answer");
    }
}
