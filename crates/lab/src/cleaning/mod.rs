//! Wrong assignments in a data file: found by what a network and other records expect, and marked so
//! that nobody learns from them.
//!
//! Of atoms whose shifts are exchanged it stays known which shifts they have together: they are marked
//! as uncertain, and training matches them in order of size. A shift that fits no atom stays in the
//! spectrum and loses its atom.

mod environments;
mod suspects;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::data::{Record, ambiguous, place, read_json_lines, replace};
use crate::error::TrainingError;
use environments::{Codes, Environments, codes};
use larmor_chemistry::{MolecularGraph, Molecule};
use larmor_networks::ShiftEnsemble;
use suspects::{Assigned, Expected, Suspicion, suspects};

/// Molecules predicted at a time.
const BATCH: usize = 256;
/// Range of 13C shifts, ppm.
const CARBON_PPM: std::ops::Range<f64> = -50.0..300.0;

/// What was found, by how the assignments of a record came about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaned(BTreeMap<String, Counts>);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    records: u64,
    touched: u64,
    assignments: u64,
    exchanged: u64,
    foreign: u64,
}

impl fmt::Display for Cleaned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (origin, counts) in &self.0 {
            let Counts { records, touched, assignments, exchanged, foreign } = counts;
            writeln!(
                f,
                "{origin}: {exchanged} exchanged and {foreign} foreign of {assignments} assignments, \
                 in {touched} of {records} records"
            )?;
        }
        Ok(())
    }
}

/// A record with its molecule, and where its assigned 13C peaks stand.
struct Read {
    line: Value,
    record: Record,
    molecule: Molecule,
    codes: Vec<Codes>,
    /// Spectrum, peak, atom of the graph and shift.
    peaks: Vec<(usize, usize, usize, f64)>,
}

impl Read {
    fn new(line: Value) -> Option<Self> {
        let record: Record = serde_json::from_value(line.clone()).ok()?;
        let molecule = Molecule::graph_only(&record.smiles).ok()?;
        let mut peaks = Vec::new();
        for (spectrum, of) in record.c13.iter().enumerate() {
            for (at, peak) in of.peaks.iter().enumerate().filter(|(_, peak)| !ambiguous(peak)) {
                let ppm = peak.first().and_then(Value::as_f64).filter(|p| CARBON_PPM.contains(p));
                let source = peak.get(2).and_then(Value::as_u64);
                let atom = source
                    .and_then(|source| place(&molecule, u32::try_from(source).ok()?))
                    .filter(|&atom| molecule.graph.element[atom] == 6);
                if let (Some(ppm), Some(atom)) = (ppm, atom) {
                    peaks.push((spectrum, at, atom, ppm));
                }
            }
        }
        let codes = codes(&molecule.graph);
        Some(Self { line, record, molecule, codes, peaks })
    }

    /// Marks what is suspected in the line.
    fn mark(&mut self, at: usize, suspicion: Suspicion) {
        let (spectrum, place, ..) = self.peaks[at];
        let peak = self.line["c13"][spectrum]["peaks"][place].as_array_mut();
        let Some(peak) = peak else { return };
        match suspicion {
            Suspicion::Exchanged => {
                peak.resize(4, Value::from(0.0));
                peak.push(Value::from(1));
            }
            Suspicion::Foreign => peak[2] = Value::Null,
        }
    }
}

/// Reads a data file, looks for wrong assignments, and writes the same records, gzipped, with these
/// marked. The network should not have learned from the file: it would repeat its mistakes.
///
/// # Errors
/// [`TrainingError`] when a file cannot be read or written, or the network fails.
pub fn clean(data: &Path, net: &ShiftEnsemble, out: &Path) -> Result<Cleaned, TrainingError> {
    let (mut lines, mut environments) = (Vec::new(), Environments::default());
    read_json_lines(data, |line: Value| lines.push(line))?;
    let mut records: Vec<Result<Read, Value>> =
        lines.into_iter().map(|line| Read::new(line.clone()).ok_or(line)).collect();
    for (number, read) in (0_u32..).zip(&records) {
        let Ok(read) = read else { continue };
        for &(_, _, atom, ppm) in &read.peaks {
            environments.note(number, &read.codes[atom], ppm);
        }
    }
    let mut cleaned = Cleaned::default();
    for (batch, chunk) in (0_u32..).zip(records.chunks_mut(BATCH)) {
        let graphs: Vec<MolecularGraph> =
            chunk.iter().flatten().map(|read| read.molecule.graph.clone()).collect();
        let mut predicted = net.predict(&graphs)?.into_iter();
        for (number, read) in (0_u32..).zip(chunk) {
            let Ok(read) = read else { continue };
            let Some(shifts) = predicted.next() else { continue };
            let assigned: Vec<Assigned> = read
                .peaks
                .iter()
                .map(|&(_, _, atom, ppm)| {
                    let network = shifts.c13[atom].map(|shift| Expected {
                        ppm: shift.ppm.into(),
                        scale: f64::from(shift.spread).max(0.5),
                    });
                    let record = batch * BATCH as u32 + number;
                    let others = environments.expected(record, &read.codes[atom]);
                    let hydrogens = read.molecule.graph.hydrogens[atom];
                    Assigned { ppm, hydrogens, experts: vec![network, others] }
                })
                .collect();
            let origin = read.record.map13c.clone().unwrap_or_else(|| "unknown".to_owned());
            let counts = cleaned.0.entry(origin).or_default();
            counts.records += 1;
            counts.assignments += assigned.len() as u64;
            let found = suspects(&assigned);
            counts.touched += u64::from(found.iter().any(Option::is_some));
            for (at, suspicion) in found.into_iter().enumerate() {
                let Some(suspicion) = suspicion else { continue };
                match suspicion {
                    Suspicion::Exchanged => counts.exchanged += 1,
                    Suspicion::Foreign => counts.foreign += 1,
                }
                read.mark(at, suspicion);
            }
        }
    }
    let mut zipped = GzEncoder::new(Vec::new(), Compression::default());
    for record in &records {
        let line = match record {
            Ok(read) => &read.line,
            Err(line) => line,
        };
        writeln!(zipped, "{line}").map_err(TrainingError::file(out))?;
    }
    replace(out, &zipped.finish().map_err(TrainingError::file(out))?)?;
    Ok(cleaned)
}
