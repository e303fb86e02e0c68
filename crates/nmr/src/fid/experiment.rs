//! What kind of experiment was run.

use std::fmt;
use std::str::FromStr;

use crate::name::{UnknownName, serde_by_name};

/// A kind of one-dimensional experiment, or a higher-dimensional one.
///
/// Suppression of the water's line makes no kind of its own: the spectrum has every other line.
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
    /// INEPT: carbons with hydrogens, their signs as its delays have them.
    Inept,
    /// 13C that keeps its splittings by hydrogen.
    Coupled,
    /// One line and those with a nuclear Overhauser effect to it, or a difference that shows these.
    SelectiveNoe,
    /// One line and those with a rotating-frame Overhauser effect to it.
    SelectiveRoe,
    /// One line and those of its spin system.
    SelectiveTocsy,
    /// One chosen line, or what it is coupled to.
    Selective,
    /// 1H with every multiplet collapsed to one line.
    PureShift,
    /// 1H under irradiation of one line: splittings by its hydrogens are gone.
    Homodecoupled,
    /// 1H after a train of echoes: broad lines have decayed.
    Cpmg,
    /// 1H weakened by diffusion: small molecules are gone.
    DiffusionEdited,
    /// After an inversion: lines of either sign.
    InversionRecovery,
    /// Only the lines that a filter lets through, or differences: a correlation experiment run in
    /// one dimension, saturation transfer.
    Filtered,
    /// A decay in place of a signal: a train of echoes or a relaxation curve.
    Relaxation,
    /// Two or more dimensions.
    MultiDimensional,
}

/// The kinds with one name.
const NAMES: [(Experiment, &str); 17] = [
    (Experiment::Plain, "1D"),
    (Experiment::Apt, "APT"),
    (Experiment::Deptq, "DEPTQ"),
    (Experiment::Inept, "INEPT"),
    (Experiment::Coupled, "coupled"),
    (Experiment::SelectiveNoe, "selective NOE"),
    (Experiment::SelectiveRoe, "selective ROE"),
    (Experiment::SelectiveTocsy, "selective TOCSY"),
    (Experiment::Selective, "selective"),
    (Experiment::PureShift, "pure shift"),
    (Experiment::Homodecoupled, "homodecoupled"),
    (Experiment::Cpmg, "CPMG"),
    (Experiment::DiffusionEdited, "diffusion-edited"),
    (Experiment::InversionRecovery, "inversion recovery"),
    (Experiment::Filtered, "filtered"),
    (Experiment::Relaxation, "relaxation"),
    (Experiment::MultiDimensional, "nD"),
];

impl Experiment {
    /// True when line signs tell how many hydrogens a carbon carries.
    #[must_use]
    pub fn is_edited(self) -> bool {
        matches!(self, Self::Dept(_) | Self::Apt | Self::Deptq)
    }

    /// True when lines may rightly point down.
    #[must_use]
    pub fn has_both_signs(self) -> bool {
        match self {
            Self::Dept(_)
            | Self::Apt
            | Self::Deptq
            | Self::Inept
            | Self::SelectiveNoe
            | Self::SelectiveRoe
            | Self::Selective
            | Self::InversionRecovery
            | Self::Filtered => true,
            Self::Plain
            | Self::Coupled
            | Self::SelectiveTocsy
            | Self::PureShift
            | Self::Homodecoupled
            | Self::Cpmg
            | Self::DiffusionEdited
            | Self::Relaxation
            | Self::MultiDimensional => false,
        }
    }

    /// True when it is in its nature that lines of the sample are missing, those of the solvent
    /// among them: nothing follows from what is not there, nor from what stands in its place.
    #[must_use]
    pub fn leaves_lines_out(self) -> bool {
        match self {
            Self::Dept(_)
            | Self::Inept
            | Self::SelectiveNoe
            | Self::SelectiveRoe
            | Self::SelectiveTocsy
            | Self::Selective
            | Self::DiffusionEdited
            | Self::Filtered => true,
            Self::Plain
            | Self::Apt
            | Self::Deptq
            | Self::Coupled
            | Self::PureShift
            | Self::Homodecoupled
            | Self::Cpmg
            | Self::InversionRecovery
            | Self::Relaxation
            | Self::MultiDimensional => false,
        }
    }

    /// True when a 1H spectrum of this kind has every hydrogen's multiplet with its integral, so
    /// that it can be judged as a plain one can.
    #[must_use]
    pub fn shows_all_multiplets(self) -> bool {
        matches!(self, Self::Plain | Self::Cpmg)
    }

    /// True when what was recorded is one spectrum once it is transformed.
    #[must_use]
    pub fn is_spectrum(self) -> bool {
        !matches!(self, Self::Relaxation | Self::MultiDimensional)
    }

    /// True when the signal is that after a single pulse on the observed nucleus.
    pub(super) fn is_single_pulse(self) -> bool {
        matches!(self, Self::Plain | Self::Coupled | Self::Homodecoupled)
    }
}

impl FromStr for Experiment {
    type Err = UnknownName;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = NAMES.iter().find(|(_, name)| *name == text).map(|(kind, _)| *kind);
        let dept = || text.strip_prefix("DEPT")?.parse().ok().map(Self::Dept);
        named.or_else(dept).ok_or_else(|| UnknownName::new("kind of experiment", text))
    }
}

impl fmt::Display for Experiment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Dept(angle) = self {
            return write!(f, "DEPT{angle}");
        }
        let name = NAMES.iter().find(|(kind, _)| kind == self).map(|(_, name)| *name);
        f.write_str(name.unwrap_or_default())
    }
}

serde_by_name!(Experiment);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        let depts = [45, 90, 135].map(Experiment::Dept);
        for kind in NAMES.iter().map(|(kind, _)| *kind).chain(depts) {
            assert!(!kind.to_string().is_empty(), "{kind:?}");
            assert_eq!(kind.to_string().parse::<Experiment>().unwrap(), kind);
        }
        assert!("DEPT".parse::<Experiment>().is_err());
        assert!("DEPT999".parse::<Experiment>().is_err());
    }

    #[test]
    fn only_what_shows_every_multiplet_is_judged_as_a_plain_spectrum() {
        for (kind, _) in NAMES {
            let plain = matches!(kind, Experiment::Plain | Experiment::Cpmg);
            assert_eq!(kind.shows_all_multiplets(), plain, "{kind}");
            assert!(!(plain && kind.leaves_lines_out()), "{kind}");
        }
    }
}
