//! Labelled data records: `##LABEL= value`, the value running to the next label.

use crate::fid::text;

/// A record as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record<'a> {
    /// Between `##` and `=`.
    pub label: &'a [u8],
    /// Everything up to the next record.
    pub value: &'a [u8],
    /// Line of the label, from 1.
    pub line: usize,
}

/// The records of a file, in order; what comes before the first is passed over.
pub(super) fn records(bytes: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut lines = lines(bytes).peekable();
    std::iter::from_fn(move || {
        let (line, label, start) = loop {
            let (number, at, line) = lines.next()?;
            if let Some((label, value)) = labelled(line) {
                break (number, label, at + line.len() - value.len());
            }
        };
        let mut end = bytes.len();
        while let Some(&(_, at, next)) = lines.peek() {
            if labelled(next).is_some() {
                end = at;
                break;
            }
            lines.next();
        }
        Some(Record { label, value: &bytes[start..end], line })
    })
}

/// Lines with their number from 1 and the place where they begin; any of `\n`, `\r\n` and `\r`
/// ends one.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, usize, &[u8])> {
    let (mut at, mut number) = (0, 0);
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        let start = at;
        let rest = &bytes[start..];
        let length = rest.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(rest.len());
        at += length + if rest[length..].starts_with(b"\r\n") { 2 } else { 1 };
        number += 1;
        Some((number, start, &rest[..length]))
    })
}

/// Label and the rest of a line that begins a record; blanks may stand before it.
fn labelled(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.trim_ascii_start().strip_prefix(b"##")?;
    match rest.iter().position(|&byte| byte == b'=') {
        Some(equals) => Some((&rest[..equals], &rest[equals + 1..])),
        // An end says nothing, and some programs leave the sign out.
        None => is_end(rest).then_some((rest, &[])),
    }
}

fn is_end(label: &[u8]) -> bool {
    label.len() <= 64 && matches!(normalised(label).as_str(), "END" | "ENDNTUPLES" | "ENDTUPLES")
}

/// A label as labels are compared: upper case, without blanks, `-`, `/` and `_`.
pub(super) fn normalised(label: &[u8]) -> String {
    label
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace() && !b"-/_".contains(byte))
        .map(|&byte| char::from(byte.to_ascii_uppercase()))
        .collect()
}

/// A header value as one line of text, comments taken off.
pub(super) fn value_text(value: &[u8]) -> String {
    let mut joined = String::new();
    for (_, _, line) in lines(value) {
        let line = text::decode(line);
        let line = without_comment(&line).trim();
        if !line.is_empty() {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(line);
        }
    }
    joined
}

/// Cuts a `$$` comment off, unless it stands inside `<...>`.
fn without_comment(line: &str) -> &str {
    let mut from = 0;
    while let Some(at) = line[from..].find("$$").map(|at| from + at) {
        let inside = line[..at].rfind('<') > line[..at].rfind('>');
        match line[at..].find('>').filter(|_| inside) {
            Some(closing) => from = at + closing,
            None => return &line[..at],
        }
    }
    line
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_compared_without_case_blanks_and_strokes() {
        for label in ["DATA TYPE", "data-type", "Data_Type", "DATA/TYPE", " datatype "] {
            assert_eq!(normalised(label.as_bytes()), "DATATYPE");
        }
        assert_eq!(normalised(b".OBSERVE FREQUENCY"), ".OBSERVEFREQUENCY");
    }

    #[test]
    fn values_run_to_the_next_label_whatever_ends_a_line() {
        let plain = "rubbish\n##TITLE= a\n##$P= (0..1)\n1 2 $$ two\n## no record\n##END=";
        for text in [plain.to_owned(), plain.replace('\n', "\r\n"), plain.replace('\n', "\r")] {
            let found: Vec<_> = records(text.as_bytes())
                .map(|r| (normalised(r.label), value_text(r.value), r.line))
                .collect();
            let expected = [
                ("TITLE".to_owned(), "a".to_owned(), 2),
                ("$P".to_owned(), "(0..1) 1 2 ## no record".to_owned(), 3),
                ("END".to_owned(), String::new(), 6),
            ];
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn labels_may_be_indented_and_ends_without_a_sign() {
        let text =
            b" ##TITLE= a\n\t##XYDATA= (X++(Y..Y))\n 1 2\n##END NTUPLES\n  ##END \n##ENDING\n";
        let labels: Vec<_> = records(text).map(|record| normalised(record.label)).collect();
        assert_eq!(labels, ["TITLE", "XYDATA", "ENDNTUPLES", "END"]);
    }

    #[test]
    fn old_encodings_and_bracketed_dollars_survive() {
        assert_eq!(value_text(b" 25 \xb0C $$ warm"), "25 °C");
        assert_eq!(value_text(b" <a$$b> $$ c"), "<a$$b>");
        assert_eq!(value_text(b" 1 < 2 $$ c"), "1 < 2");
    }
}
