//! `larmor-lab evaluate nmredata`: hold one result against an assigned structure.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use larmor_chemistry::Molecule;
use larmor_command_line::CommandError;
use larmor_command_line::output;
use larmor_elucidation::Candidate;
use larmor_lab::evaluation::{AssignedStructure, AtomCheck, check_assignment};

/// Options of `larmor-lab evaluate nmredata`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The assigned structure.
    #[arg(value_name = "TRUTH.sdf")]
    truth: PathBuf,
    /// A result as `larmor elucidate --json` or `larmor results get --json` prints it.
    #[arg(value_name = "RESULT.json")]
    result: PathBuf,
    /// Print one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

pub(super) fn nmredata(arguments: &Arguments) -> Result<(), CommandError> {
    let read =
        |path: &PathBuf| fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    let truth = AssignedStructure::parse(&read(&arguments.truth)?)?;
    let result: Value = serde_json::from_str(&read(&arguments.result)?)
        .map_err(|e| format!("{}: {e}", arguments.result.display()))?;
    let candidates = candidates(&result).ok_or_else(|| format!("{}: no candidates with assignments, as larmor elucidate --json and larmor results get --json print them", arguments.result.display()))?;
    let block = truth.molecule.inchikey_block();
    let Some(found) = candidates.iter().find(|c| c.inchikey.starts_with(block)) else {
        return Err(format!(
            "the true structure ({block}) is not among the {} candidates",
            candidates.len()
        )
        .into());
    };
    let molecule = Molecule::from_smiles(&found.smiles)?;
    let checks = check_assignment(&molecule, &found.assignments_by_smiles(), &truth, 0.0)
        .ok_or("the candidate and the truth are different constitutions")?;
    if arguments.json {
        writeln!(output(), "{}", as_json(found, &checks))?;
    } else {
        print(found, &checks)?;
    }
    Ok(())
}

/// Candidates of a result, at its top or below `elucidation`.
fn candidates(result: &Value) -> Option<Vec<Candidate>> {
    let list = result.get("candidates").or_else(|| result.pointer("/elucidation/candidates"))?;
    serde_json::from_value(list.clone()).ok()
}

fn right(checks: &[AtomCheck]) -> usize {
    checks.iter().filter(|check| check.right).count()
}

fn as_json(found: &Candidate, checks: &[AtomCheck]) -> Value {
    let atoms: Vec<Value> = checks
        .iter()
        .map(|c| {
            json!({"atom": c.atom, "observed_ppm": c.observed, "predicted_ppm": c.predicted,
                "probability": c.probability, "true_ppm": c.truth, "right": c.right})
        })
        .collect();
    json!({"rank": found.rank, "smiles": found.smiles, "right": right(checks), "total": checks.len(), "atoms": atoms})
}

fn print(found: &Candidate, checks: &[AtomCheck]) -> io::Result<()> {
    let mut out = output();
    writeln!(
        out,
        "true structure: rank {}, {}",
        found.rank,
        found.name.as_deref().unwrap_or(&found.smiles)
    )?;
    writeln!(
        out,
        "{:>6} {:>10} {:>10} {:>12} {:>10}",
        "atom", "observed", "predicted", "probability", "true"
    )?;
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |v| format!("{v:.2}"));
    for check in checks {
        writeln!(
            out,
            "{:>6} {:>10} {:>10} {:>12} {:>10.2}  {}",
            format!("C{}", check.atom),
            number(check.observed),
            number(check.predicted),
            number(check.probability),
            check.truth,
            if check.right { "right" } else { "WRONG" }
        )?;
    }
    writeln!(out, "{} of {} carbons right", right(checks), checks.len())?;
    out.flush()
}
