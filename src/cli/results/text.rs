//! Results as a person reads them.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use prost_types::Timestamp;

use larmor_client::proto::event::Body;
use larmor_client::proto::{
    AcquisitionState, Candidate, Elucidated, Elucidation, ElucidationSummary, Event, PeakClass,
    PeakCounts, Processed, RevisionChange, Spectrum, SpectrumUsed, Verdict,
};

/// Candidates shown of a ranking.
const TOP: usize = 10;

/// An event: one line, and tables below it for a judgement.
pub(super) fn event(event: &Event) -> String {
    let place = format!("{}/{}", event.group, event.sample);
    let mut out =
        format!("{}  {}  {}  ", clock(event.occurred_time), event.instrument, clean(&place));
    // Writing to a string cannot fail.
    let _ = match &event.body {
        Some(Body::Discovered(told)) => {
            let what = [told.nucleus.as_str(), &told.experiment, &told.title].join(" ");
            let state = state_word(told.state());
            let path = clean(&event.path);
            let what = clean(what.trim());
            writeln!(out, "discovered  {what}  {path}  ({state}: {})", clean(&told.reason))
        }
        Some(Body::Incomplete(told)) => writeln!(out, "incomplete  {}", clean(&told.reason)),
        Some(Body::Skipped(told)) => writeln!(out, "skipped  {}", clean(&told.reason)),
        Some(Body::Failed(told)) => writeln!(
            out,
            "failed  {} (after {} {})",
            clean(&told.reason),
            told.attempts,
            if told.attempts == 1 { "attempt" } else { "attempts" }
        ),
        Some(Body::Processed(told)) => writeln!(out, "processed  {}", processed(told)),
        Some(Body::Elucidated(told)) => write!(out, "{}", elucidated(told)),
        None => writeln!(out, "something this version does not know"),
    };
    out
}

fn processed(told: &Processed) -> String {
    let taken = told.timings.unwrap_or_default();
    let mut what = format!("{} {}", clean(&told.nucleus), clean(&told.experiment));
    if !told.solvent.is_empty() {
        what.push_str(" in ");
        what.push_str(&clean(&told.solvent));
    }
    let peaks = peaks(told.peaks.unwrap_or_default());
    let mut said = format!("{what}: {peaks}");
    match told.multiplets {
        0 => {}
        1 => said.push_str(", 1 multiplet"),
        many => said.push_str(&format!(", {many} multiplets")),
    }
    if let Some(score) = told.quality {
        said.push_str(&format!(", quality {score:.2}"));
    }
    said.push_str(&format!("  [{:.0} ms]", taken.read_ms + taken.process_ms));
    if !told.unjudged.is_empty() {
        said.push_str(&format!("  not ranked: {}", clean(&told.unjudged)));
    }
    said
}

fn peaks(counts: PeakCounts) -> String {
    let compound = counts.compound;
    let mut said = format!("{compound} {}", if compound == 1 { "peak" } else { "peaks" });
    let others = [
        (counts.solvent, "solvent"),
        (counts.impurity, "impurity"),
        (counts.satellite, "satellite"),
        (counts.sideband, "sideband"),
        (counts.artifact, "artifact"),
    ];
    let others: Vec<String> = others
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, class)| format!("{count} {class}"))
        .collect();
    if !others.is_empty() {
        said.push_str(&format!(" (and {})", others.join(", ")));
    }
    said
}

fn elucidated(told: &Elucidated) -> String {
    let taken = told.timings.unwrap_or_default();
    let mut out = format!(
        "ranked  {} of {} considered, {}  [{:.0} ms]  result {}\n",
        told.candidates.len().min(TOP),
        told.considered,
        verdict(told.verdict(), &told.reasons),
        taken.elucidate_ms,
        told.elucidation_id
    );
    if let Some(change) = &told.change {
        out.push_str(&changed(told.revision, change));
    }
    out.push_str(&ranking(&told.candidates));
    out
}

/// What a revision changes: `revision 2 adds 1H plain; before: CCO led with 0.61, inconclusive`.
fn changed(revision: i32, change: &RevisionChange) -> String {
    let named = |what: &str, spectra: &[SpectrumUsed]| {
        let names: Vec<String> = spectra
            .iter()
            .map(|used| format!("{} {}", clean(&used.nucleus), clean(&used.experiment)))
            .collect();
        if names.is_empty() { String::new() } else { format!(" {what} {}", names.join(", ")) }
    };
    let best = match &change.best {
        Some(best) => {
            let still = if change.best_changed { "led" } else { "led already" };
            format!("{} {still} with {:.2}, ", clean(&best.smiles), best.probability)
        }
        None => String::new(),
    };
    format!(
        "    revision {revision}{}{}; before: {best}{}\n",
        named("adds", &change.added),
        named("leaves out", &change.left_out),
        verdict_word(change.verdict())
    )
}

/// A judgement, whole.
pub(super) fn elucidation(result: &Elucidation) -> String {
    let mut out = format!(
        "{}  {}  {}/{}  revision {}\n{} considered, {}\n",
        rfc3339(result.create_time),
        result.instrument,
        clean(&result.group),
        clean(&result.sample),
        result.revision,
        result.considered,
        verdict(result.verdict(), &result.reasons)
    );
    out.push_str(&ranking(&result.candidates));
    result.spectra.iter().for_each(|kept| out.push_str(&spectrum(kept)));
    let _ = writeln!(out, "model {}", result.model_digest);
    out
}

/// A spectrum: how far it can be trusted, and its multiplets as a table.
fn spectrum(kept: &Spectrum) -> String {
    let mut out = format!("    spectrum  {} {}", clean(&kept.nucleus), clean(&kept.experiment));
    if !kept.solvent.is_empty() {
        out.push_str(&format!(" in {}", clean(&kept.solvent)));
    }
    if let Some(quality) = &kept.quality {
        out.push_str(&format!(", quality {:.2}", quality.score));
        if !quality.reasons.is_empty() {
            out.push_str(": ");
            out.push_str(&clean(&quality.reasons.join("; ")));
        }
    }
    out.push('\n');
    if kept.multiplets.is_empty() {
        return out;
    }
    out.push_str("         ppm  pattern  area   J (Hz)\n");
    for multiplet in &kept.multiplets {
        let couplings: Vec<String> =
            multiplet.couplings_hz.iter().map(|hz| format!("{hz:.1}")).collect();
        let mut line = format!(
            "    {:>8.3}  {:<7}  {:<5.2}  {}",
            multiplet.ppm,
            clean(&multiplet.pattern),
            multiplet.area,
            couplings.join(", ")
        );
        if multiplet.peak_class() != PeakClass::Compound {
            line.push_str(&format!("  {}", class_word(multiplet.peak_class())));
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// A judgement in a list, one line.
pub(super) fn summary(result: &ElucidationSummary) -> String {
    let best = if result.best_smiles.is_empty() {
        "no candidate".to_owned()
    } else {
        format!(
            "{:.3}  {}  {}",
            result.best_probability,
            result.best_formula,
            label(&result.best_name, &result.best_smiles)
        )
    };
    format!(
        "{}  {}  {}/{}  r{}  {:<12}  {best}",
        result.id,
        rfc3339(result.create_time),
        clean(&result.group),
        clean(&result.sample),
        result.revision,
        verdict_word(result.verdict())
    )
}

fn verdict(verdict: Verdict, reasons: &[String]) -> String {
    let mut said = verdict_word(verdict).to_owned();
    if !reasons.is_empty() {
        said.push_str(": ");
        said.push_str(&clean(&reasons.join("; ")));
    }
    said
}

/// The ranking as a table, then the assignments of the best and of what was proposed.
fn ranking(candidates: &[Candidate]) -> String {
    let mut out = String::new();
    if candidates.is_empty() {
        return out;
    }
    out.push_str("    rank  probability     score  formula         candidate\n");
    for ranked in candidates.iter().take(TOP) {
        let _ = writeln!(
            out,
            "    {:>4}  {:>11.4}  {:>8.2}  {:<14}  {}",
            ranked.rank,
            ranked.probability,
            ranked.score,
            ranked.formula,
            label(&ranked.name, &ranked.smiles)
        );
    }
    let shown = |ranked: &&Candidate| ranked.rank == 1 || ranked.source == "proposed";
    for ranked in candidates.iter().filter(shown) {
        out.push_str(&assignments(ranked));
    }
    out
}

fn assignments(ranked: &Candidate) -> String {
    if ranked.assignments.is_empty() {
        return String::new();
    }
    let mut out = format!("    assigned  {}\n", label(&ranked.name, &ranked.smiles));
    out.push_str("    atom  nucleus  observed  predicted  probability\n");
    for given in &ranked.assignments {
        let _ = writeln!(
            out,
            "    {:>4}  {:<7}  {:>8.2}  {:>9.2}  {:>11.3}",
            given.atom,
            clean(&given.nucleus),
            given.observed_ppm,
            given.predicted_ppm,
            given.probability
        );
    }
    out
}

fn label(name: &str, smiles: &str) -> String {
    if name.is_empty() { clean(smiles) } else { format!("{} {}", clean(name), clean(smiles)) }
}

/// Text that others wrote, without what could drive a terminal.
fn clean(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// The word for a verdict.
pub(super) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unspecified => "unknown",
        Verdict::Consistent => "consistent",
        Verdict::Inconsistent => "inconsistent",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// The word for a state.
pub(super) fn state_word(state: AcquisitionState) -> &'static str {
    match state {
        AcquisitionState::Unspecified => "unknown",
        AcquisitionState::Discovered => "discovered",
        AcquisitionState::Incomplete => "incomplete",
        AcquisitionState::Ready => "ready",
        AcquisitionState::Processing => "processing",
        AcquisitionState::Done => "done",
        AcquisitionState::Failed => "failed",
        AcquisitionState::Skipped => "skipped",
    }
}

/// The word for what a peak is taken to be.
pub(super) fn class_word(class: PeakClass) -> &'static str {
    match class {
        PeakClass::Unspecified => "unknown",
        PeakClass::Compound => "compound",
        PeakClass::Solvent => "solvent",
        PeakClass::Impurity => "impurity",
        PeakClass::Satellite => "satellite",
        PeakClass::Sideband => "sideband",
        PeakClass::Artifact => "artifact",
    }
}

fn time(sent: Option<Timestamp>) -> Option<DateTime<Utc>> {
    let sent = sent?;
    DateTime::from_timestamp(sent.seconds, u32::try_from(sent.nanos).ok()?)
}

/// A time with its date, UTC.
pub(super) fn rfc3339(sent: Option<Timestamp>) -> String {
    time(sent).map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true)).unwrap_or_default()
}

/// A time of day, local.
fn clock(sent: Option<Timestamp>) -> String {
    time(sent)
        .map(|time| time.with_timezone(&chrono::Local).format("%H:%M:%S").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_are_counted_in_words() {
        let counts = PeakCounts { compound: 1, solvent: 3, sideband: 2, ..Default::default() };
        assert_eq!(peaks(counts), "1 peak (and 3 solvent, 2 sideband)");
        assert_eq!(peaks(PeakCounts { compound: 16, ..Default::default() }), "16 peaks");
    }

    #[test]
    fn text_from_headers_cannot_drive_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\nc"), "a [2Jb c");
    }
}
