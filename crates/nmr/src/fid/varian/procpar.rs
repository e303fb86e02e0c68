//! `procpar`: every parameter of an acquisition, typed. A parameter is a line of its name and ten
//! attributes, a count with that many values, and a count with that many permitted values.

use std::collections::BTreeMap;
use std::path::Path;

use crate::fid::problem::ParameterProblem;
use crate::fid::vendor::Vendor;
use crate::fid::{FidError, text};

/// Largest file accepted; real ones are 20-200 kB.
pub(super) const MAX_BYTES: u64 = 8 << 20;
/// Attributes behind the name; the second is the type.
const ATTRIBUTES: usize = 10;

/// Parameters by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Procpar {
    values: BTreeMap<String, Vec<String>>,
}

impl Procpar {
    /// Reads a whole file; one that ends within a parameter is cut off.
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, FidError> {
        let text = text::decode(bytes);
        let mut words = Words { rest: &text };
        let mut values = BTreeMap::new();
        while let Some(name) = words.next() {
            let parameter = Self::parameter(&mut words).map_err(|fault| match fault {
                Fault::CutOff => {
                    FidError::ParametersCutOff { vendor: Vendor::Varian, path: path.to_owned() }
                }
                Fault::NotACount(found) => {
                    let problem = ParameterProblem::NotACount { found };
                    FidError::parameter(Vendor::Varian, path, name, problem)
                }
            })?;
            values.insert(name.to_owned(), parameter);
        }
        if values.is_empty() {
            return Err(FidError::ParametersCutOff {
                vendor: Vendor::Varian,
                path: path.to_owned(),
            });
        }
        Ok(Self { values })
    }

    fn parameter(words: &mut Words<'_>) -> Result<Vec<String>, Fault> {
        for _ in 0..ATTRIBUTES {
            words.next().ok_or(Fault::CutOff)?;
        }
        let values = words.counted()?;
        words.counted()?;
        Ok(values)
    }

    /// The first value, when it is not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let value = self.values.get(name)?.first()?.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The first value, a finite number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.text(name)?.parse::<f64>().ok().filter(|number| number.is_finite())
    }

    /// The first value, a count.
    pub fn count(&self, name: &str) -> Option<u32> {
        let number = self.number(name)?;
        (number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number))
            .then_some(number as u32)
    }
}

enum Fault {
    CutOff,
    NotACount(String),
}

/// Words, and texts in double quotes.
struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        self.rest = self.rest.trim_start();
        if let Some(quoted) = self.rest.strip_prefix('"') {
            let end = closing_quote(quoted)?;
            self.rest = &quoted[end + 1..];
            return Some(&quoted[..end]);
        }
        let end = self.rest.find(char::is_whitespace).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    /// A count and that many values.
    fn counted(&mut self) -> Result<Vec<String>, Fault> {
        let word = self.next().ok_or(Fault::CutOff)?;
        let count: usize =
            word.parse().map_err(|_| Fault::NotACount(word.chars().take(40).collect()))?;
        // Nothing is set aside for a count before its values are seen.
        let mut values = Vec::new();
        for _ in 0..count {
            values.push(self.next().ok_or(Fault::CutOff)?.replace("\\\"", "\""));
        }
        Ok(values)
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}

/// Parameters with texts as values, as a spectrometer writes them.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) fn written(pairs: &[(&str, &str)]) -> Procpar {
    let text: String = pairs
        .iter()
        .map(|(name, value)| format!("{name} 1 1 1 0 0 2 1 11 1 64\n1 \"{value}\"\n0 \n"))
        .collect();
    Procpar::parse(text.as_bytes(), Path::new("procpar")).unwrap()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "sw 1 1 5000000 0.1 2.5e-08 2 1 11 1 64\n1 6410.25641026 \n0 \n\
        array 4 2 0 0 0 2 1 8 1 64\n1 \"\"\n0 \n\
        d2 1 1 1 0 0 2 1 8 1 64\n3 0.1 0.2 0.3 \n0 \n\
        dmm 2 2 8 0 0 2 1 8 1 64\n1 \"ccw\"\n4 \"c\" \"f\" \"g\" \"w\" \n\
        note 2 2 8 0 0 2 1 8 1 64\n2 \"He said \\\"no\\\"\"\n\"two\nlines\"\n0 \n";

    fn parse(bytes: &[u8]) -> Result<Procpar, FidError> {
        Procpar::parse(bytes, Path::new("procpar"))
    }

    #[test]
    fn values_of_each_kind_are_found() {
        let procpar = parse(TEXT.as_bytes()).unwrap();
        assert_eq!(procpar.number("sw"), Some(6410.25641026));
        assert_eq!(procpar.text("array"), None);
        assert_eq!(procpar.number("d2"), Some(0.1));
        assert_eq!(procpar.text("dmm"), Some("ccw"));
        assert_eq!(procpar.text("note"), Some("He said \"no\""));
        assert_eq!(procpar.values["note"][1], "two\nlines");
        assert_eq!(procpar.count("sw"), None);
    }

    #[test]
    fn line_ends_and_encodings_do_not_matter() {
        let crlf = parse(TEXT.replace('\n', "\r\n").as_bytes()).unwrap();
        assert_eq!(crlf.number("sw"), Some(6410.25641026));
        assert_eq!(crlf.text("dmm"), Some("ccw"));
        let western = parse(b"samplename 2 2 8 0 0 2 1 8 1 64\n1 \"M\xfcller\"\n0 \n").unwrap();
        assert_eq!(western.text("samplename"), Some("Müller"));
    }

    #[test]
    fn a_file_cut_off_within_a_parameter_is_known_as_such() {
        // Whole after each parameter, the white space behind it or not.
        let ends: Vec<usize> = (1..=TEXT.len())
            .filter(|&at| TEXT[..at].ends_with("\n0 \n") || TEXT[..at].ends_with("\"w\" \n"))
            .collect();
        assert_eq!(ends.len(), 5);
        for length in 0..TEXT.len() {
            let whole = ends.iter().any(|&end| (end - 2..=end).contains(&length));
            let cut_off =
                matches!(parse(&TEXT.as_bytes()[..length]), Err(FidError::ParametersCutOff { .. }));
            assert_eq!(cut_off, !whole, "{length}: {:?}", &TEXT[..length]);
        }
    }

    #[test]
    fn rubbish_and_absurd_counts_end_in_a_reason() {
        let json = br#"{"a": 1, "b": [1, 2, 3], "c": "d e f g h i j k l m n o"} x y z u v w 1 2 3"#;
        assert!(parse(json).is_err());
        let absurd = b"sw 1 1 1 1 1 1 1 1 1 1\n99999999999 1 2 3\n0\n";
        assert!(matches!(parse(absurd), Err(FidError::ParametersCutOff { .. })));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let _ = parse(&bytes);
        }
    }
}
