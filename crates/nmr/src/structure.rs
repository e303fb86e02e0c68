//! Structures that somebody expects a sample to be, as they are written.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a structure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StructureFormat {
    /// A SMILES string.
    Smiles,
    /// An MDL molblock.
    Molblock,
}

impl StructureFormat {
    /// Name in lower case, as it stands in files and databases: it never changes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Smiles => "smiles",
            Self::Molblock => "molblock",
        }
    }
}

impl fmt::Display for StructureFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no way to write a structure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no way to write a structure")]
pub struct UnknownStructureFormat(String);

impl FromStr for StructureFormat {
    type Err = UnknownStructureFormat;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "smiles" => Ok(Self::Smiles),
            "molblock" => Ok(Self::Molblock),
            _ => Err(UnknownStructureFormat(text.to_owned())),
        }
    }
}

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
