//! Many queries as JSON lines: one answer a query, in order, whatever is wrong with others.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::thread;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde_json::Value;

use super::{Setting, named, peak_list, report};
use larmor_chemistry::Formula;
use larmor_command_line::CommandError;
use larmor_command_line::output;
use larmor_elucidation::{CandidatePool, ObservedMultiplet, ObservedPeak, Query};
use larmor_nmr::structure::ProposedStructure;

/// Queries read ahead, so that their candidates are predicted together.
const QUERIES: usize = 256;
/// Candidates read ahead, at most.
const CANDIDATES: usize = 40_000;
/// Longest line taken, in bytes.
const LINE_BYTES: u64 = 256 << 20;
/// Threads that elucidate.
const THREADS: usize = 2;
/// Canonicalisation recurses with the length of a chain.
const STACK_BYTES: usize = 64 << 20;

/// A query as its line holds it.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    c13: Option<Vec<Value>>,
    #[serde(default)]
    h1: Option<Vec<Value>>,
    #[serde(default)]
    formula: Option<String>,
    #[serde(default)]
    candidates: Option<Vec<String>>,
}

/// `[ppm, "D"]`, `[ppm, null]`, `[ppm]` or `ppm`; for 1H also `[ppm, "q", hydrogens]`,
/// `[ppm, "q", [Hz]]` and `[ppm, "q", [Hz], hydrogens]`.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenPeak {
    Bare(f64),
    Single((f64,)),
    Pair((f64, Option<String>)),
    Triple((f64, Option<String>, Option<f64>)),
    Coupled((f64, Option<String>, Vec<f64>)),
    Full((f64, Option<String>, Option<Vec<f64>>, Option<f64>)),
}

/// A peak as written: shift, word behind it, couplings in Hz, hydrogens.
type Words = (f64, Option<String>, Vec<f64>, Option<f64>);

/// One line of the file.
struct BatchQuery {
    id: Value,
    query: Result<(Query, Option<Vec<ProposedStructure>>), String>,
}

/// Answers every query of a file.
pub(super) fn run(
    path: &Path,
    setting: &Setting,
    formula: Option<&Formula>,
) -> Result<(), CommandError> {
    let at = |cause: io::Error| format!("{}: {cause}", path.display());
    let mut input = open(path).map_err(at)?;
    let mut output = BufWriter::new(output());
    let mut number = 0;
    loop {
        let (queries, ended) = read_ahead(&mut input, formula, &mut number).map_err(at)?;
        for answer in answer(&queries, setting)? {
            writeln!(output, "{answer}")?;
        }
        output.flush()?;
        if ended {
            return Ok(());
        }
    }
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path)?;
    Ok(if path.extension().is_some_and(|extension| extension == "gz") {
        Box::new(BufReader::new(MultiGzDecoder::new(file)))
    } else {
        Box::new(BufReader::new(file))
    })
}

/// The next queries, and whether the file has ended.
fn read_ahead(
    input: &mut dyn BufRead,
    formula: Option<&Formula>,
    number: &mut u64,
) -> io::Result<(Vec<BatchQuery>, bool)> {
    let (mut queries, mut candidates) = (Vec::new(), 0);
    while queries.len() < QUERIES && candidates < CANDIDATES {
        let mut line = Vec::new();
        if (&mut *input).take(LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok((queries, true));
        }
        *number += 1;
        if line.len() as u64 == LINE_BYTES && line.last() != Some(&b'\n') {
            return Err(io::Error::other(format!("a line of more than {LINE_BYTES} bytes")));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let mut asked = parse(&line, formula);
        asked.query = asked.query.map_err(|reason| format!("line {number}: {reason}"));
        if let Ok((_, Some(given))) = &asked.query {
            candidates += given.len();
        }
        queries.push(asked);
    }
    Ok((queries, false))
}

fn parse(line: &[u8], formula: Option<&Formula>) -> BatchQuery {
    let value: Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(error) => {
            // Its own line number is always 1.
            let reason = error.to_string().replace(" at line 1 column", " at column");
            return BatchQuery { id: lenient_id(line), query: Err(format!("not JSON: {reason}")) };
        }
    };
    let id = value.get("id").cloned().unwrap_or(Value::Null);
    BatchQuery { id, query: understand(value, formula) }
}

/// The id of a line that is not JSON, where it can be made out.
fn lenient_id(line: &[u8]) -> Value {
    const KEY: &[u8] = b"\"id\"";
    let found = line.windows(KEY.len()).position(|window| window == KEY);
    found
        .and_then(|at| line[at + KEY.len()..].trim_ascii_start().strip_prefix(b":"))
        .and_then(|rest| serde_json::Deserializer::from_slice(rest).into_iter().next()?.ok())
        .filter(|id: &Value| id.is_string() || id.is_number())
        .unwrap_or(Value::Null)
}

fn understand(
    value: Value,
    formula: Option<&Formula>,
) -> Result<(Query, Option<Vec<ProposedStructure>>), String> {
    if !value.is_object() {
        return Err("a query is a JSON object".to_owned());
    }
    let line: Line = serde_json::from_value(value)
        .map_err(|error| format!("not a query (expected c13, h1, formula, candidates): {error}"))?;
    let stated = line.formula.map(|text| text.parse::<Formula>()).transpose();
    let query = Query {
        c13: carbons(line.c13)?,
        h1: protons(line.h1)?,
        formula: stated.map_err(|error| error.to_string())?.or_else(|| formula.cloned()),
        ..Query::default()
    };
    let candidates =
        line.candidates.map(|all| all.iter().map(|text| ProposedStructure::smiles(text)).collect());
    Ok((query, candidates))
}

fn carbons(written: Option<Vec<Value>>) -> Result<Vec<ObservedPeak>, String> {
    let peak = |(ppm, word, ..): Words| {
        // Unclear multiplicities are written in many ways: no information.
        ObservedPeak::carbon(ppm, word.as_deref().and_then(peak_list::multiplicity))
    };
    Ok(read_peaks("c13", written)?.into_iter().map(peak).collect())
}

/// An entry with a pattern, couplings or an integral is a multiplet, any other one a line.
fn protons(written: Option<Vec<Value>>) -> Result<Vec<ObservedPeak>, String> {
    let peak = |(ppm, word, couplings, hydrogens): Words| {
        if word.is_none() && couplings.is_empty() && hydrogens.is_none() {
            return ObservedPeak::proton_line(ppm);
        }
        let multiplet = ObservedMultiplet::new(hydrogens.filter(|h| *h > 0.0))
            .split(word.as_deref().unwrap_or_default(), &couplings);
        ObservedPeak::of_multiplet(ppm, multiplet)
    };
    Ok(read_peaks("h1", written)?.into_iter().map(peak).collect())
}

fn read_peaks(list: &str, written: Option<Vec<Value>>) -> Result<Vec<Words>, String> {
    written
        .into_iter()
        .flatten()
        .map(|value| {
            let peak = WrittenPeak::deserialize(&value).map_err(|_| {
                let shown: String = value.to_string().chars().take(60).collect();
                format!("{list}: {shown} is no peak: expected [ppm, \"D\"], [ppm, null] or ppm")
            })?;
            let (ppm, word, couplings, hydrogens) = match peak {
                WrittenPeak::Bare(ppm) | WrittenPeak::Single((ppm,)) => (ppm, None, None, None),
                WrittenPeak::Pair((ppm, word)) => (ppm, word, None, None),
                WrittenPeak::Triple((ppm, word, hydrogens)) => (ppm, word, None, hydrogens),
                WrittenPeak::Coupled((ppm, word, couplings)) => (ppm, word, Some(couplings), None),
                WrittenPeak::Full(all) => all,
            };
            let word = word.map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
            Ok((ppm, word, couplings.unwrap_or_default(), hydrogens))
        })
        .collect()
}

/// Answers in the order of the queries.
fn answer(queries: &[BatchQuery], setting: &Setting) -> Result<Vec<String>, CommandError> {
    let named: Vec<ProposedStructure> = queries
        .iter()
        .filter_map(|asked| asked.query.as_ref().ok())
        .filter_map(|(_, candidates)| candidates.as_ref())
        .flatten()
        .cloned()
        .collect();
    setting.elucidator.predict_ahead(&named)?;
    let share = queries.len().div_ceil(THREADS).max(1);
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for part in queries.chunks(share) {
            let worker =
                thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, move || {
                    part.iter().map(|asked| answer_one(asked, setting)).collect::<Vec<String>>()
                })?;
            workers.push(worker);
        }
        let mut answers = Vec::with_capacity(queries.len());
        for worker in workers {
            answers.extend(worker.join().map_err(|_| "a judging thread ended early")?);
        }
        Ok(answers)
    })
}

fn answer_one(asked: &BatchQuery, setting: &Setting) -> String {
    let outcome = asked.query.as_ref().map_err(Clone::clone).and_then(|(query, candidates)| {
        let pool = match candidates {
            Some(candidates) => CandidatePool { candidates, libraries: false, ..setting.pool() },
            None if setting.has_candidates() => setting.pool(),
            None => return Err("no candidates in the query, and no library named".to_owned()),
        };
        let elucidation = setting
            .elucidator
            .elucidate_among(query, &pool, &setting.options)
            .map_err(|error| error.to_string())?;
        if let Some(candidates) = candidates {
            // Reading all of them a second time costs as much as scoring them.
            let texts: HashSet<&str> = candidates.iter().map(|one| one.text.as_str()).collect();
            let named = u64::try_from(texts.len() + pool.proposed.len()).unwrap_or(u64::MAX);
            if elucidation.considered < named {
                named::check("candidate", candidates)?;
            }
        }
        Ok(elucidation)
    });
    let written = outcome.and_then(|elucidation| {
        report::json("id", &asked.id, &elucidation).map_err(|error| error.to_string())
    });
    written.unwrap_or_else(|error| report::json_error("id", &asked.id, &error))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_nmr::spectrum::Multiplicity;

    #[test]
    fn a_query_is_read_as_documented() {
        let asked = parse(
            br#"{"id":"q1","c13":[[14.1,"Q"],[60.4,null],[171.0,""],22],"h1":[[1.26,null],[4.1,"q",2],[7.2,"br d",[8.4],1],
                [6.9,"t",[7.5]]],
                "formula":"C4H8O2","candidates":["CCOC(C)=O"]}"#,
            None,
        );
        let (query, candidates) = asked.query.unwrap();
        assert_eq!(asked.id, "q1");
        assert_eq!(query.c13.len(), 4);
        assert_eq!(query.c13[0].multiplicity, Some(Multiplicity::Q));
        let quartet = ObservedMultiplet::new(Some(2.0)).split("q", &[]);
        let doublet = ObservedMultiplet::new(Some(1.0)).split("br d", &[8.4]);
        let expected = [
            ObservedPeak::proton_line(1.26),
            ObservedPeak::of_multiplet(4.1, quartet),
            ObservedPeak::of_multiplet(7.2, doublet),
            ObservedPeak::of_multiplet(6.9, ObservedMultiplet::new(None).split("t", &[7.5])),
        ];
        assert_eq!(query.h1, expected);
        assert_eq!(query.formula.unwrap().to_string(), "C4H8O2");
        assert_eq!(candidates.unwrap()[0].text, "CCOC(C)=O");
    }

    #[test]
    fn a_bad_query_keeps_its_id() {
        for line in [
            r#"{"id":7,"c13":"x"}"#,
            r#"{"id":7,"c13":[[1.0,"D"]],"formula":"??"}"#,
            r#"{"id":7,"c13":[[null,"D"]]}"#,
        ] {
            let asked = parse(line.as_bytes(), None);
            assert_eq!(asked.id, 7);
            assert!(asked.query.is_err(), "{line}");
        }
        for line in [r#"{"id":7,"c13":[NaN]}"#, r#"{"c13":[1e999],"id" : 7}"#] {
            let asked = parse(line.as_bytes(), None);
            assert_eq!(asked.id, 7, "{line}");
            assert!(asked.query.is_err_and(|told| told.starts_with("not JSON")), "{line}");
        }
        let told = parse(br#"{"c13":[[1.0,2]]}"#, None).query.unwrap_err();
        assert!(told.contains("c13: [1.0,2] is no peak"), "{told}");
        let (query, _) = parse(br#"{"c13":null,"h1":null}"#, None).query.unwrap();
        assert!(query.c13.is_empty() && query.h1.is_empty());
        assert!(parse(b"{", None).query.is_err());
        assert!(parse(b"[1]", None).query.is_err());
    }
}
