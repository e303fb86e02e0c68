//! The names under which values are shown, stored and read back. They are stable: databases and
//! other programs hold them.

use thiserror::Error;

/// A text that is none of the names of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{name}' is no {kind}")]
pub struct UnknownName {
    /// What it should name: `vendor`, `peak class` ...
    pub kind: &'static str,
    /// The text.
    pub name: String,
}

impl UnknownName {
    pub(crate) fn new(kind: &'static str, name: &str) -> Self {
        Self { kind, name: name.to_owned() }
    }
}

/// Gives an enum without fields its names: `ALL`, `name`, `Display`, and `FromStr` that reads
/// them back.
macro_rules! names {
    ($type:ident, $kind:literal, { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// Every one, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name results, databases and other programs have it under.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::name::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($name => Ok(Self::$variant),)+
                    _ => Err($crate::name::UnknownName::new($kind, text)),
                }
            }
        }

        $crate::name::serde_by_name!($type);
    };
}

/// Serializes as what `Display` writes, and deserializes by what `FromStr` reads.
macro_rules! serde_by_name {
    ($type:ident) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {names, serde_by_name};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fmt::{Debug, Display};
    use std::str::FromStr;

    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::UnknownName;
    use crate::elucidation::Verdict;
    use crate::fid::{Experiment, Nucleus, Origin, Solvent, Vendor};
    use crate::spectrum::{Multiplicity, PeakClass, ReferenceMethod};

    /// A value is read back from its name, and JSON has it under the same one.
    fn is_read_back<T>(value: &T, name: &str)
    where
        T: Debug + PartialEq + Display + FromStr<Err: Debug> + Serialize + DeserializeOwned,
    {
        assert_eq!(value.to_string(), name);
        assert_eq!(&name.parse::<T>().unwrap(), value);
        let json = serde_json::to_string(value).unwrap();
        assert_eq!(json, format!("\"{name}\""));
        assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value);
    }

    macro_rules! names_of {
        ($($type:ident: $names:expr;)+) => {
            $(
                assert_eq!($type::ALL.len(), $names.len());
                for (value, name) in $type::ALL.iter().zip($names) {
                    is_read_back(value, name);
                }
                assert!("no such name".parse::<$type>().is_err());
            )+
        };
    }

    #[test]
    fn every_name_stays_what_databases_have() {
        names_of! {
            Vendor: ["bruker", "varian", "jeol", "magritek", "jcamp", "archive"];
            Origin: ["acquired", "spectrum"];
            Solvent: [
                "CDCl3", "DMSO-d6", "CD3OD", "D2O", "acetone-d6", "C6D6", "CD3CN", "pyridine-d5",
                "CD2Cl2", "toluene-d8", "THF-d8", "DMF-d7", "C6D5Cl", "1,2-dichlorobenzene-d4",
                "C2D2Cl4", "dioxane-d8", "TFA-d", "acetic acid-d4", "TFE-d3", "CD3NO2", "C6D12",
                "ethanol-d6", "nitrobenzene-d5",
            ];
            Multiplicity: ["S", "D", "T", "Q", "DQ"];
            PeakClass: [
                "compound", "solvent", "impurity", "satellite", "sideband", "artifact",
            ];
            ReferenceMethod: ["solvent", "tms", "water", "calibration", "sample", "carrier"];
            Verdict: ["consistent", "inconsistent", "inconclusive", "best_match", "none_fits"];
        }
        for (experiment, name) in [
            (Experiment::Plain, "1D"),
            (Experiment::Dept(45), "DEPT45"),
            (Experiment::Dept(135), "DEPT135"),
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
        ] {
            is_read_back(&experiment, name);
        }
        is_read_back(&Nucleus::Proton, "1H");
        is_read_back(&Nucleus::Carbon, "13C");
        is_read_back(&Nucleus::Other("19F".to_owned()), "19F");
    }

    #[test]
    fn an_unknown_name_says_what_it_should_have_been() {
        let error = "brucker".parse::<Vendor>().unwrap_err();
        assert_eq!(error, UnknownName { kind: "vendor", name: "brucker".to_owned() });
        assert_eq!(error.to_string(), "'brucker' is no vendor");
        let error = serde_json::from_str::<Solvent>("\"beer\"").unwrap_err();
        assert!(error.to_string().starts_with("'beer' is no solvent"), "{error}");
    }

    #[test]
    fn a_solvent_is_read_under_any_of_its_names() {
        for name in ["CDCl3", "cdcl3", "Chloroform-d"] {
            assert_eq!(name.parse(), Ok(Solvent::Chloroform));
        }
    }
}
