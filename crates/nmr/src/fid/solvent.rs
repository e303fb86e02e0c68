//! Deuterated solvents and where their own lines lie.

use std::fmt;
use std::str::FromStr;

use crate::name::{UnknownName, serde_by_name};

/// A solvent whose residual lines are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Solvent {
    /// Chloroform-d.
    Chloroform,
    /// Dimethyl sulfoxide-d6.
    DimethylSulfoxide,
    /// Methanol-d4.
    Methanol,
    /// Deuterium oxide.
    Water,
    /// Acetone-d6.
    Acetone,
    /// Benzene-d6.
    Benzene,
    /// Acetonitrile-d3.
    Acetonitrile,
    /// Pyridine-d5.
    Pyridine,
    /// Dichloromethane-d2.
    Dichloromethane,
    /// Toluene-d8.
    Toluene,
    /// Tetrahydrofuran-d8.
    Tetrahydrofuran,
    /// Dimethylformamide-d7.
    Dimethylformamide,
}

impl Solvent {
    /// Every one, in order of declaration.
    pub const ALL: &'static [Self] = &[
        Self::Chloroform,
        Self::DimethylSulfoxide,
        Self::Methanol,
        Self::Water,
        Self::Acetone,
        Self::Benzene,
        Self::Acetonitrile,
        Self::Pyridine,
        Self::Dichloromethane,
        Self::Toluene,
        Self::Tetrahydrofuran,
        Self::Dimethylformamide,
    ];

    /// Reads a vendor's name for a solvent (`CDCl3`, `dmso`, `MeOD`, ...), case ignored.
    ///
    /// ```
    /// use larmor_nmr::fid::Solvent;
    ///
    /// assert_eq!(Solvent::from_name("MeOD"), Some(Solvent::Methanol));
    /// assert_eq!(Solvent::Methanol.to_string(), "CD3OD");
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let key: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        Some(match key.as_str() {
            "cdcl3" | "chloroformd" | "chloroform" | "chloroformd1" => Self::Chloroform,
            "dmso" | "dmsod6" | "d6dmso" | "dimethylsulphoxided6" | "dimethylsulfoxided6" => {
                Self::DimethylSulfoxide
            }
            "meod" | "cd3od" | "methanold4" | "methanol" | "meoh" | "cd3odspe" => Self::Methanol,
            "d2o" | "water" | "h2od2o" | "deuteriumoxide" | "d2osalt" => Self::Water,
            "acetone" | "acetoned6" | "cd3cocd3" | "cd32co" => Self::Acetone,
            "c6d6" | "benzened6" | "benzene" => Self::Benzene,
            "cd3cn" | "acetonitriled3" | "acetonitrile" | "mecn" => Self::Acetonitrile,
            "pyr" | "pyridine" | "pyridined5" | "c5d5n" => Self::Pyridine,
            "cd2cl2" | "dichloromethaned2" | "methylenechlorided2" | "dcm" => Self::Dichloromethane,
            "tol" | "toluene" | "toluened8" | "c7d8" => Self::Toluene,
            "thf" | "thfd8" | "tetrahydrofurand8" => Self::Tetrahydrofuran,
            "dmf" | "dmfd7" | "dimethylformamided7" => Self::Dimethylformamide,
            _ => return None,
        })
    }

    /// Name as chemists write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chloroform => "CDCl3",
            Self::DimethylSulfoxide => "DMSO-d6",
            Self::Methanol => "CD3OD",
            Self::Water => "D2O",
            Self::Acetone => "acetone-d6",
            Self::Benzene => "C6D6",
            Self::Acetonitrile => "CD3CN",
            Self::Pyridine => "pyridine-d5",
            Self::Dichloromethane => "CD2Cl2",
            Self::Toluene => "toluene-d8",
            Self::Tetrahydrofuran => "THF-d8",
            Self::Dimethylformamide => "DMF-d7",
        }
    }
}

impl fmt::Display for Solvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Solvent {
    type Err = UnknownName;

    /// Reads what `Display` writes, and every other name that [`Solvent::from_name`] knows.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_name(text).ok_or_else(|| UnknownName::new("solvent", text))
    }
}

serde_by_name!(Solvent);
