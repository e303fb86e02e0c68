//! Bruker parameter files (`acqus`, `procs`): JCAMP-DX labels with one value each.

use std::collections::BTreeMap;

use crate::fid::text;

/// Largest parameter file accepted; real ones are 5-100 kB.
pub(super) const MAX_BYTES: u64 = 4 << 20;

/// Parameters by name, without the leading `$`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::fid) struct Parameters {
    values: BTreeMap<String, String>,
    /// The end mark was seen: the file is whole.
    pub ended: bool,
}

impl Parameters {
    /// Parses what can be parsed; never fails.
    pub fn parse(bytes: &[u8]) -> Self {
        let text = text::decode(bytes);
        let mut parameters = Self::default();
        let mut name: Option<String> = None;
        let mut value = String::new();
        for line in text.split(['\n', '\r']) {
            let line = without_comment(line);
            if let Some((label, rest)) = line.strip_prefix("##").and_then(|l| l.split_once('=')) {
                parameters.keep(name.take(), &mut value);
                if label.trim() == "END" {
                    parameters.ended = true;
                    break;
                }
                name = Some(label.trim().trim_start_matches('$').to_owned());
                value.push_str(rest.trim());
            } else if name.is_some() && !line.trim().is_empty() {
                value.push(' ');
                value.push_str(line.trim());
            }
        }
        parameters.keep(name, &mut value);
        parameters
    }

    fn keep(&mut self, name: Option<String>, value: &mut String) {
        if let Some(name) = name {
            self.values.entry(name).or_insert_with(|| value.clone());
        }
        value.clear();
    }

    /// Keeps a value read elsewhere; the first of a name counts.
    pub fn insert(&mut self, name: &str, value: String) {
        self.values.entry(name.to_owned()).or_insert(value);
    }

    /// The value as written.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A text, its angle brackets taken off; `None` when empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let value = self.raw(name)?;
        let value = value.strip_prefix('<').unwrap_or(value);
        let value = value.split_once('>').map_or(value, |(inside, _)| inside).trim();
        (!value.is_empty()).then_some(value)
    }

    /// A finite number.
    pub fn number(&self, name: &str) -> Option<f64> {
        finite(self.raw(name)?)
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.raw(name)?.trim().parse().ok()
    }

    /// One element of an array such as `P= (0..63)`.
    pub fn element(&self, name: &str, index: usize) -> Option<f64> {
        let (_, elements) = self.raw(name)?.split_once(')')?;
        finite(elements.split_whitespace().nth(index)?)
    }
}

fn finite(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Cuts a `$$` comment off, unless it stands inside `<...>`.
fn without_comment(line: &str) -> &str {
    match line.find("$$") {
        Some(at) if !line[..at].contains('<') || line[..at].contains('>') => &line[..at],
        _ => line,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ACQUS: &str = "##TITLE= Parameter file\n##NPOINTS= 13\t$$ modified\n$$ comment\n\
        ##$TD= 65536\n##$SW_h= 40760.8695652174\n##$P= (0..3)\n10.2 10.3\n20.4 30\n\
        ##$NUC1= <13C>\n##$EMPTY= <>\n##$TE= nan\n##END=\n##$LATE= 1\n";

    #[test]
    fn values_of_each_kind_are_found() {
        let parameters = Parameters::parse(ACQUS.as_bytes());
        assert!(parameters.ended);
        assert_eq!(parameters.raw("NPOINTS"), Some("13"));
        assert_eq!(parameters.integer("TD"), Some(65536));
        assert_eq!(parameters.number("SW_h"), Some(40760.8695652174));
        assert_eq!(parameters.element("P", 2), Some(20.4));
        assert_eq!(parameters.element("P", 4), None);
        assert_eq!(parameters.text("NUC1"), Some("13C"));
        assert_eq!(parameters.text("EMPTY"), None);
        assert_eq!(parameters.number("TE"), None);
        assert_eq!(parameters.raw("LATE"), None);
    }

    #[test]
    fn line_ends_and_encodings_do_not_matter() {
        let plain = Parameters::parse(ACQUS.as_bytes());
        assert_eq!(Parameters::parse(ACQUS.replace('\n', "\r\n").as_bytes()), plain);
        assert_eq!(Parameters::parse(ACQUS.replace('\n', "\r").as_bytes()), plain);
        let title = Parameters::parse(b"##$TITLE= <25 \xb0C>\n##END=");
        assert_eq!(title.text("TITLE"), Some("25 °C"));
    }

    #[test]
    fn a_file_cut_off_anywhere_is_known_as_such() {
        for length in 0..ACQUS.find("##END=").unwrap() + 6 {
            assert!(!Parameters::parse(&ACQUS.as_bytes()[..length]).ended, "{length}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            Parameters::parse(&bytes);
        }

        #[test]
        fn any_value_comes_back(name in "[A-Z]{1,8}[0-9]?", value in "[a-z0-9 ._-]{0,40}") {
            prop_assume!(name != "END");
            let parsed = Parameters::parse(format!("##${name}= <{value}>\n##END=").as_bytes());
            let expected = (!value.trim().is_empty()).then(|| value.trim());
            prop_assert_eq!(parsed.text(&name), expected);
        }
    }
}
