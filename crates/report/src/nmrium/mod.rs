//! A sample as a file of NMRium (nmrium.org), which shows spectra, structures and what was assigned
//! in a browser: its state as JSON, points included.

mod rounding;
mod signals;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use larmor_chemistry::{Molecule, MoleculeError, mol_block};
use larmor_nmr::fid::Experiment;
use larmor_nmr::trace::Trace;

use crate::labels::labels;
use crate::{ReportedSpectrum, SampleReport};
use rounding::Rounding;

/// Version of the format: the first whose spectra and molecules are as today's, so that versions of
/// the program from then on open it and bring it up to date (`@zakodium/nmrium-core`: 22 as of 2026).
const VERSION: u32 = 15;

/// Why a sample cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum NmriumError {
    /// There is nothing to show.
    #[error("no spectrum of the sample has its points: process its acquisitions again")]
    NoPoints,
    /// Its structure cannot be written.
    #[error("the structure of the sample: {0}")]
    Structure(#[from] MoleculeError),
    /// JSON could not be made of it.
    #[error("the sample as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Writes the spectra whose points were kept: shifts in ppm, heights relative to the tallest compound
/// peak, peaks, ranges with their signals, and the structure. Signals of the structure are labelled by
/// the atoms that show them (`C3`, `H3`, counted from 1 in the mol block); links that NMRium itself
/// makes between signals and atoms need its own atom identifiers and are not written.
///
/// # Errors
/// [`NmriumError`] where no spectrum has points, or the structure cannot be read.
pub fn nmrium(report: &SampleReport) -> Result<String, NmriumError> {
    let labels = match &report.structure {
        Some(one) => labels(&Molecule::graph_only(&one.smiles)?, &one.assignments),
        None => Vec::new(),
    };
    let spectra: Vec<Value> = report
        .spectra
        .iter()
        .enumerate()
        .filter_map(|(place, spectrum)| {
            let trace = spectrum.trace.as_ref().filter(|trace| is_shown(trace))?;
            let id = format!("spectrum-{}", place + 1);
            Some(json!({
                "id": id,
                "info": info(&report.sample, spectrum, trace),
                "data": data(trace),
                "peaks": {"values": signals::peaks(spectrum, &id), "options": {}},
                "ranges": signals::ranges(spectrum, &id, &labels),
                "meta": {},
                "filters": [],
            }))
        })
        .collect();
    if spectra.is_empty() {
        return Err(NmriumError::NoPoints);
    }
    let mut molecules = Vec::new();
    if let Some(structure) = &report.structure {
        let label = structure.name.as_deref().unwrap_or(&structure.formula);
        let molfile = mol_block(&structure.smiles)?;
        molecules.push(json!({"id": "molecule-1", "label": label, "molfile": molfile}));
    }
    let state = json!({
        "version": VERSION,
        "data": {"spectra": spectra, "molecules": molecules, "sources": []},
        "plugins": {},
    });
    Ok(serde_json::to_string(&state)?)
}

/// JSON has no number for anything else.
fn is_shown(trace: &Trace) -> bool {
    !trace.is_empty()
        && trace.first_ppm().is_finite()
        && trace.step_ppm().is_finite()
        && trace.step_ppm() > 0.0
}

fn info(sample: &str, spectrum: &ReportedSpectrum, trace: &Trace) -> Value {
    let nucleus = spectrum.nucleus.to_string();
    let experiment = match spectrum.experiment {
        Experiment::Plain => "1d".to_owned(),
        other => other.to_string(),
    };
    let mut info = json!({
        "name": format!("{sample} {nucleus} {experiment}"),
        "title": sample,
        "nucleus": nucleus,
        "dimension": 1,
        "isFt": true,
        "isFid": false,
        "isComplex": false,
        "type": "NMR SPECTRUM",
        "experiment": experiment,
        "originFrequency": spectrum.frequency_mhz,
        "baseFrequency": spectrum.frequency_mhz,
        "spectralWidth": trace.step_ppm() * trace.len() as f64,
        "numberOfPoints": trace.len(),
        "spectrumSize": trace.len(),
        "solvent": spectrum.solvent.as_deref().unwrap_or_default(),
    });
    if let Some(time) = spectrum.acquired_at {
        info["date"] = json!(time.to_rfc3339());
    }
    info
}

/// Every point. What is left of a shift is well within a step, and of a height within the noise.
fn data(trace: &Trace) -> Value {
    let (shift, height) = (Rounding::to(trace.step_ppm() / 1e3), Rounding::to(trace.unit() / 10.0));
    let first = trace.first_ppm();
    let x: Vec<f64> = (0..trace.len())
        .map(|place| shift.rounded(first + place as f64 * trace.step_ppm()))
        .collect();
    let re: Vec<f64> = trace.heights().map(|one| height.rounded(one.into())).collect();
    json!({"x": x, "re": re, "im": null})
}
