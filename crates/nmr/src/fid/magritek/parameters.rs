//! `acqu.par`: one parameter a line, `name = value`, texts in double quotes.

use std::collections::BTreeMap;

use crate::fid::text;

/// Largest file accepted; real ones are 2-5 kB.
pub(super) const MAX_BYTES: u64 = 1 << 20;

/// Parameters by name, in lower case.
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
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Self { values }
    }

    /// A text that is not empty, its quotes taken off.
    pub fn text(&self, name: &str) -> Option<&str> {
        let value = self.values.get(&name.to_ascii_lowercase())?.trim_matches('"').trim();
        (!value.is_empty()).then_some(value)
    }

    /// A finite number; double precision may be marked with a `d` behind it.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.quantity(name, &[])
    }

    /// A finite number in the unit that the parameter has by itself; behind the number may stand one
    /// of `units`, each with how many of the parameter's own it is.
    pub fn quantity(&self, name: &str, units: &[(&str, f64)]) -> Option<f64> {
        let value = self.text(name)?;
        let is_of_number =
            |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | 'e' | 'E');
        let end = value.find(|c| !is_of_number(c)).unwrap_or(value.len());
        let (number, unit) = value.split_at(end);
        let scale = match unit.trim() {
            "" | "d" | "f" => 1.0,
            unit => units.iter().find(|(name, _)| *name == unit)?.1,
        };
        Some(scale * finite(number)?)
    }
}

/// A number with a point, or with the comma of many countries in its place.
fn finite(text: &str) -> Option<f64> {
    let number = match (text.contains('.'), text.matches(',').count()) {
        (false, 1) => text.replace(',', ".").parse::<f64>(),
        _ => text.parse::<f64>(),
    };
    number.ok().filter(|number| number.is_finite())
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

    #[test]
    fn numbers_are_read_as_every_country_and_version_writes_them() {
        let number = |value: &str| {
            let parameters = Parameters::parse(format!("B1FREQ = {value}").as_bytes());
            parameters.quantity("b1Freq", &[("MHz", 1.0), ("kHz", 1e-3)])
        };
        for value in ["61.72", "61,72", "61.72d", "\"61.72\"", "61.72 MHz", "61,72MHz", "61720 kHz"]
        {
            assert!(number(value).is_some_and(|mhz| (mhz - 61.72).abs() < 1e-9), "{value}");
        }
        assert_eq!(number("1.64e+003"), Some(1640.0));
        for value in
            ["NaN", "inf", "[241,167]", "1,2,3", "1.234,5", "61.72 T", "61.72 61.72", "e", ""]
        {
            assert_eq!(number(value), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
            Parameters::parse(&bytes);
        }

        #[test]
        fn any_value_is_survived(value in "[-+0-9.,eEdµHz ]{0,12}") {
            let parameters = Parameters::parse(format!("a = {value}").as_bytes());
            let number = parameters.quantity("a", &[("Hz", 1.0)]);
            prop_assert!(number.is_none_or(f64::is_finite));
        }
    }
}
