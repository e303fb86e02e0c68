//! Where lines of JSON differ from the protocol.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

/// Fields of this ending hold JSON in a text: they are shown without the ending, and parsed.
pub(super) const JSON: &str = "_json";

/// The name a field is shown by; None where it is left out.
pub(super) fn shown(field: &FieldDescriptor) -> Option<&str> {
    let name = field.full_name();
    Some(match name.strip_prefix("larmor.v1.").unwrap_or(name) {
        "Elucidation.id" | "ElucidationSummary.id" => "elucidation_id",
        "Spectrum.id" => "spectrum_id",
        "SampleSummary.id" => "sample_id",
        "SampleSummary.name" => "sample",
        "Event.occurred_time" | "Elucidation.create_time" | "ElucidationSummary.create_time" => {
            "time"
        }
        "PeakAssignment.observed_ppm" => "ppm",
        "Multiplet.peak_class" | "Peak.peak_class" => "class",
        // The peaks of a spectrum are many: GetSpectrum has them.
        "Spectrum.peaks" | "Spectrum.origin" | "Spectrum.create_time" | "Multiplet.peaks" => {
            return None;
        }
        _ => field.name().strip_suffix(JSON).unwrap_or(field.name()),
    })
}

/// What happened in an event: its fields are shown among the event's own.
pub(super) fn is_body(field: &FieldDescriptor) -> bool {
    field.containing_oneof().is_some_and(|of| of.full_name() == "larmor.v1.Event.body")
}

/// The fields of a message that are shown among those of the message it stands in.
pub(super) fn parts(kind: &Kind) -> Option<&MessageDescriptor> {
    kind.as_message().filter(|of| of.full_name() == "larmor.v1.Quality")
}

/// The name of such a field: `quality` for the score and `quality_reasons` for the reasons.
pub(super) fn part(name: &str, part: &FieldDescriptor) -> String {
    match part.name() {
        "score" => name.to_owned(),
        other => format!("{name}_{other}"),
    }
}

/// Messages that are shown by their zeros where they are unset, rather than by null.
pub(super) fn zeros_when_unset(kind: &Kind) -> bool {
    let zeros = ["larmor.v1.PeakCounts", "larmor.v1.StageTimings"];
    kind.as_message().is_some_and(|of| zeros.contains(&of.full_name()))
}

/// Times are shown as texts, empty where they are unset.
pub(super) fn is_time(kind: &Kind) -> bool {
    kind.as_message().is_some_and(|of| of.full_name() == "google.protobuf.Timestamp")
}
