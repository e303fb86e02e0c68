//! Results as lines of JSON. Their fields are documented in docs/api.md and only ever added to.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::text::{class_word, rfc3339, state_word, verdict_word};
use larmor_client::proto::event::Body;
use larmor_client::proto::{
    Candidate, Elucidation, ElucidationSummary, Event, Multiplet, PeakAssignment, RevisionChange,
    Spectrum, SpectrumUsed, StageTimings,
};

/// An event.
pub(super) fn event(event: &Event) -> Value {
    let mut line = json!({
        "cursor": event.cursor,
        "time": rfc3339(event.occurred_time),
        "group": event.group,
        "instrument": event.instrument,
        "sample": event.sample,
        "sample_id": event.sample_id,
        "acquisition_id": event.acquisition_id,
        "path": event.path,
    });
    let (kind, told) = match &event.body {
        Some(body) => body_fields(body),
        // From a newer server.
        None => ("unknown", json!({})),
    };
    if let (Value::Object(line), Value::Object(told)) = (&mut line, told) {
        line.insert("kind".to_owned(), kind.into());
        line.extend(told);
    }
    line
}

fn body_fields(body: &Body) -> (&'static str, Value) {
    match body {
        Body::Discovered(told) => (
            "discovered",
            json!({
                "state": state_word(told.state()),
                "reason": told.reason,
                "nucleus": told.nucleus,
                "experiment": told.experiment,
                "title": told.title,
            }),
        ),
        Body::Incomplete(told) => ("incomplete", json!({"reason": told.reason})),
        Body::Skipped(told) => ("skipped", json!({"reason": told.reason})),
        Body::Failed(told) => ("failed", json!({"reason": told.reason, "attempts": told.attempts})),
        Body::Processed(told) => {
            let peaks = told.peaks.unwrap_or_default();
            (
                "processed",
                json!({
                    "spectrum_id": told.spectrum_id,
                    "nucleus": told.nucleus,
                    "experiment": told.experiment,
                    "frequency_mhz": told.frequency_mhz,
                    "solvent": told.solvent,
                    "unjudged": told.unjudged,
                    "peaks": {
                        "compound": peaks.compound,
                        "solvent": peaks.solvent,
                        "impurity": peaks.impurity,
                        "satellite": peaks.satellite,
                        "sideband": peaks.sideband,
                        "artifact": peaks.artifact,
                    },
                    "multiplets": told.multiplets,
                    "quality": told.quality,
                    "timings": timings(told.timings),
                }),
            )
        }
        Body::Elucidated(told) => (
            "elucidated",
            json!({
                "elucidation_id": told.elucidation_id,
                "revision": told.revision,
                "verdict": verdict_word(told.verdict()),
                "reasons": told.reasons,
                "considered": told.considered,
                "candidates": told.candidates.iter().map(candidate).collect::<Vec<_>>(),
                "model_digest": told.model_digest,
                "timings": timings(told.timings),
                "spectra": spectra_used(&told.spectra),
                "change": told.change.as_ref().map(change),
            }),
        ),
    }
}

fn spectra_used(spectra: &[SpectrumUsed]) -> Vec<Value> {
    let one = |used: &SpectrumUsed| {
        json!({
            "spectrum_id": used.spectrum_id,
            "nucleus": used.nucleus,
            "experiment": used.experiment,
        })
    };
    spectra.iter().map(one).collect()
}

fn change(change: &RevisionChange) -> Value {
    json!({
        "supersedes": change.supersedes,
        "verdict": verdict_word(change.verdict()),
        "best": change.best.as_ref().map(|best| {
            json!({
                "smiles": best.smiles,
                "inchikey": best.inchikey,
                "probability": best.probability,
            })
        }),
        "best_changed": change.best_changed,
        "added": spectra_used(&change.added),
        "left_out": spectra_used(&change.left_out),
    })
}

/// A judgement, whole.
pub(super) fn elucidation(result: &Elucidation) -> Value {
    // What is no JSON is shown as the text it is.
    let parsed = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| json!(text));
    json!({
        "elucidation_id": result.id,
        "sample_id": result.sample_id,
        "sample": result.sample,
        "group": result.group,
        "instrument": result.instrument,
        "acquisition_id": result.acquisition_id,
        "revision": result.revision,
        "supersedes": result.supersedes,
        "verdict": verdict_word(result.verdict()),
        "reasons": result.reasons,
        "considered": result.considered,
        "candidates": result.candidates.iter().map(candidate).collect::<Vec<_>>(),
        "model_digest": result.model_digest,
        "models": result.models.iter().collect::<BTreeMap<_, _>>(),
        "library_versions": parsed(&result.library_versions_json),
        "parameters": parsed(&result.parameters_json),
        "spectrum_ids": result.spectrum_ids,
        "spectra": result.spectra.iter().map(spectrum).collect::<Vec<_>>(),
        "time": rfc3339(result.create_time),
    })
}

fn spectrum(kept: &Spectrum) -> Value {
    json!({
        "spectrum_id": kept.id,
        "acquisition_id": kept.acquisition_id,
        "nucleus": kept.nucleus,
        "experiment": kept.experiment,
        "frequency_mhz": kept.frequency_mhz,
        "solvent": kept.solvent,
        "quality": kept.quality.as_ref().map(|quality| quality.score),
        "quality_reasons": kept.quality.as_ref().map(|quality| &quality.reasons),
        "multiplets": kept.multiplets.iter().map(multiplet).collect::<Vec<_>>(),
    })
}

fn multiplet(kept: &Multiplet) -> Value {
    json!({
        "ppm": kept.ppm,
        "from_ppm": kept.from_ppm,
        "to_ppm": kept.to_ppm,
        "area": kept.area,
        "pattern": kept.pattern,
        "hydrogens": kept.hydrogens,
        "couplings_hz": kept.couplings_hz,
        "class": class_word(kept.peak_class()),
    })
}

/// A judgement in a list.
pub(super) fn summary(result: &ElucidationSummary) -> Value {
    json!({
        "elucidation_id": result.id,
        "sample_id": result.sample_id,
        "sample": result.sample,
        "group": result.group,
        "instrument": result.instrument,
        "acquisition_id": result.acquisition_id,
        "revision": result.revision,
        "verdict": verdict_word(result.verdict()),
        "considered": result.considered,
        "best_smiles": result.best_smiles,
        "best_formula": result.best_formula,
        "best_name": result.best_name,
        "best_probability": result.best_probability,
        "time": rfc3339(result.create_time),
    })
}

fn candidate(ranked: &Candidate) -> Value {
    json!({
        "rank": ranked.rank,
        "smiles": ranked.smiles,
        "inchikey": ranked.inchikey,
        "formula": ranked.formula,
        "name": ranked.name,
        "source": ranked.source,
        "score": ranked.score,
        "parts": ranked.parts,
        "probability": ranked.probability,
        "assignments": ranked.assignments.iter().map(assignment).collect::<Vec<_>>(),
    })
}

fn assignment(given: &PeakAssignment) -> Value {
    json!({
        "atom": given.atom,
        "nucleus": given.nucleus,
        "ppm": given.observed_ppm,
        "predicted_ppm": given.predicted_ppm,
        "probability": given.probability,
    })
}

fn timings(taken: Option<StageTimings>) -> Value {
    let taken = taken.unwrap_or_default();
    json!({
        "read_ms": taken.read_ms,
        "process_ms": taken.process_ms,
        "elucidate_ms": taken.elucidate_ms,
    })
}
