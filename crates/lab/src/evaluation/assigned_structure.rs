//! Assigned structures as `NMReDATA` files hold them: a mol block and an `NMREDATA_ASSIGNMENT`
//! field with lines `label, ppm, atoms`, atoms counted from 1 (`H7` are the hydrogens on atom 7).
//! Format: NMReDATA initiative, version 1.1.

use larmor_chemistry::{Molecule, MoleculeError};

/// Why a file gives no assigned structure.
#[derive(Debug, thiserror::Error)]
pub enum NmredataError {
    /// The structure cannot be used.
    #[error("structure of the NMReDATA record: {0}")]
    Structure(#[from] MoleculeError),
    /// No assignment in it.
    #[error("no NMREDATA_ASSIGNMENT field in the record")]
    NoAssignment,
}

/// A structure with measured shifts.
#[derive(Debug, Clone)]
pub struct AssignedStructure {
    /// The molecule.
    pub molecule: Molecule,
    /// 13C shift of each heavy atom in ppm, where the record has one.
    pub c13: Vec<Option<f64>>,
    /// 1H shifts of the hydrogens on each heavy atom, ppm.
    pub h1: Vec<Vec<f64>>,
}

impl AssignedStructure {
    /// Reads the first record of an NMReDATA file.
    ///
    /// # Errors
    /// [`NmredataError`] when structure or assignment are missing or cannot be read.
    pub fn parse(text: &str) -> Result<Self, NmredataError> {
        let molecule = Molecule::from_molblock(text)?;
        let field = field(text, "NMREDATA_ASSIGNMENT").ok_or(NmredataError::NoAssignment)?;
        let heavy = molecule.graph.len();
        let (mut c13, mut h1) = (vec![None; heavy], vec![Vec::new(); heavy]);
        for line in field {
            let mut words = line.trim_end_matches('\\').split(',').map(str::trim);
            let (Some(_label), Some(Ok(ppm))) = (words.next(), words.next().map(str::parse::<f64>))
            else {
                continue;
            };
            for word in words {
                let (hydrogens, number) = match word.strip_prefix('H') {
                    Some(number) => (true, number),
                    None => (false, word),
                };
                let source = number.parse::<u32>().ok().and_then(|n| n.checked_sub(1));
                let Some(atom) = source.and_then(|s| molecule.source.iter().position(|&a| a == s))
                else {
                    continue;
                };
                if hydrogens {
                    h1[atom].push(ppm);
                } else if molecule.graph.element[atom] == 6 {
                    c13[atom] = Some(ppm);
                }
            }
        }
        Ok(Self { molecule, c13, h1 })
    }
}

/// Lines of an SDF data field.
fn field<'a>(text: &'a str, name: &str) -> Option<impl Iterator<Item = &'a str>> {
    let tag = format!("<{name}>");
    let mut lines = text.lines();
    lines.by_ref().find(|line| line.starts_with('>') && line.contains(&tag))?;
    Some(lines.take_while(|line| !line.trim().is_empty() && !line.starts_with('>')))
}
