//! What kind of experiment a pulse program runs.

use std::fmt;
use std::str::FromStr;

/// A kind of one-dimensional experiment, or a higher-dimensional one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Experiment {
    /// A plain one-dimensional spectrum.
    Plain,
    /// DEPT with the given last pulse angle in degrees: 45, 90 or 135.
    Dept(u8),
    /// Attached proton test.
    Apt,
    /// DEPTQ: DEPT135 that keeps quaternary carbons.
    Deptq,
    /// Two or more dimensions.
    MultiDimensional,
}

impl Experiment {
    /// True when line signs tell how many hydrogens a carbon carries.
    #[must_use]
    pub fn is_edited(self) -> bool {
        matches!(self, Self::Dept(_) | Self::Apt | Self::Deptq)
    }
}

/// A text that names no kind of experiment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no kind of experiment")]
pub struct UnknownExperiment(String);

impl FromStr for Experiment {
    type Err = UnknownExperiment;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "1D" => Ok(Self::Plain),
            "APT" => Ok(Self::Apt),
            "DEPTQ" => Ok(Self::Deptq),
            "nD" => Ok(Self::MultiDimensional),
            _ => text
                .strip_prefix("DEPT")
                .and_then(|angle| angle.parse().ok())
                .map(Self::Dept)
                .ok_or_else(|| UnknownExperiment(text.to_owned())),
        }
    }
}

impl fmt::Display for Experiment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain => f.write_str("1D"),
            Self::Dept(angle) => write!(f, "DEPT{angle}"),
            Self::Apt => f.write_str("APT"),
            Self::Deptq => f.write_str("DEPTQ"),
            Self::MultiDimensional => f.write_str("nD"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        for kind in [
            Experiment::Plain,
            Experiment::Dept(45),
            Experiment::Dept(135),
            Experiment::Apt,
            Experiment::Deptq,
            Experiment::MultiDimensional,
        ] {
            assert_eq!(kind.to_string().parse::<Experiment>().unwrap(), kind);
        }
        assert!("DEPT".parse::<Experiment>().is_err());
        assert!("DEPT999".parse::<Experiment>().is_err());
    }
}
