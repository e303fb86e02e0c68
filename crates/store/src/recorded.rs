//! Names in the database that another version of Larmor may have written.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value by the name it was recorded under: one that this version knows, or any other name,
/// which can still be shown.
///
/// ```
/// use larmor_nmr::fid::Experiment;
/// use larmor_store::Recorded;
///
/// let known = Recorded::<Experiment>::read("DEPT135".to_owned());
/// assert_eq!(known.known(), Some(&Experiment::Dept(135)));
/// let other = Recorded::<Experiment>::read("HETCOR".to_owned());
/// assert_eq!((other.known(), other.to_string()), (None, "HETCOR".to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Recorded<T> {
    /// A value this version knows.
    Known(T),
    /// A name that this version does not know.
    Other(String),
}

impl<T> Recorded<T> {
    /// The value, where this version knows it.
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Other(_) => None,
        }
    }
}

impl<T: FromStr + fmt::Display> Recorded<T> {
    /// The value that stands under a name. A name that this version would only take for another
    /// way to write one of its own is kept as it stands: the version that wrote it may have meant
    /// something else.
    #[must_use]
    pub fn read(name: String) -> Self {
        match name.parse::<T>() {
            Ok(value) if value.to_string() == name => Self::Known(value),
            _ => Self::Other(name),
        }
    }
}

impl<T> From<T> for Recorded<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: fmt::Display> fmt::Display for Recorded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::Other(name) => f.pad(name),
        }
    }
}

impl<T: fmt::Display> Serialize for Recorded<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: FromStr + fmt::Display> Deserialize<'de> for Recorded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::read)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_nmr::fid::{Solvent, Vendor};

    #[test]
    fn a_name_of_another_version_is_read_and_written_as_it_stands() {
        for (name, known) in [("bruker", true), ("nanalysis", false), ("", false)] {
            let vendor = Recorded::<Vendor>::read(name.to_owned());
            assert_eq!(vendor.known().is_some(), known, "{name}");
            assert_eq!(vendor.to_string(), name);
            let json = serde_json::to_value(&vendor).unwrap();
            assert_eq!(json, serde_json::json!(name));
            assert_eq!(serde_json::from_value::<Recorded<Vendor>>(json).unwrap(), vendor);
        }
        assert_eq!(Recorded::read("DMSO-d6".to_owned()), Solvent::DimethylSulfoxide.into());
        let alias = Recorded::<Solvent>::read("MeOD".to_owned());
        assert_eq!((alias.known(), alias.to_string()), (None, "MeOD".to_owned()));
    }
}
