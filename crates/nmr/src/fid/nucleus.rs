//! Which nucleus was observed.

use std::fmt;
use std::str::FromStr;

use crate::name::serde_by_name;

/// An observed nucleus.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Nucleus {
    /// 1H.
    Proton,
    /// 13C.
    Carbon,
    /// Any other, as the vendor labels it.
    Other(String),
}

impl fmt::Display for Nucleus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Proton => "1H",
            Self::Carbon => "13C",
            Self::Other(label) => label,
        })
    }
}

impl FromStr for Nucleus {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.trim() {
            "1H" | "H1" | "^1H" | "proton" | "Proton" => Self::Proton,
            "13C" | "C13" | "^13C" | "carbon" | "Carbon" | "Carbon13" => Self::Carbon,
            // JEOL writes names out.
            "Fluorine19" => Self::Other("19F".to_owned()),
            "Phosphorus31" => Self::Other("31P".to_owned()),
            "Nitrogen15" => Self::Other("15N".to_owned()),
            "Silicon29" => Self::Other("29Si".to_owned()),
            "Boron11" => Self::Other("11B".to_owned()),
            "Deuterium" => Self::Other("2H".to_owned()),
            other => Self::Other(other.to_owned()),
        })
    }
}

serde_by_name!(Nucleus);
