//! Enumerations of the protocol as words: `consistent` for `VERDICT_CONSISTENT`.

use std::fmt;
use std::str::FromStr;

use crate::proto::{
    AcquisitionState, EventKind, PeakClass, ReviewDecision, SampleChangeKind, Verdict,
};

/// What is said of a value that is not set, or comes from a newer server.
pub(crate) const UNKNOWN: &str = "unknown";

/// The word for a value, by its name and that of the enumeration's zero, `..._UNSPECIFIED`.
pub(crate) fn word(value: &str, zero: &str) -> String {
    let prefix = zero.strip_suffix("UNSPECIFIED").unwrap_or_default();
    match value {
        _ if value == zero => UNKNOWN.to_owned(),
        _ => value.strip_prefix(prefix).unwrap_or(value).to_ascii_lowercase(),
    }
}

/// A word that stands for no value of an enumeration.
#[derive(Debug, thiserror::Error)]
#[error("'{word}' is none of the words of the protocol")]
pub struct UnknownWord {
    /// The word.
    pub word: String,
}

macro_rules! words {
    ($($of:ident)*) => {$(
        impl fmt::Display for $of {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&word(self.as_str_name(), Self::Unspecified.as_str_name()))
            }
        }

        impl FromStr for $of {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                (1..)
                    .map_while(|number| Self::try_from(number).ok())
                    .find(|value| value.to_string() == text)
                    .ok_or_else(|| UnknownWord { word: text.to_owned() })
            }
        }
    )*};
}

words! { AcquisitionState EventKind PeakClass ReviewDecision SampleChangeKind Verdict }

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn values_are_words_and_back() {
        assert_eq!(PeakClass::Sideband.to_string(), "sideband");
        assert_eq!(Verdict::Unspecified.to_string(), UNKNOWN);
        assert_eq!(format!("{:<9}|", AcquisitionState::Done), "done     |");
        assert_eq!(Verdict::BestMatch.to_string(), "best_match");
        assert_eq!("none_fits".parse::<Verdict>().unwrap(), Verdict::NoneFits);
        assert_eq!("elucidated".parse::<EventKind>().unwrap(), EventKind::Elucidated);
        for word in ["unknown", "unspecified", "VERDICT_CONSISTENT", ""] {
            assert!(word.parse::<Verdict>().is_err(), "{word}");
        }
    }
}
