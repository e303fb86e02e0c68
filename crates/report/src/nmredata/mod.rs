//! A sample as a record of NMReDATA 1.1 (nmredata.org; Pupier and others, Magn. Reson. Chem. 2018, 56,
//! 703): a mol block, the shift of every assigned atom, and the signals of every spectrum.
//!
//! Hydrogens stay implicit, as in the assignments: `H7` are those on atom 7, and which of two
//! hydrogens of a CH2 shows which of two shifts is not claimed.

mod field;
mod signals;
#[cfg(test)]
mod tests;

use larmor_chemistry::{Molecule, MoleculeError, inchi, mol_block};

use crate::labels::{Label, interchangeable, labels};
use crate::{ReportedStructure, SampleReport};
use field::{plain, put};

/// Longest first line of a mol block, letters.
const TITLE: usize = 80;
/// Below this probability an assignment is named as doubtful.
const DOUBTFUL: f64 = 0.8;

/// Why a sample cannot be written.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum NmredataError {
    /// It has no structure.
    #[error("no structure to assign the signals to: propose one, or search for it")]
    NoStructure,
    /// Its structure cannot be written.
    #[error("the structure of the sample: {0}")]
    Structure(#[from] MoleculeError),
}

/// Writes the record, an SD file by itself. `NMREDATA_LEVEL` is 0, or 1 where labels may be
/// interchanged: those of equivalent atoms with shifts of their own, and pairs of doubtful ones whose
/// expected shifts would fit nearly as well the other way round.
///
/// # Errors
/// [`NmredataError`] without a structure, or with one that cannot be read.
pub fn nmredata(report: &SampleReport) -> Result<String, NmredataError> {
    let structure = report.structure.as_ref().ok_or(NmredataError::NoStructure)?;
    let molecule = Molecule::graph_only(&structure.smiles)?;
    let labels = labels(&molecule, &structure.assignments);
    let interchangeable = interchangeable(&labels, DOUBTFUL);

    let title: String = plain(&report.sample).chars().take(TITLE).collect();
    // The first line of a block is its title.
    let mut record = title.trim_end().to_owned() + &mol_block(&structure.smiles)?;
    put("VERSION", ["1.1"], &mut record);
    put("LEVEL", [if interchangeable.is_empty() { "0" } else { "1" }], &mut record);
    put("ID", identity(report, structure, &labels), &mut record);
    if let Some(solvent) = report.spectra.iter().find_map(|one| one.solvent.as_deref()) {
        put("SOLVENT", [plain(solvent)], &mut record);
    }
    put("FORMULA", [plain(&structure.formula)], &mut record);
    // A stroke of the SMILES is none that ends a line.
    field::put_verbatim("SMILES", &structure.smiles, &mut record);
    if let Some(inchi) = inchi(&structure.smiles)? {
        field::put_verbatim("INCHI", &inchi, &mut record);
    }
    let pairs =
        interchangeable.iter().map(|[one, other]| format!("Interchangeable={one}, {other}"));
    put("ASSIGNMENT", labels.iter().map(Label::line).chain(pairs), &mut record);
    for (tag, lines) in signals::tags(&report.spectra, &labels) {
        put(&tag, lines, &mut record);
    }
    record.push_str("$$$$\n");
    Ok(record)
}

fn identity(report: &SampleReport, structure: &ReportedStructure, labels: &[Label]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |key: &str, value: &str| {
        if !value.is_empty() {
            lines.push(format!("{key}={value}"));
        }
    };
    line("Title", &plain(&report.sample));
    line("Name", &plain(structure.name.as_deref().unwrap_or_default()));
    line("InChIKey", &plain(&structure.inchikey));
    line("Software", concat!("Larmor ", env!("CARGO_PKG_VERSION")));
    let doubtful = labels.iter().filter(|label| label.probability < DOUBTFUL);
    let doubtful: Vec<String> =
        doubtful.map(|label| format!("{} {:.2}", label.name, label.probability)).collect();
    if !doubtful.is_empty() {
        line(
            "Comment",
            &format!("Doubtful assignments and their probabilities: {}", doubtful.join(", ")),
        );
    }
    lines
}
