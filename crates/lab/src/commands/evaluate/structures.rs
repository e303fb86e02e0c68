//! Structures out of a file.

use std::path::Path;

use larmor_command_line::CommandError;
use larmor_elucidation::library::StructureReader;
use larmor_lab::data::Dropped;
use larmor_nmr::structure::StructureFormat;

/// The first structures of a file that are SMILES, and what was left out up to there.
pub(super) fn read_smiles(
    path: &Path,
    most: usize,
) -> Result<(Vec<String>, Dropped), CommandError> {
    let (mut smiles, mut dropped) = (Vec::new(), Dropped::default());
    for structure in StructureReader::open(path)? {
        let structure = structure?;
        match structure.text {
            Ok(text) if structure.format == StructureFormat::Smiles => smiles.push(text),
            Ok(_) => dropped.count("that are no SMILES"),
            Err(_) => dropped.count("without a structure"),
        }
        if smiles.len() >= most {
            break;
        }
    }
    Ok((smiles, dropped))
}
