//! Earlier spectra and samples in lists.

use larmor_client::proto::{ReviewDecision, SampleSummary, SimilarSpectrum, Verdict};
use prost_types::Timestamp;
use serde_json::{Value, json};

use crate::{shown, text, time};

#[test]
fn a_similar_spectrum() {
    let found = SimilarSpectrum {
        acquisition_id: text("acquisition-id"),
        spectrum_id: text("spectrum-id"),
        sample_id: text("sample-id"),
        sample: text("ethanol"),
        group: text("chem"),
        instrument: text("av-500"),
        nucleus: text("13C"),
        similarity: 0.9876,
        acquired_time: Some(Timestamp { seconds: 1_700_000_000, nanos: 0 }),
        best_smiles: text("CCO"),
        best_formula: text("C2H6O"),
        best_name: text("ethanol"),
        best_source: text("proposed"),
        best_probability: Some(0.9867),
        verdict: Verdict::Consistent.into(),
    };
    let expected = json!({
        "acquisition_id": "acquisition-id",
        "spectrum_id": "spectrum-id",
        "sample_id": "sample-id",
        "sample": "ethanol",
        "group": "chem",
        "instrument": "av-500",
        "nucleus": "13C",
        "similarity": 0.9876,
        "acquired_time": "2023-11-14T22:13:20.000Z",
        "best_smiles": "CCO",
        "best_formula": "C2H6O",
        "best_name": "ethanol",
        "best_source": "proposed",
        "best_probability": 0.9867,
        "verdict": "consistent",
    });
    assert_eq!(shown(&found), expected);
    let bare = shown(&SimilarSpectrum::default());
    assert_eq!((&bare["best_probability"], &bare["verdict"]), (&Value::Null, &json!("unknown")));
    assert_eq!(bare["acquired_time"], "");
}

#[test]
fn a_sample_in_a_list() {
    let found = SampleSummary {
        id: text("sample-id"),
        name: text("ethanol"),
        spectra: vec![text("13C 1D")],
        verdict: Verdict::Consistent.into(),
        verdict_probability: Some(0.97),
        decision: ReviewDecision::Confirmed.into(),
        update_time: time(),
        ..SampleSummary::default()
    };
    let line = shown(&found);
    assert_eq!((&line["sample_id"], &line["sample"]), (&json!("sample-id"), &json!("ethanol")));
    assert_eq!((&line["verdict"], &line["decision"]), (&json!("consistent"), &json!("confirmed")));
    assert_eq!(line["update_time"], "2023-11-14T22:13:20.123Z");
    let bare = shown(&SampleSummary::default());
    assert_eq!((&bare["verdict"], &bare["decision"]), (&json!("unknown"), &json!("unknown")));
    assert_eq!(bare["verdict_probability"], Value::Null);
}
