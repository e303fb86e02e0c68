//! Structures that somebody expects a sample to be, as they are written.

use serde::{Deserialize, Serialize};

use crate::name::names;

/// How a structure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StructureFormat {
    /// A SMILES string.
    Smiles,
    /// An MDL molblock.
    Molblock,
}

names!(StructureFormat, "way to write a structure", {
    Smiles => "smiles",
    Molblock => "molblock",
});

/// A structure that somebody expects a sample to be. It has been read from a file or a message,
/// and nothing has checked yet that it is a molecule.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProposedStructure {
    /// SMILES or molblock.
    pub text: String,
    /// Which of them.
    pub format: StructureFormat,
    /// Name or identifier, where it has one.
    pub name: Option<String>,
}

impl ProposedStructure {
    /// A SMILES without a name.
    ///
    /// ```
    /// use larmor_nmr::structure::{ProposedStructure, StructureFormat};
    ///
    /// let ethanol = ProposedStructure::smiles("CCO");
    /// assert_eq!((ethanol.format, ethanol.name), (StructureFormat::Smiles, None));
    /// ```
    #[must_use]
    pub fn smiles(text: &str) -> Self {
        Self { text: text.to_owned(), format: StructureFormat::Smiles, name: None }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_read_as_it_is_written() {
        for format in [StructureFormat::Smiles, StructureFormat::Molblock] {
            assert_eq!(format.to_string().parse(), Ok(format));
            let json = serde_json::to_string(&format).unwrap();
            assert_eq!(json, format!("\"{format}\""));
            assert_eq!(serde_json::from_str::<StructureFormat>(&json).unwrap(), format);
        }
        assert!("SMILES".parse::<StructureFormat>().is_err());
    }
}
