//! The lines of JSON that docs/api.md promises: every kind of line with every field set, and with
//! none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;

use larmor_client::json::to_value;
use larmor_client::proto::event::Body;
use larmor_client::proto::{
    Acquisition, AcquisitionState, Candidate, Component, Discovered, Elucidated, Elucidation,
    ElucidationSummary, Event, Failed, FormerBest, Incomplete, LineErrors, Multiplet, Peak,
    PeakAssignment, PeakClass, PeakCounts, Processed, Quality, ReviewDecision, RevisionChange,
    SampleSummary, SimilarSpectrum, Skipped, Spectrum, SpectrumOrigin, SpectrumUsed, Splitting,
    StageTimings, Substance, UnexplainedSignal, Verdict,
};
use prost::Name;
use prost_reflect::DescriptorPool;
use prost_types::Timestamp;
use serde_json::{Value, json};

fn shown(message: &impl Name) -> Value {
    to_value(message).unwrap()
}

fn text(what: &str) -> String {
    what.to_owned()
}

/// 2023-11-14T22:13:20.123Z and a rest below the millisecond.
fn time() -> Option<Timestamp> {
    Some(Timestamp { seconds: 1_700_000_000, nanos: 123_956_789 })
}

fn event(body: Option<Body>) -> Event {
    Event {
        cursor: 9_007_199_254_740_993,
        occurred_time: time(),
        group: text("chem"),
        instrument: text("av-500"),
        sample_id: text("sample-id"),
        sample: text("ethanol"),
        acquisition_id: text("acquisition-id"),
        path: text("/data/ethanol/1"),
        body,
    }
}

/// What every event's line has, and what the kind adds to it.
fn line(kind: &str, own: Value) -> Value {
    let mut line = json!({
        "cursor": 9_007_199_254_740_993_i64,
        "time": "2023-11-14T22:13:20.123Z",
        "kind": kind,
        "group": "chem",
        "instrument": "av-500",
        "sample": "ethanol",
        "sample_id": "sample-id",
        "acquisition_id": "acquisition-id",
        "path": "/data/ethanol/1",
    });
    let Value::Object(own) = own else { panic!("{own}") };
    line.as_object_mut().unwrap().extend(own);
    line
}

fn timings() -> StageTimings {
    StageTimings { read_ms: 1.5, process_ms: 2.25, elucidate_ms: 1e-3 }
}

fn used() -> SpectrumUsed {
    SpectrumUsed {
        spectrum_id: text("spectrum-id"),
        nucleus: text("13C"),
        experiment: text("DEPT135"),
    }
}

fn candidate() -> Candidate {
    Candidate {
        rank: 1,
        smiles: text("CCO"),
        inchikey: text("LFQSCWFLJHTTHZ-UHFFFAOYSA-N"),
        formula: text("C2H6O"),
        name: text("ethanol"),
        source: text("library:moses"),
        score: -26.86,
        probability: 0.9867,
        judged: true,
        assignments: vec![PeakAssignment {
            atom: 1,
            nucleus: text("13C"),
            observed_ppm: 58.3,
            predicted_ppm: 57.9,
            probability: 0.97,
            spectrum_id: text("spectrum-id"),
            peak: Some(3),
            multiplet: None,
        }],
        parts: HashMap::from([(text("13C shifts"), -3.5), (text("match"), 0.1 + 0.2)]),
    }
}

fn candidate_line() -> Value {
    json!({
        "rank": 1,
        "smiles": "CCO",
        "inchikey": "LFQSCWFLJHTTHZ-UHFFFAOYSA-N",
        "formula": "C2H6O",
        "name": "ethanol",
        "source": "library:moses",
        "score": -26.86,
        "probability": 0.9867,
        "judged": true,
        "parts": {"13C shifts": -3.5, "match": 0.1 + 0.2},
        "assignments": [{
            "atom": 1,
            "nucleus": "13C",
            "ppm": 58.3,
            "predicted_ppm": 57.9,
            "probability": 0.97,
            "spectrum_id": "spectrum-id",
            "peak": 3,
            "multiplet": null,
        }],
    })
}

fn bare_candidate_line() -> Value {
    json!({
        "rank": 0,
        "smiles": "",
        "inchikey": "",
        "formula": "",
        "name": "",
        "source": "",
        "score": 0.0,
        "probability": 0.0,
        "judged": false,
        "parts": {},
        "assignments": [],
    })
}

fn components() -> Vec<Component> {
    let acetone = Component {
        name: text("acetone"),
        judged: false,
        mol_percent: Some(3.5),
        mol_percent_error: Some(0.4),
        carbon_ppm: vec![30.9, 207.1],
        proton_ppm: vec![2.17],
    };
    vec![acetone, Component { name: text("CCO"), judged: true, ..Component::default() }]
}

fn component_lines() -> Value {
    json!([
        {
            "name": "acetone",
            "judged": false,
            "mol_percent": 3.5,
            "mol_percent_error": 0.4,
            "carbon_ppm": [30.9, 207.1],
            "proton_ppm": [2.17],
        },
        {
            "name": "CCO",
            "judged": true,
            "mol_percent": null,
            "mol_percent_error": null,
            "carbon_ppm": [],
            "proton_ppm": [],
        },
    ])
}

#[test]
fn short_events_say_why() {
    let state = AcquisitionState::Ready.into();
    let discovered = Discovered {
        state,
        reason: text("complete"),
        nucleus: text("13C"),
        experiment: text("1D"),
        title: text("a \"title\""),
    };
    let why = || text("why");
    for (body, kind, own) in [
        (
            Body::Discovered(discovered),
            "discovered",
            json!({
                "state": "ready",
                "reason": "complete",
                "nucleus": "13C",
                "experiment": "1D",
                "title": "a \"title\"",
            }),
        ),
        (
            Body::Discovered(Discovered::default()),
            "discovered",
            json!({
                "state": "unknown",
                "reason": "",
                "nucleus": "",
                "experiment": "",
                "title": "",
            }),
        ),
        (Body::Incomplete(Incomplete { reason: why() }), "incomplete", json!({"reason": "why"})),
        (Body::Skipped(Skipped { reason: why() }), "skipped", json!({"reason": "why"})),
        (Body::Skipped(Skipped::default()), "skipped", json!({"reason": ""})),
        (
            Body::Failed(Failed { reason: why(), attempts: 3 }),
            "failed",
            json!({"reason": "why", "attempts": 3}),
        ),
        (Body::Failed(Failed::default()), "failed", json!({"reason": "", "attempts": 0})),
    ] {
        assert_eq!(shown(&event(Some(body))), line(kind, own));
    }
}

#[test]
fn a_processed_event_counts_peaks_and_tells_times() {
    let processed = Processed {
        spectrum_id: text("spectrum-id"),
        nucleus: text("1H"),
        experiment: text("1D"),
        frequency_mhz: 500.13,
        solvent: text("CDCl3"),
        peaks: Some(PeakCounts {
            compound: 1,
            solvent: 2,
            impurity: 3,
            satellite: 4,
            artifact: 5,
            sideband: 6,
        }),
        timings: Some(timings()),
        unjudged: text("no library"),
        multiplets: 7,
        quality: Some(0.9),
    };
    let own = json!({
        "spectrum_id": "spectrum-id",
        "nucleus": "1H",
        "experiment": "1D",
        "frequency_mhz": 500.13,
        "solvent": "CDCl3",
        "peaks": {
            "compound": 1,
            "solvent": 2,
            "impurity": 3,
            "satellite": 4,
            "artifact": 5,
            "sideband": 6,
        },
        "timings": {"read_ms": 1.5, "process_ms": 2.25, "elucidate_ms": 1e-3},
        "unjudged": "no library",
        "multiplets": 7,
        "quality": 0.9,
    });
    assert_eq!(shown(&event(Some(Body::Processed(processed)))), line("processed", own));

    let bare = json!({
        "spectrum_id": "",
        "nucleus": "",
        "experiment": "",
        "frequency_mhz": 0.0,
        "solvent": "",
        "peaks": {
            "compound": 0,
            "solvent": 0,
            "impurity": 0,
            "satellite": 0,
            "artifact": 0,
            "sideband": 0,
        },
        "timings": {"read_ms": 0.0, "process_ms": 0.0, "elucidate_ms": 0.0},
        "unjudged": "",
        "multiplets": 0,
        "quality": null,
    });
    let processed = Processed::default();
    assert_eq!(shown(&event(Some(Body::Processed(processed)))), line("processed", bare));
}

#[test]
fn an_elucidated_event_has_the_ranking_and_what_changed() {
    let elucidated = Elucidated {
        elucidation_id: text("elucidation-id"),
        revision: 2,
        verdict: Verdict::Consistent.into(),
        reasons: vec![text("all lines within 1 ppm"), text("no other fits")],
        considered: 25_036,
        candidates: vec![candidate(), Candidate::default()],
        model_digest: text("abab"),
        timings: Some(timings()),
        spectra: vec![used()],
        change: Some(RevisionChange {
            supersedes: text("former-id"),
            verdict: Verdict::Inconclusive.into(),
            best: Some(FormerBest {
                smiles: text("CCO"),
                inchikey: text("LFQSCWFLJHTTHZ-UHFFFAOYSA-N"),
                probability: 0.5,
            }),
            best_changed: true,
            added: vec![used()],
            left_out: vec![used(), SpectrumUsed::default()],
        }),
        verdict_probability: Some(0.75),
        components: components(),
    };
    let used = json!({"spectrum_id": "spectrum-id", "nucleus": "13C", "experiment": "DEPT135"});
    let own = json!({
        "elucidation_id": "elucidation-id",
        "revision": 2,
        "verdict": "consistent",
        "reasons": ["all lines within 1 ppm", "no other fits"],
        "considered": 25_036,
        "candidates": [candidate_line(), bare_candidate_line()],
        "model_digest": "abab",
        "timings": {"read_ms": 1.5, "process_ms": 2.25, "elucidate_ms": 1e-3},
        "spectra": [used],
        "change": {
            "supersedes": "former-id",
            "verdict": "inconclusive",
            "best": {
                "smiles": "CCO",
                "inchikey": "LFQSCWFLJHTTHZ-UHFFFAOYSA-N",
                "probability": 0.5,
            },
            "best_changed": true,
            "added": [used],
            "left_out": [used, {"spectrum_id": "", "nucleus": "", "experiment": ""}],
        },
        "verdict_probability": 0.75,
        "components": component_lines(),
    });
    assert_eq!(shown(&event(Some(Body::Elucidated(elucidated)))), line("elucidated", own));

    let mut bare = json!({
        "elucidation_id": "",
        "revision": 0,
        "verdict": "unknown",
        "reasons": [],
        "considered": 0,
        "candidates": [],
        "model_digest": "",
        "timings": {"read_ms": 0.0, "process_ms": 0.0, "elucidate_ms": 0.0},
        "spectra": [],
        "change": null,
        "verdict_probability": null,
        "components": [],
    });
    let elucidated = Elucidated::default();
    let line_shown = shown(&event(Some(Body::Elucidated(elucidated))));
    assert_eq!(line_shown, line("elucidated", bare.clone()));

    bare["change"] = json!({
        "supersedes": "",
        "verdict": "unknown",
        "best": null,
        "best_changed": false,
        "added": [],
        "left_out": [],
    });
    let elucidated = Elucidated { change: Some(RevisionChange::default()), ..Default::default() };
    let line_shown = shown(&event(Some(Body::Elucidated(elucidated))));
    assert_eq!(line_shown, line("elucidated", bare));
}

#[test]
fn an_event_of_a_newer_server_is_of_an_unknown_kind() {
    assert_eq!(shown(&event(None)), line("unknown", json!({})));
    let bare = json!({
        "cursor": 0,
        "time": "",
        "kind": "unknown",
        "group": "",
        "instrument": "",
        "sample": "",
        "sample_id": "",
        "acquisition_id": "",
        "path": "",
    });
    assert_eq!(shown(&Event::default()), bare);
}

#[test]
fn every_word_of_an_enumeration() {
    for (state, word) in [
        (AcquisitionState::Unspecified, "unknown"),
        (AcquisitionState::Discovered, "discovered"),
        (AcquisitionState::Incomplete, "incomplete"),
        (AcquisitionState::Ready, "ready"),
        (AcquisitionState::Processing, "processing"),
        (AcquisitionState::Done, "done"),
        (AcquisitionState::Failed, "failed"),
        (AcquisitionState::Skipped, "skipped"),
    ] {
        let discovered = Discovered { state: state.into(), ..Default::default() };
        assert_eq!(shown(&event(Some(Body::Discovered(discovered))))["state"], word);
    }
    let unknown = Discovered { state: 99, ..Default::default() };
    assert_eq!(shown(&event(Some(Body::Discovered(unknown))))["state"], "unknown");
    for (verdict, word) in [
        (Verdict::Unspecified, "unknown"),
        (Verdict::Consistent, "consistent"),
        (Verdict::Inconsistent, "inconsistent"),
        (Verdict::Inconclusive, "inconclusive"),
        (Verdict::BestMatch, "best_match"),
        (Verdict::NoneFits, "none_fits"),
    ] {
        let summary = ElucidationSummary { verdict: verdict.into(), ..Default::default() };
        assert_eq!(shown(&summary)["verdict"], word);
    }
    for (class, word) in [
        (PeakClass::Unspecified, "unknown"),
        (PeakClass::Compound, "compound"),
        (PeakClass::Solvent, "solvent"),
        (PeakClass::Impurity, "impurity"),
        (PeakClass::Satellite, "satellite"),
        (PeakClass::Artifact, "artifact"),
        (PeakClass::Sideband, "sideband"),
    ] {
        let multiplet = Multiplet { peak_class: class.into(), ..Default::default() };
        let spectrum = Spectrum { multiplets: vec![multiplet], ..Default::default() };
        let whole = Elucidation { spectra: vec![spectrum], ..Default::default() };
        assert_eq!(shown(&whole)["spectra"][0]["multiplets"][0]["class"], word);
    }
}

fn spectrum() -> Spectrum {
    Spectrum {
        id: text("spectrum-id"),
        acquisition_id: text("acquisition-id"),
        nucleus: text("1H"),
        experiment: text("1D"),
        frequency_mhz: 500.13,
        solvent: text("CDCl3"),
        origin: SpectrumOrigin::Acquired.into(),
        quality: Some(Quality { score: 0.9, reasons: vec![text("few scans")] }),
        peaks: vec![Peak {
            ppm: 1.24,
            intensity: 1.0,
            width_hz: 0.8,
            area: 0.5,
            signal_to_noise: 100.0,
            peak_class: PeakClass::Compound.into(),
            multiplicity: text("T"),
            errors: Some(LineErrors { ppm: 0.1, width_hz: 0.2, area: 0.3 }),
            splitting: Some(Splitting { by: text("19F"), lines: 2, coupling_hz: 240.0 }),
            substance: Some(Substance { name: text("water"), confidence: 0.6 }),
        }],
        multiplets: vec![Multiplet {
            ppm: 1.24,
            from_ppm: 1.2,
            to_ppm: 1.28,
            area: 0.5,
            pattern: text("dd"),
            couplings_hz: vec![7.1, 2.5],
            peak_class: PeakClass::Compound.into(),
            peaks: vec![0, 1, 2, 3],
            hydrogens: Some(2.97),
        }],
        create_time: time(),
    }
}

fn spectrum_lines() -> Value {
    json!([
        {
            "spectrum_id": "spectrum-id",
            "acquisition_id": "acquisition-id",
            "nucleus": "1H",
            "experiment": "1D",
            "frequency_mhz": 500.13,
            "solvent": "CDCl3",
            "quality": 0.9,
            "quality_reasons": ["few scans"],
            "multiplets": [{
                "ppm": 1.24,
                "from_ppm": 1.2,
                "to_ppm": 1.28,
                "area": 0.5,
                "pattern": "dd",
                "hydrogens": 2.97,
                "couplings_hz": [7.1, 2.5],
                "class": "compound",
            }],
        },
        {
            "spectrum_id": "",
            "acquisition_id": "",
            "nucleus": "",
            "experiment": "",
            "frequency_mhz": 0.0,
            "solvent": "",
            "quality": null,
            "quality_reasons": null,
            "multiplets": [{
                "ppm": 0.0,
                "from_ppm": 0.0,
                "to_ppm": 0.0,
                "area": 0.0,
                "pattern": "",
                "hydrogens": null,
                "couplings_hz": [],
                "class": "unknown",
            }],
        },
    ])
}

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

/// Every field of the protocol is shown but those that are left out by name, so that a field which
/// the protocol gains shows up by itself.
#[test]
fn only_what_is_named_is_left_out() {
    let pool = DescriptorPool::decode(larmor_client::DESCRIPTORS).unwrap();
    let left_out = |message: &str, line: &Value| -> Vec<String> {
        let descriptor = pool.get_message_by_name(&format!("larmor.v1.{message}")).unwrap();
        let fields = descriptor.fields();
        let fields = fields.filter(|field| line.get(field.name()).is_none());
        fields.map(|field| field.name().to_owned()).collect()
    };
    let whole = Elucidation {
        candidates: vec![candidate()],
        components: components(),
        unexplained: vec![UnexplainedSignal::default()],
        spectra: vec![spectrum()],
        ..Elucidation::default()
    };
    let line = shown(&whole);
    let candidate = &line["candidates"][0];
    let spectrum = &line["spectra"][0];
    for (message, line, expected) in [
        (
            "Elucidation",
            &line,
            &["id", "library_versions_json", "parameters_json", "create_time"][..],
        ),
        ("ElucidationSummary", &shown(&ElucidationSummary::default()), &["id", "create_time"]),
        ("SimilarSpectrum", &shown(&SimilarSpectrum::default()), &[]),
        ("Candidate", candidate, &[]),
        ("Component", &line["components"][0], &[]),
        ("UnexplainedSignal", &line["unexplained"][0], &[]),
        ("PeakAssignment", &candidate["assignments"][0], &["observed_ppm"]),
        ("Spectrum", spectrum, &["id", "origin", "peaks", "create_time"]),
        ("Multiplet", &spectrum["multiplets"][0], &["peak_class", "peaks"]),
        ("Processed", &shown(&Processed::default()), &[]),
        ("Elucidated", &shown(&Elucidated::default()), &[]),
        ("Acquisition", &shown(&Acquisition::default()), &[]),
    ] {
        assert_eq!(left_out(message, line), expected, "{message}");
    }
}
