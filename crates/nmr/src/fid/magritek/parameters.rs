//! `acqu.par`: one parameter a line, `name = value`, texts in double quotes.

use std::collections::BTreeMap;

use crate::fid::text;

/// Largest file accepted; real ones are 2-5 kB.
pub(super) const MAX_BYTES: u64 = 1 << 20;

/// Parameters by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Parameters {
    values: BTreeMap<String, String>,
}

impl Parameters {
    /// Parses what can be parsed; never fails.
    pub fn parse(bytes: &[u8]) -> Self {
        let values = text::decode(bytes)
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        Self { values }
    }

    /// A text that is not empty, its quotes taken off.
    pub fn text(&self, name: &str) -> Option<&str> {
        let value = self.values.get(name)?.trim_matches('"').trim();
        (!value.is_empty()).then_some(value)
    }

    /// A finite number; double precision is marked with a `d` behind it.
    pub fn number(&self, name: &str) -> Option<f64> {
        let value = self.text(name)?;
        let value = value.strip_suffix('d').unwrap_or(value);
        value.parse::<f64>().ok().filter(|number| number.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_of_each_kind_are_found() {
        let parameters = Parameters::parse(
            b"Sample = \"M\xfcller = 3\"\r\nb1Freq = 61.72d\nnrPnts = 16384\nEmpty = \"\"\nrubbish\n",
        );
        assert_eq!(parameters.text("Sample"), Some("Müller = 3"));
        assert_eq!(parameters.number("b1Freq"), Some(61.72));
        assert_eq!(parameters.number("nrPnts"), Some(16384.0));
        assert_eq!(parameters.text("Empty"), None);
        assert_eq!(parameters.text("rubbish"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
            Parameters::parse(&bytes);
        }
    }
}
