//! What kind of experiment a pulse program runs.

use std::fmt;
use std::str::FromStr;

use crate::name::{UnknownName, serde_by_name};

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

/// What the name of a pulse program says, whoever wrote the program. `last_pulse` is the angle of
/// DEPT's last pulse in degrees where parameters tell it and the name does not.
pub(super) fn of_program(name: &str, last_pulse: Option<f64>) -> Experiment {
    let name = name.to_ascii_lowercase();
    if name.contains("deptq") || name.contains("pendant") {
        // PENDANT shows the same four kinds of carbon with the same signs as DEPTQ.
        Experiment::Deptq
    } else if name.contains("dept") {
        Experiment::Dept(dept_angle(&name, last_pulse))
    } else if name.starts_with("apt")
        || name.contains("_apt")
        || name.contains("seapt")
        || name.starts_with("jmod")
    {
        Experiment::Apt
    } else {
        Experiment::Plain
    }
}

/// The angle in the name, or the given one, or the usual 135.
fn dept_angle(name: &str, last_pulse: Option<f64>) -> u8 {
    for angle in [135, 90, 45] {
        if name.contains(&angle.to_string()) {
            return angle;
        }
    }
    let degrees = last_pulse.filter(|degrees| degrees.is_finite()).unwrap_or(135.0);
    if degrees < 67.5 {
        45
    } else if degrees < 112.5 {
        90
    } else {
        135
    }
}

impl FromStr for Experiment {
    type Err = UnknownName;

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
                .ok_or_else(|| UnknownName::new("kind of experiment", text)),
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

serde_by_name!(Experiment);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn programs_of_every_vendor_are_known_by_name() {
        for (name, expected) in [
            ("zgdc", Experiment::Plain),
            ("zgpg30", Experiment::Plain),
            ("noesygpps1d.comp", Experiment::Plain),
            ("s2pul", Experiment::Plain),
            ("carbon.jxp", Experiment::Plain),
            ("dept135", Experiment::Dept(135)),
            ("DEPT90", Experiment::Dept(90)),
            ("deptsp135", Experiment::Dept(135)),
            ("dept", Experiment::Dept(135)),
            ("dept.jxp", Experiment::Dept(135)),
            ("deptqgpsp.2", Experiment::Deptq),
            ("apt", Experiment::Apt),
            ("APT", Experiment::Apt),
            ("aptjc", Experiment::Apt),
            ("carbon_apt.jxp", Experiment::Apt),
            ("jmod", Experiment::Apt),
        ] {
            assert_eq!(of_program(name, None), expected, "{name}");
        }
        assert_eq!(of_program("dept", Some(45.0)), Experiment::Dept(45));
        assert_eq!(of_program("dept90", Some(45.0)), Experiment::Dept(90));
    }

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
