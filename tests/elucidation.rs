//! `larmor library` and `larmor elucidate` as a user runs them, with the weights that come with
//! Larmor.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use larmor_chemistry::Molecule;
use larmor_fixtures::test_data;
use larmor_lab::evaluation::{AssignedStructure, check_assignment};
use larmor_nmr::elucidation::Candidate;
use serde_json::Value;

/// Menthol in CDCl3, with what DEPT says.
const MENTHOL: &str =
    "71.5 D\n50.2 D\n45.1 T\n34.6 T\n31.7 D\n25.8 D\n23.2 T\n22.2 Q\n21.0 Q\n16.1 Q\n";
/// Isomers of menthol, C10H20O.
const ISOMERS: &str = "CC1CCC(C(C)C)C(O)C1 menthol\nCC(C)C1CCC(C)(O)CC1 terpinanol\n\
                       CC1CCC(CC1)C(C)(C)O menthanol\nOC1CCCCCCCCC1 cyclodecanol\n\
                       CC(C)CCCC(C)CC=O dihydrocitronellal\nCCCCCCCCCC=O decanal\n\
                       CCCCCCC(=O)CCC decanone\nCC(C)(C)C1CCC(O)CC1 tbutylcyclohexanol\n";

struct Workshop {
    directory: tempfile::TempDir,
}

impl Workshop {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_larmor"));
        command
            .args(arguments)
            .env("LARMOR_STATE_DIR", self.directory.path())
            .env("LARMOR_MODELS__DIRECTORY", concat!(env!("CARGO_MANIFEST_DIR"), "/models/default"))
            .env("LARMOR_MODELS__DEVICE", "cpu");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {told}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn import(&self) {
        let file = self.file("isomers.smi", ISOMERS);
        self.ok(&["library", "import", "isomers", text(&file)]);
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

#[test]
fn a_peak_list_finds_its_compound_in_a_library() {
    let workshop = Workshop::new();
    workshop.import();
    assert!(workshop.ok(&["library", "list"]).contains("isomers  8 molecules"));
    assert!(workshop.ok(&["library", "verify"]).contains("isomers  intact"));
    let peaks = workshop.file("menthol.txt", MENTHOL);
    let arguments = ["elucidate", "--peaks", text(&peaks), "--library", "isomers"];
    let answer =
        json(&workshop.ok(&[&arguments[..], &["--formula", "C10H20O", "--json"]].concat()));
    let best = &answer["candidates"][0];
    assert_eq!(best["name"], "menthol");
    assert_eq!(
        (answer["considered"].as_u64(), &best["source"]),
        (Some(8), &"library:isomers".into())
    );
    assert_eq!(best["assignments"].as_array().unwrap().len(), 10);
    let carbinol = best["assignments"].as_array().unwrap().iter().find(|a| a["atom"] == 8).unwrap();
    assert_eq!(carbinol["ppm"], 71.5);
    assert_eq!(answer["verdict"], "best_match", "{}", answer["reasons"]);
    assert!(workshop.ok(&arguments).contains("menthol"), "the report for people");
}

#[test]
fn a_wrong_proposal_is_told_to_be_wrong() {
    let workshop = Workshop::new();
    workshop.import();
    let peaks = workshop.file("menthol.txt", MENTHOL);
    let arguments = [
        "elucidate",
        "--peaks",
        text(&peaks),
        "--library",
        "isomers",
        "--propose",
        "CCCCCCCCCC=O",
        "--json",
    ];
    let answer = json(&workshop.ok(&arguments));
    assert_eq!(answer["verdict"], "inconsistent", "{}", answer["reasons"]);
    assert_eq!(answer["candidates"][0]["name"], "menthol");
}

#[test]
fn a_batch_answers_every_line_in_order() {
    let workshop = Workshop::new();
    let queries = [
        r#"{"id":"ester","c13":[[14.2,"Q"],[60.4,"T"],[21.0,null],[171.1,null]],"h1":[[4.12,null],[1.26,null],[2.04,null]],"candidates":["CCOC(C)=O","COC(=O)CC","CCCC(=O)O"]}"#,
        r#"{"id":2,"c13":[["x",null]],"candidates":["CCO"]}"#,
        "not json",
        r#"{"id":"none","c13":[[20.0,null]]}"#,
        r#"{"id":"acid","c13":[[14.2,"Q"],[60.4,"T"],[21.0,null],[171.1,null]],"formula":"C4H8O2","candidates":["C(C)OC(C)=O","CCO"]}"#,
    ];
    let file = workshop.file("queries.jsonl", &queries.join("\n"));
    let answers: Vec<Value> =
        workshop.ok(&["elucidate", "--batch", text(&file)]).lines().map(json).collect();
    assert_eq!(answers.len(), 5);
    assert_eq!(answers[0]["id"], "ester");
    assert_eq!(answers[0]["candidates"][0]["smiles"], "CCOC(C)=O");
    let protons = answers[0]["candidates"][0]["assignments"].as_array().unwrap();
    assert_eq!(protons.iter().filter(|a| a["nucleus"] == "1H").count(), 3);
    assert!(answers[1]["error"].is_string() && answers[1]["id"] == 2);
    assert!(answers[2]["error"].is_string() && answers[2]["id"].is_null());
    assert!(answers[3]["error"].as_str().unwrap().contains("no candidates"));
    // The structure is echoed as it was given, and its atoms are counted there.
    let best = &answers[4]["candidates"][0];
    assert_eq!(best["smiles"], "C(C)OC(C)=O");
    let ppm = |atom: u64| {
        let found = best["assignments"].as_array().unwrap().iter().find(|a| a["atom"] == atom);
        found.unwrap()["ppm"].as_f64().unwrap()
    };
    assert_eq!((ppm(0), ppm(1), ppm(3)), (60.4, 14.2, 171.1));
}

/// A verdict on what is left would be on something else.
#[test]
fn a_structure_that_is_named_and_cannot_be_read_is_an_error() {
    let workshop = Workshop::new();
    let peaks = workshop.file("ester.txt", "14.2 Q\n60.4 T\n21.0 Q\n171.1 S\n");
    let peaks = text(&peaks);
    let proposed = workshop.run(&[
        "elucidate",
        "--peaks",
        peaks,
        "--propose",
        "CCOC(C)=O",
        "--propose",
        "C1CC",
    ]);
    let told = String::from_utf8_lossy(&proposed.stderr);
    assert!(!proposed.status.success() && proposed.stdout.is_empty(), "{told}");
    assert!(told.contains("proposed structure 'C1CC' cannot be read"), "{told}");

    let queries = [
        r#"{"id":1,"c13":[14.2,60.4,21.0,171.1],"candidates":["CCOC(C)=O","C1CC"]}"#,
        r#"{"id":2,"c13":[14.2,60.4,21.0,171.1],"candidates":["CCOC(C)=O","C(C)OC(C)=O"]}"#,
        r#"{"id":3,"c13":[14.2,60.4,21.0,171.1],"candidates":["nothing"]}"#,
    ];
    let file = workshop.file("queries.jsonl", &queries.join("\n"));
    for extra in [&[][..], &["--propose", "COC(=O)CC"]] {
        let arguments = [&["elucidate", "--batch", text(&file)], extra].concat();
        let answers: Vec<Value> = workshop.ok(&arguments).lines().map(json).collect();
        let error = |place: usize| answers[place]["error"].as_str().unwrap_or_default();
        assert!(error(0).contains("candidate 'C1CC' cannot be read"), "{}", answers[0]);
        assert_eq!(answers[1]["candidates"][0]["formula"], "C4H8O2", "one compound twice");
        assert!(error(2).contains("candidate 'nothing' cannot be read"), "{}", answers[2]);
    }
    let arguments = ["elucidate", "--batch", text(&file), "--propose", "C1CC"];
    let output = workshop.run(&arguments);
    assert!(!output.status.success() && output.stdout.is_empty());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let workshop = Workshop::new();
    let line = format!("{{\"id\":\"{}\"}}\n", "x".repeat(200));
    let file = workshop.file("queries.jsonl", &line.repeat(3000));
    let mut child = workshop
        .command(&["elucidate", "--batch", text(&file)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("{\"id\""));
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.is_empty(), "{:?}: {told}", output.status);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn acquisitions_of_one_sample_are_judged_together() {
    let workshop = Workshop::new();
    workshop.import();
    let sample = test_data("nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4");
    let sample = text(&sample);
    let truth = workshop.file("truth.smi", "COc1cc2n(C)c3ccccc3c(=O)c2c(O)c1OC arborinine\n");
    let arguments =
        ["elucidate", sample, "--library", "isomers", "--candidates", text(&truth), "--json"];
    let answer = json(&workshop.ok(&arguments));
    assert_eq!(answer["path"], sample);
    let best = &answer["candidates"][0];
    assert_eq!(best["name"], "arborinine");
    assert_eq!(best["formula"], "C16H15NO4");
    assert_eq!(answer["verdict"], "best_match", "{}", answer["reasons"]);
    // C-4, between two oxygen-bearing carbons, stands alone at 86.7 ppm.
    let lone = best["assignments"].as_array().unwrap().iter().find(|a| a["atom"] == 3).unwrap();
    assert!((lone["ppm"].as_f64().unwrap() - 86.7).abs() < 0.3, "{lone}");
}

#[test]
fn what_cannot_be_done_is_said_with_what_to_do() {
    let workshop = Workshop::new();
    let peaks = workshop.file("peaks.txt", "20.0\nabc\n");
    let told = |arguments: &[&str]| {
        let output = workshop.run(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let peaks = text(&peaks);
    assert!(told(&["elucidate", "--peaks", peaks]).contains("--library"));
    assert!(told(&["elucidate", "--peaks", peaks, "--propose", "CC"]).contains(":2:"));
    let missing = told(&["elucidate", "--peaks", peaks, "--library", "nowhere"]);
    assert!(missing.contains("larmor library import nowhere"), "{missing}");
    assert!(told(&["library", "import", "../x", peaks]).contains("cannot name a library"));
    let empty = workshop.directory.path().to_str().unwrap();
    assert!(told(&["elucidate", empty, "--propose", "CC"]).contains("no dataset"));
}

/// Mol blocks count their own atoms, the SMILES that is told beside them other ones.
#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_mol_block_is_held_against_the_truth_as_its_smiles_is() {
    let workshop = Workshop::new();
    let folder = test_data("nmredata/arborinine_full_assignments");
    let (sample, truth) =
        (folder.join("dj_ca_2017_ernestin_EN4"), folder.join("compound1.nmredata.sdf"));
    let smiles = workshop.file("truth.smi", "COc1cc2n(C)c3ccccc3c(=O)c2c(O)c1OC arborinine\n");
    let right = |candidates: &str| {
        let answer =
            workshop.ok(&["elucidate", text(&sample), "--candidates", candidates, "--json"]);
        let assigned = AssignedStructure::parse(&fs::read_to_string(&truth).unwrap()).unwrap();
        let candidates: Vec<Candidate> =
            serde_json::from_value(json(&answer)["candidates"].clone()).unwrap();
        let block = assigned.molecule.inchikey_block();
        let found = candidates.iter().find(|found| found.inchikey.starts_with(block)).unwrap();
        let molecule = Molecule::from_smiles(&found.smiles).unwrap();
        let checks =
            check_assignment(&molecule, &found.assignments_by_smiles(), &assigned, 0.0).unwrap();
        checks.iter().filter(|check| check.right).count()
    };
    let (block, smiles) = (right(text(&truth)), right(text(&smiles)));
    assert_eq!(block, smiles);
    assert!(block >= 12, "{block}");
}
