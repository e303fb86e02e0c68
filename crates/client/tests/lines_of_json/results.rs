//! Results, whole and in lists.

use std::collections::HashMap;

use larmor_client::proto::{
    Candidate, Elucidation, ElucidationSummary, Multiplet, Spectrum, UnexplainedSignal, Verdict,
};
use prost_types::Timestamp;
use serde_json::{Value, json};

use crate::messages::{
    candidate, candidate_line, component_lines, components, spectrum, spectrum_lines,
};
use crate::{shown, text, time};

#[test]
fn a_result_is_shown_whole() {
    let result = Elucidation {
        id: text("elucidation-id"),
        sample_id: text("sample-id"),
        sample: text("ethanol"),
        group: text("chem"),
        instrument: text("av-500"),
        acquisition_id: text("acquisition-id"),
        revision: 2,
        supersedes: text("former-id"),
        verdict: Verdict::Inconsistent.into(),
        reasons: vec![text("a line too many")],
        considered: 2,
        candidates: vec![candidate()],
        model_digest: text("abab"),
        library_versions_json: text(r#"{"moses":"v1"}"#),
        parameters_json: text(r#"{"top":10,"penalties":{"13C":[1.5,null]}}"#),
        spectrum_ids: vec![text("spectrum-id"), text("other")],
        create_time: time(),
        thinned_time: None,
        spectra: vec![
            spectrum(),
            Spectrum { multiplets: vec![Multiplet::default()], ..Default::default() },
        ],
        models: HashMap::from([(text("shift"), text("abab")), (text("acml-13c"), text("cdcd"))]),
        verdict_probability: Some(0.03),
        components: components(),
        unexplained: vec![
            UnexplainedSignal { nucleus: text("1H"), ppm: 1.26, hydrogens: Some(0.21) },
            UnexplainedSignal { nucleus: text("13C"), ppm: 29.7, hydrogens: None },
        ],
    };
    let expected = json!({
        "elucidation_id": "elucidation-id",
        "sample_id": "sample-id",
        "sample": "ethanol",
        "group": "chem",
        "instrument": "av-500",
        "acquisition_id": "acquisition-id",
        "revision": 2,
        "supersedes": "former-id",
        "verdict": "inconsistent",
        "reasons": ["a line too many"],
        "considered": 2,
        "candidates": [candidate_line()],
        "model_digest": "abab",
        "models": {"shift": "abab", "acml-13c": "cdcd"},
        "verdict_probability": 0.03,
        "components": component_lines(),
        "unexplained": [
            {"nucleus": "1H", "ppm": 1.26, "hydrogens": 0.21},
            {"nucleus": "13C", "ppm": 29.7, "hydrogens": null},
        ],
        "library_versions": {"moses": "v1"},
        "parameters": {"top": 10, "penalties": {"13C": [1.5, null]}},
        "spectrum_ids": ["spectrum-id", "other"],
        "spectra": spectrum_lines(),
        "time": "2023-11-14T22:13:20.123Z",
        "thinned_time": "",
    });
    assert_eq!(shown(&result), expected);
}

#[test]
fn a_bare_result_has_every_field() {
    let expected = json!({
        "elucidation_id": "",
        "sample_id": "",
        "sample": "",
        "group": "",
        "instrument": "",
        "acquisition_id": "",
        "revision": 0,
        "supersedes": "",
        "verdict": "unknown",
        "reasons": [],
        "considered": 0,
        "candidates": [],
        "model_digest": "",
        "models": {},
        "verdict_probability": null,
        "components": [],
        "unexplained": [],
        "library_versions": "",
        "parameters": "",
        "spectrum_ids": [],
        "spectra": [],
        "time": "",
        "thinned_time": "",
    });
    assert_eq!(shown(&Elucidation::default()), expected);
    let no_json = Elucidation { parameters_json: text("{top"), ..Default::default() };
    assert_eq!(shown(&no_json)["parameters"], "{top");
    let nobody_can_say = Elucidation {
        candidates: vec![Candidate { score: f64::NAN, ..Default::default() }],
        create_time: Some(Timestamp { seconds: 0, nanos: -1 }),
        ..Default::default()
    };
    let line_shown = shown(&nobody_can_say);
    assert_eq!(line_shown["candidates"][0]["score"], Value::Null);
    assert_eq!(line_shown["time"], "");
}

#[test]
fn a_result_in_a_list() {
    let summary = ElucidationSummary {
        id: text("elucidation-id"),
        sample_id: text("sample-id"),
        sample: text("ethanol"),
        group: text("chem"),
        instrument: text("av-500"),
        acquisition_id: text("acquisition-id"),
        revision: 1,
        verdict: Verdict::Consistent.into(),
        considered: 25_036,
        best_smiles: text("CCO"),
        best_formula: text("C2H6O"),
        best_name: text("ethanol"),
        best_probability: 0.9867,
        create_time: Some(Timestamp { seconds: 1_700_000_000, nanos: 0 }),
        verdict_probability: Some(0.97),
    };
    let expected = json!({
        "elucidation_id": "elucidation-id",
        "sample_id": "sample-id",
        "sample": "ethanol",
        "group": "chem",
        "instrument": "av-500",
        "acquisition_id": "acquisition-id",
        "revision": 1,
        "verdict": "consistent",
        "considered": 25_036,
        "best_smiles": "CCO",
        "best_formula": "C2H6O",
        "best_name": "ethanol",
        "best_probability": 0.9867,
        "verdict_probability": 0.97,
        "time": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(shown(&summary), expected);
    let bare = json!({
        "elucidation_id": "",
        "sample_id": "",
        "sample": "",
        "group": "",
        "instrument": "",
        "acquisition_id": "",
        "revision": 0,
        "verdict": "unknown",
        "considered": 0,
        "best_smiles": "",
        "best_formula": "",
        "best_name": "",
        "best_probability": 0.0,
        "verdict_probability": null,
        "time": "",
    });
    assert_eq!(shown(&ElucidationSummary::default()), bare);
}
