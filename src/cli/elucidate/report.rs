//! An elucidation for machines and for people.

use std::io::{self, Write};

use serde_json::Value;

use crate::cli::judgement;
use larmor_command_line::CommandError;
use larmor_nmr::elucidation::{Candidate, Elucidation};

/// One line of JSON: the query's identity, then the elucidation.
pub(super) fn json(
    key: &str,
    identity: &Value,
    elucidation: &Elucidation,
) -> Result<String, CommandError> {
    // Written by hand around the struct's own text, so that the identity comes first.
    let body = serde_json::to_string(elucidation)?;
    let rest = body.strip_prefix('{').unwrap_or(&body);
    Ok(format!("{{{}:{identity},{rest}", Value::from(key)))
}

/// One line of JSON for a query that could not be judged.
pub(super) fn json_error(key: &str, identity: &Value, error: &str) -> String {
    format!("{{{}:{identity},\"error\":{}}}", Value::from(key), Value::from(error))
}

pub(super) fn print(
    out: &mut dyn Write,
    identity: &str,
    elucidation: &Elucidation,
) -> io::Result<()> {
    let verdict = judgement::verdict(elucidation.verdict.name(), elucidation.verdict_probability);
    writeln!(out, "{identity}: {verdict} ({} candidates considered)", elucidation.considered)?;
    for reason in &elucidation.reasons {
        writeln!(out, "  {reason}")?;
    }
    writeln!(out, "  rank  probability     score  structure")?;
    for candidate in &elucidation.candidates {
        writeln!(
            out,
            "  {:>4}  {:>11.3}  {:>8.1}  {}  {}  {}",
            candidate.rank,
            candidate.probability,
            candidate.score,
            candidate.smiles,
            candidate.name.as_deref().unwrap_or("-"),
            candidate.source,
        )?;
    }
    if let Some(best) = elucidation.candidates.first() {
        assignments(out, best)?;
    }
    components(out, elucidation)
}

fn assignments(out: &mut dyn Write, best: &Candidate) -> io::Result<()> {
    if best.assignments.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "  assignments of rank {}: atom, nucleus, ppm, predicted, probability",
        best.rank
    )?;
    if !best.parts.is_empty() {
        let parts = best.parts.iter().map(|(name, value)| (name.as_str(), *value));
        writeln!(out, "  parts: {}", judgement::parts(parts))?;
    }
    for a in &best.assignments {
        writeln!(
            out,
            "  {:>4}  {:<3}  {:>8.2}  {:>8.2}  {:>5.2}",
            a.atom, a.nucleus, a.ppm, a.predicted_ppm, a.probability
        )?;
    }
    Ok(())
}

/// What is in the tube, and what none of that explains.
fn components(out: &mut dyn Write, elucidation: &Elucidation) -> io::Result<()> {
    if !elucidation.components.is_empty() {
        writeln!(out, "  components: mol-%, name")?;
    }
    for component in &elucidation.components {
        let share = judgement::share(component.mol_percent, component.mol_percent_error);
        let judged = if component.judged { "  (judged)" } else { "" };
        writeln!(out, "  {share:<12}  {}{judged}", component.name)?;
    }
    if elucidation.unexplained.is_empty() {
        return Ok(());
    }
    let signals = elucidation.unexplained.iter();
    let signals =
        signals.map(|one| judgement::signal(&one.nucleus.to_string(), one.ppm, one.hydrogens));
    writeln!(out, "  unexplained: {}", signals.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_fixtures::acquisition;
    use larmor_nmr::elucidation::Verdict;

    fn printed(elucidation: &Elucidation) -> String {
        let mut out = Vec::new();
        print(&mut out, "a", elucidation).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn people_read_what_is_in_the_tube() {
        let candidate = acquisition::candidate(1, "CCO", "proposed");
        let mut judged = acquisition::elucidation(vec![candidate]).elucidation;
        let told = printed(&judged);
        assert!(told.starts_with("a: consistent (0.97) (1 candidates considered)\n"), "{told}");
        let expected = "  components: mol-%, name\n   96.5 ± 0.4   CCO  (judged)\n    3.5 ± 0.4   \
                        acetone\n      -         benzene\n  unexplained: 13C 29.7, 1H 1.26 (0.2 \
                        H)\n";
        assert!(told.ends_with(expected), "{told}");
        judged.verdict = Verdict::NoneFits;
        judged.verdict_probability = None;
        judged.components.clear();
        judged.unexplained.clear();
        judged.candidates[0].assignments.clear();
        let told = printed(&judged);
        assert!(told.starts_with("a: none fits (1 candidates considered)\n"), "{told}");
        for absent in ["components", "unexplained", "assignments"] {
            assert!(!told.contains(absent), "{told}");
        }
    }
}
