//! An elucidation for machines and for people.

use std::io::{self, Write};

use serde_json::Value;

use larmor_command_line::CommandError;
use larmor_nmr::elucidation::{Elucidation, Verdict};

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
    let verdict = match elucidation.verdict {
        Verdict::Consistent => "consistent",
        Verdict::Inconsistent => "inconsistent",
        Verdict::Inconclusive => "inconclusive",
    };
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
    let Some(best) = elucidation.candidates.first() else { return Ok(()) };
    writeln!(
        out,
        "  assignments of rank {}: atom, nucleus, ppm, predicted, probability",
        best.rank
    )?;
    for a in &best.assignments {
        writeln!(
            out,
            "  {:>4}  {:<3}  {:>8.2}  {:>8.2}  {:>5.2}",
            a.atom, a.nucleus, a.ppm, a.predicted_ppm, a.probability
        )?;
    }
    Ok(())
}
