//! Events as they come.

use larmor_client::proto::event::Body;
use larmor_client::proto::{
    AcquisitionState, Candidate, Discovered, Elucidated, Event, Failed, FormerBest, Incomplete,
    Moved, PeakCounts, Processed, RevisionChange, Skipped, SpectrumUsed, Superseded, Vanished,
    Verdict,
};
use serde_json::{Value, json};

use crate::messages::{
    bare_candidate_line, candidate, candidate_line, component_lines, components, timings, used,
};
use crate::{shown, text, time};

pub(crate) fn event(body: Option<Body>) -> Event {
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
pub(crate) fn line(kind: &str, own: Value) -> Value {
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
        (Body::Vanished(Vanished { reason: why() }), "vanished", json!({"reason": "why"})),
        (Body::Vanished(Vanished::default()), "vanished", json!({"reason": ""})),
        (Body::Superseded(Superseded { reason: why() }), "superseded", json!({"reason": "why"})),
        (Body::Superseded(Superseded::default()), "superseded", json!({"reason": ""})),
        (
            Body::Moved(Moved {
                state: AcquisitionState::Done.into(),
                former_group: text("g"),
                former_sample: text("a"),
                former_path: text("/data/a/1"),
                left_group: true,
            }),
            "moved",
            json!({
                "state": "done",
                "former_group": "g",
                "former_sample": "a",
                "former_path": "/data/a/1",
                "left_group": true,
            }),
        ),
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
