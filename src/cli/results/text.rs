//! Results as a person reads them.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use prost_types::Timestamp;

use crate::cli::judgement;
use larmor_client::proto::event::Body;
use larmor_client::proto::{
    Candidate, Component, Elucidated, Elucidation, ElucidationSummary, Event, Moved, PeakClass,
    PeakCounts, Processed, RevisionChange, Spectrum, SpectrumUsed, UnexplainedSignal, Verdict,
};

/// Candidates shown of a ranking.
const TOP: usize = 10;

/// An event: one line, and tables below it for a judgement.
pub(in crate::cli) fn event(event: &Event) -> String {
    let place = format!("{}/{}", event.group, event.sample);
    let mut out =
        format!("{}  {}  {}  ", clock(event.occurred_time), event.instrument, clean(&place));
    // Writing to a string cannot fail.
    let _ = match &event.body {
        Some(Body::Discovered(reported)) => {
            let what = [reported.nucleus.as_str(), &reported.experiment, &reported.title].join(" ");
            let state = reported.state();
            let path = clean(&event.path);
            let what = clean(what.trim());
            writeln!(out, "discovered  {what}  {path}  ({state}: {})", clean(&reported.reason))
        }
        Some(Body::Incomplete(reported)) => {
            writeln!(out, "incomplete  {}", clean(&reported.reason))
        }
        Some(Body::Skipped(reported)) => writeln!(out, "skipped  {}", clean(&reported.reason)),
        Some(Body::Failed(reported)) => writeln!(
            out,
            "failed  {} (after {} {})",
            clean(&reported.reason),
            reported.attempts,
            if reported.attempts == 1 { "attempt" } else { "attempts" }
        ),
        Some(Body::Vanished(reported)) => writeln!(out, "vanished  {}", clean(&reported.reason)),
        Some(Body::Superseded(reported)) => {
            writeln!(out, "superseded  {}", clean(&reported.reason))
        }
        Some(Body::Moved(reported)) => writeln!(out, "{}", moved(reported)),
        Some(Body::Processed(reported)) => writeln!(out, "processed  {}", processed(reported)),
        Some(Body::Elucidated(reported)) => write!(out, "{}", elucidated(reported)),
        None => writeln!(out, "something this version does not know"),
    };
    out
}

fn moved(reported: &Moved) -> String {
    let place = format!("{}/{}", reported.former_group, reported.former_sample);
    match reported.left_group {
        true => "moved  to another group".to_owned(),
        false => format!("moved  from {} ({})", clean(&place), clean(&reported.former_path)),
    }
}

fn processed(reported: &Processed) -> String {
    let taken = reported.timings.unwrap_or_default();
    let mut what = format!("{} {}", clean(&reported.nucleus), clean(&reported.experiment));
    if !reported.solvent.is_empty() {
        what.push_str(" in ");
        what.push_str(&clean(&reported.solvent));
    }
    let peaks = peaks(reported.peaks.unwrap_or_default());
    let mut said = format!("{what}: {peaks}");
    match reported.multiplets {
        0 => {}
        1 => said.push_str(", 1 multiplet"),
        many => said.push_str(&format!(", {many} multiplets")),
    }
    if let Some(score) = reported.quality {
        said.push_str(&format!(", quality {score:.2}"));
    }
    said.push_str(&format!("  [{:.0} ms]", taken.read_ms + taken.process_ms));
    if !reported.unjudged.is_empty() {
        said.push_str(&format!("  not ranked: {}", clean(&reported.unjudged)));
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

fn elucidated(reported: &Elucidated) -> String {
    let taken = reported.timings.unwrap_or_default();
    let mut out = format!(
        "ranked  {} of {} considered, {}  [{:.0} ms]  result {}\n",
        reported.candidates.len().min(TOP),
        reported.considered,
        verdict(reported.verdict(), reported.verdict_probability, &reported.reasons),
        taken.elucidate_ms,
        reported.elucidation_id
    );
    if let Some(change) = &reported.change {
        out.push_str(&changed(reported.revision, change));
    }
    out.push_str(&ranking(&reported.candidates));
    out.push_str(&components(&reported.components));
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
        judgement::verdict(&change.verdict().to_string(), None)
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
        verdict(result.verdict(), result.verdict_probability, &result.reasons)
    );
    out.push_str(&ranking(&result.candidates));
    out.push_str(&components(&result.components));
    out.push_str(&unexplained(&result.unexplained));
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
            line.push_str(&format!("  {}", multiplet.peak_class()));
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
        "{}  {}  {}/{}  r{}  {:<19}  {best}",
        result.id,
        rfc3339(result.create_time),
        clean(&result.group),
        clean(&result.sample),
        result.revision,
        judgement::verdict(&result.verdict().to_string(), result.verdict_probability)
    )
}

fn verdict(verdict: Verdict, probability: Option<f64>, reasons: &[String]) -> String {
    let mut said = judgement::verdict(&verdict.to_string(), probability);
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
    if !ranked.parts.is_empty() {
        let parts = ranked.parts.iter().map(|(name, value)| (name.as_str(), *value));
        let _ = writeln!(out, "    parts     {}", clean(&judgement::parts(parts)));
    }
    out.push_str("    atom  nucleus  observed  predicted  probability\n");
    for assignment in &ranked.assignments {
        let _ = writeln!(
            out,
            "    {:>4}  {:<7}  {:>8.2}  {:>9.2}  {:>11.3}",
            assignment.atom,
            clean(&assignment.nucleus),
            assignment.observed_ppm,
            assignment.predicted_ppm,
            assignment.probability
        );
    }
    out
}

/// What is in the tube, as a table.
fn components(found: &[Component]) -> String {
    let mut out = String::new();
    if !found.is_empty() {
        out.push_str("    mol-%         component\n");
    }
    for component in found {
        let share = judgement::share(component.mol_percent, component.mol_percent_error);
        let judged = if component.judged { "  (judged)" } else { "" };
        let _ = writeln!(out, "    {share:<12}  {}{judged}", clean(&component.name));
    }
    out
}

/// Signals that no component explains, one line.
fn unexplained(signals: &[UnexplainedSignal]) -> String {
    if signals.is_empty() {
        return String::new();
    }
    let signals: Vec<String> = signals
        .iter()
        .map(|one| judgement::signal(&clean(&one.nucleus), one.ppm, one.hydrogens))
        .collect();
    format!("    unexplained: {}\n", signals.join(", "))
}

pub(in crate::cli) fn label(name: &str, smiles: &str) -> String {
    if name.is_empty() { clean(smiles) } else { format!("{} {}", clean(name), clean(smiles)) }
}

/// Text that others wrote, without what could drive a terminal.
pub(in crate::cli) fn clean(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn time(sent: Option<Timestamp>) -> Option<DateTime<Utc>> {
    let sent = sent?;
    DateTime::from_timestamp(sent.seconds, u32::try_from(sent.nanos).ok()?)
}

/// A time with its date, UTC.
pub(in crate::cli) fn rfc3339(sent: Option<Timestamp>) -> String {
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
