//! What kind of experiment a pulse program runs.

use std::fmt;

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
