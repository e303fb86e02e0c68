//! Samples found by their structures, by a call and at the command line.

use larmor_client::proto::{ListSamplesRequest, ListSamplesResponse};
use larmor_nmr::structure::{ProposedStructure, StructureFormat};
use larmor_store::{Finished, NewProposal};
use serde_json::Value;
use tonic::Code;

use crate::support::server::{TestServer, quick};
use larmor_fixtures::TestDatabase;
use larmor_fixtures::acquisition::{candidate, elucidation, finished, leased, observation};

/// Samples `a0`, `a1`, ... that are judged to be these, the last first in lists.
async fn judged(structures: &[&str]) -> (TestDatabase, TestServer) {
    let database = TestDatabase::new().await;
    for (number, smiles) in structures.iter().enumerate() {
        let lease = leased(&database.store, &format!("g/a{number}/1")).await;
        let best = vec![candidate(1, smiles, "library:moses")];
        let judged = Finished { elucidation: Some(elucidation(best)), ..finished() };
        database.store.commit(&lease, &judged).await.unwrap();
    }
    let server = TestServer::start(&database.store, quick()).await;
    (database, server)
}

fn part(smiles: &str) -> ListSamplesRequest {
    ListSamplesRequest { substructure: smiles.to_owned(), ..ListSamplesRequest::default() }
}

async fn ask(server: &TestServer, request: ListSamplesRequest) -> ListSamplesResponse {
    server.samples().list_samples(request).await.unwrap().into_inner()
}

fn names(answer: &ListSamplesResponse) -> Vec<&str> {
    answer.samples.iter().map(|sample| sample.name.as_str()).collect()
}

/// The names of all pages, and how many pages there are.
async fn every_page(server: &TestServer, mut request: ListSamplesRequest) -> (Vec<String>, usize) {
    let mut seen = Vec::new();
    for pages in 1.. {
        let answer = ask(server, request.clone()).await;
        assert!(request.page_size == 0 || answer.samples.len() <= request.page_size as usize);
        seen.extend(answer.samples.into_iter().map(|sample| sample.name));
        if answer.next_page_token.is_empty() {
            return (seen, pages);
        }
        request.page_token = answer.next_page_token;
    }
    panic!("the pages have no end");
}

#[tokio::test]
async fn samples_are_found_by_a_part_of_a_structure_page_by_page() {
    let (_database, server) = judged(&["CCO", "CC(=O)O", "c1ccccc1", "OCC(=O)N", "CCOC"]).await;
    let all = ask(&server, part("CO")).await;
    assert_eq!((names(&all), all.next_page_token.as_str()), (vec!["a4", "a3", "a1", "a0"], ""));
    let alcohols = ask(&server, part("[CX4][OX2H]")).await;
    assert_eq!(names(&alcohols), ["a3", "a0"]);
    // Pages go on where they ended: nothing comes twice or is left out.
    let one_by_one = ListSamplesRequest { page_size: 1, ..part("CO") };
    let (seen, pages) = every_page(&server, one_by_one).await;
    assert_eq!(seen, ["a4", "a3", "a1", "a0"]);
    assert!(pages >= 4);
    // Together with what else is asked for.
    let named = ListSamplesRequest { name_contains: "A3".to_owned(), ..part("CO") };
    assert_eq!(names(&ask(&server, named).await), ["a3"]);
    server.stop().await;
}

#[tokio::test]
async fn a_search_goes_on_through_many_samples_that_have_nothing_of_it() {
    let (database, server) = judged(&["CCO"]).await;
    for number in 0..250 {
        database.store.observe(&observation(&format!("g/b{number}/1"))).await.unwrap();
    }
    assert_eq!(every_page(&server, part("CO")).await.0, ["a0"]);
    server.stop().await;
}

#[tokio::test]
async fn samples_are_found_by_formula_and_inchikey_however_they_are_written() {
    let (database, server) = judged(&["CCO"]).await;
    database.store.observe(&observation("g/b/1")).await.unwrap();
    let by = |formula: &str, inchikey: &str| ListSamplesRequest {
        formula: formula.to_owned(),
        inchikey: inchikey.to_owned(),
        ..ListSamplesRequest::default()
    };
    for (formula, inchikey, found) in [
        ("OH6C2", "", 1),
        ("C2H6", "", 0),
        ("", "lfqscwfljhtthz", 1),
        ("", "LFQSCWFLJHTTHZ-UHFFFAOYSB", 0),
        ("C2H6O", "LFQS", 1),
        ("C2H6O", "QNAY", 0),
    ] {
        let answer = ask(&server, by(formula, inchikey)).await;
        assert_eq!(answer.samples.len(), found, "{formula} {inchikey}");
    }
    // Proposed and not judged yet.
    let sample = database.store.sample_named("g", "b").await.unwrap();
    let proposal = NewProposal {
        structure: ProposedStructure {
            text: ACETONE.to_owned(),
            format: StructureFormat::Molblock,
            name: None,
        },
        inchikey: "CSCPPACGZOOCGX-UHFFFAOYSA-N".to_owned(),
        formula: "C3H6O".to_owned(),
        proposed_by: "Rossi".to_owned(),
    };
    database.store.propose(sample, &[proposal]).await.unwrap();
    assert_eq!(names(&ask(&server, by("C3H6O", "CSCPPACGZOOCGX")).await), ["b"]);
    assert_eq!(names(&ask(&server, part("CC(=O)C")).await), ["b"]);
    server.stop().await;
}

const ACETONE: &str = "
  test

  4  3  0  0  0  0            999 V2000
   -1.3000   -0.7500    0.0000 C   0  0
    0.0000    0.0000    0.0000 C   0  0
    1.3000   -0.7500    0.0000 C   0  0
    0.0000    1.5000    0.0000 O   0  0
  1  2  1  0
  2  3  1  0
  2  4  2  0
M  END
";

#[tokio::test]
async fn what_cannot_be_looked_for_is_refused_with_the_reason() {
    let (_database, server) = judged(&["CCO"]).await;
    let by_formula =
        ListSamplesRequest { formula: "water".to_owned(), ..ListSamplesRequest::default() };
    let by_key = ListSamplesRequest { inchikey: "LF".to_owned(), ..ListSamplesRequest::default() };
    let deep = format!("{}C{}", "[$(".repeat(20), ")]".repeat(20));
    for (request, said) in [
        (part("nonsense"), "substructure: structure not understood"),
        (part(&"C".repeat(2_000)), "substructure: structure refused"),
        (part(&deep), "substructure: structure refused"),
        (by_formula, "formula: 'water' is not a molecular formula"),
        (by_key, "inchikey: "),
    ] {
        let refused = server.samples().list_samples(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().starts_with(said), "{}", refused.message());
    }
    server.stop().await;
}

#[tokio::test]
async fn the_command_line_lists_samples_by_structure() {
    let (_database, server) = judged(&["CCO", "c1ccccc1"]).await;
    let said = async |arguments: &[&str]| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_larmor"));
        command.arg("samples").args(arguments).args(["--address", &server.address]);
        let output = command.output().await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    };
    let (ok, listed, _) = said(&["--substructure", "C[OH]"]).await;
    assert!(ok && listed.lines().count() == 1 && listed.contains("g/a0"), "{listed}");
    assert!(listed.contains("consistent (0.97)  C2H6O  candidate 1 CCO"), "{listed}");
    let (_, listed, _) = said(&["--group", "g", "--json"]).await;
    let lines: Vec<Value> =
        listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[1]["sample"], &lines[1]["best_smiles"]), (&"a0".into(), &"CCO".into()));
    let documentation = include_str!("../../docs/api.md");
    for field in lines[0].as_object().unwrap().keys() {
        assert!(documentation.contains(&format!("`{field}`")), "{field} is not documented");
    }
    let (ok, listed, _) = said(&["--formula", "C6H6"]).await;
    assert!(ok && listed.is_empty(), "{listed}");
    let (ok, _, refused) = said(&["--substructure", "nonsense"]).await;
    assert!(!ok && refused.contains("structure not understood"), "{refused}");
    server.stop().await;
}
