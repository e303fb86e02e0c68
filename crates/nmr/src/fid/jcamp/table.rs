//! Tables of evenly spaced ordinates, `(X++(Y..Y))`, in every form JCAMP-DX 4 to 6 knows: free
//! numbers (AFFN), packed by signs (PAC), by pseudo-digits (SQZ), as differences (DIF), with
//! repeats (DUP), and mixtures (McDonald and Wilks, Appl. Spectrosc. 1988, 42, 151).

use super::problem::Problem;
use super::records::lines;
use crate::fid::problem::{LineProblem, PointsProblem};

/// What the next ordinate of a line is made from.
#[derive(Clone, Copy)]
enum Last {
    /// Nothing on this line yet.
    Nothing,
    /// The ordinate stood there itself.
    Value,
    /// A difference from the one before.
    Difference(f64),
}

/// Ordinates of a table's text (behind the line with the variable list, which is line
/// `first_line` of the file), at most `most` of them. Numbers are as written, no factor applied.
///
/// In a table without any other pseudo-digit, a bare `E` in a number is an exponent; else `E` and
/// `e` are the pseudo-digits 5 and -5 unless a sign follows.
pub(super) fn ordinates(text: &[u8], first_line: usize, most: usize) -> Result<Vec<f64>, Problem> {
    let pseudo_digit = |byte: &u8| {
        matches!(byte, b'%' | b'@'..=b'Z' | b'a'..=b's') && !matches!(byte, b'E' | b'e')
    };
    let exponents = !text.iter().any(pseudo_digit);
    let mut found: Vec<f64> = Vec::new();
    let mut check = false;
    for (number, _, line) in lines(text) {
        let number = first_line + number - 1;
        let mut tokens = Tokens { line: without_comment(line), at: 0, exponents };
        // The abscissa only tells where the line belongs.
        match tokens.next() {
            None => continue,
            Some(Ok(Token::Value(_))) => {}
            Some(Ok(_)) => return Err(Problem::at(number, LineProblem::NoAbscissa)),
            Some(Err(what)) => return Err(Problem::at(number, what)),
        }
        let mut last = Last::Nothing;
        let mut to_check = check.then(|| found.last().copied()).flatten();
        for token in tokens {
            let token = token.map_err(|what| Problem::at(number, what))?;
            let (value, times) = match (token, last) {
                (Token::Value(value), _) => {
                    last = Last::Value;
                    if let Some(expected) = to_check.take() {
                        if !same(value, expected) {
                            let what = LineProblem::Check { found: value, expected };
                            return Err(Problem::at(number, what));
                        }
                        continue;
                    }
                    (value, 1)
                }
                (Token::Difference(step), Last::Value | Last::Difference(_)) => {
                    last = Last::Difference(step);
                    (step, 1)
                }
                (Token::Repeat(times), Last::Value | Last::Difference(_)) => {
                    (found.last().copied().unwrap_or(0.0), times.saturating_sub(1))
                }
                (_, Last::Nothing) => {
                    let what = LineProblem::NothingBefore;
                    return Err(Problem::at(number, what));
                }
            };
            if times > most.saturating_sub(found.len()) {
                let what = LineProblem::TooManyPoints(most);
                return Err(Problem::at(number, what));
            }
            for _ in 0..times {
                let before = found.last().copied().unwrap_or(0.0);
                found.push(match last {
                    Last::Difference(step) => before + step,
                    _ => value,
                });
            }
        }
        check = matches!(last, Last::Difference(_));
    }
    if found.iter().any(|value| !value.is_finite()) {
        return Err(Problem::Points(PointsProblem::NotANumber));
    }
    Ok(found)
}

/// Check values are whole numbers; those of writers that pack fractions are rounded.
fn same(value: f64, expected: f64) -> bool {
    (value - expected).abs() <= 1e-9 * value.abs().max(expected.abs())
}

fn without_comment(line: &[u8]) -> &[u8] {
    line.windows(2).position(|pair| pair == b"$$").map_or(line, |at| &line[..at])
}

enum Token {
    Value(f64),
    Difference(f64),
    Repeat(usize),
}

/// The numbers of one line.
struct Tokens<'a> {
    line: &'a [u8],
    at: usize,
    exponents: bool,
}

impl Tokens<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.line.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Digits, and a fraction, behind a leading digit that is already known.
    fn magnitude(&mut self, lead: f64) -> f64 {
        let start = self.at;
        while self.peek(0).is_ascii_digit() {
            self.at += 1;
        }
        let fraction = self.peek(0) == b'.';
        if fraction {
            self.at += 1;
            while self.peek(0).is_ascii_digit() {
                self.at += 1;
            }
        }
        let digits = &self.line[start..self.at];
        if !fraction && digits.len() <= 14 {
            return digits.iter().fold(lead, |sum, &d| 10.0 * sum + f64::from(d - b'0'));
        }
        let digits = std::str::from_utf8(digits).unwrap_or_default();
        format!("{lead}{digits}").parse().unwrap_or(f64::NAN)
    }

    /// A number as everybody writes it, its sign already read.
    fn plain(&mut self) -> Result<f64, LineProblem> {
        let start = self.at;
        let mut value = self.magnitude(0.0);
        if self.at == start || &self.line[start..self.at] == b"." {
            return Err(LineProblem::NoDigits);
        }
        let signed = matches!(self.peek(1), b'+' | b'-') && self.peek(2).is_ascii_digit();
        let bare = self.exponents && self.peek(1).is_ascii_digit();
        if matches!(self.peek(0), b'E' | b'e') && (signed || bare) {
            self.at += if signed { 2 } else { 1 };
            while self.peek(0).is_ascii_digit() {
                self.at += 1;
            }
            value = std::str::from_utf8(&self.line[start..self.at])
                .ok()
                .and_then(|text| text.parse().ok())
                .unwrap_or(f64::NAN);
        }
        Ok(value)
    }
}

impl Iterator for Tokens<'_> {
    type Item = Result<Token, LineProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        while matches!(self.peek(0), b' ' | b'\t' | b',' | b';') {
            self.at += 1;
        }
        // Between blanks these are what programs print, not pseudo-digits.
        let word = self.line.get(self.at..self.at + 3).unwrap_or_default();
        if self.at > start && [b"nan", b"inf"].iter().any(|no| word.eq_ignore_ascii_case(*no)) {
            return Some(Err(LineProblem::NotANumber));
        }
        let byte = *self.line.get(self.at)?;
        if byte.is_ascii_digit() || byte == b'.' {
            return Some(self.plain().map(Token::Value));
        }
        self.at += 1;
        let pseudo = |first: u8| f64::from(byte - first);
        Some(Ok(match byte {
            b'+' => return Some(self.plain().map(Token::Value)),
            b'-' => return Some(self.plain().map(|value| Token::Value(-value))),
            b'@'..=b'I' => Token::Value(self.magnitude(pseudo(b'@'))),
            b'a'..=b'i' => Token::Value(-self.magnitude(pseudo(b'a') + 1.0)),
            b'%' => Token::Difference(self.magnitude(0.0)),
            b'J'..=b'R' => Token::Difference(self.magnitude(pseudo(b'J') + 1.0)),
            b'j'..=b'r' => Token::Difference(-self.magnitude(pseudo(b'j') + 1.0)),
            // Beyond any table's length the cast saturates.
            b'S'..=b'Z' => Token::Repeat(self.magnitude(pseudo(b'S') + 1.0) as usize),
            b's' => Token::Repeat(self.magnitude(9.0) as usize),
            b'?' => return Some(Err(LineProblem::MarkedMissing)),
            other => return Some(Err(LineProblem::Character(char::from(other)))),
        }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<f64>, Problem> {
        ordinates(text.as_bytes(), 1, 1000)
    }

    /// The worked example of the JCAMP-DX 4.24 text: one set of ordinates in every form.
    #[test]
    fn every_form_says_the_same() {
        let values = [1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0];
        for text in [
            "0 1 2 3 3 2 1 0 -1 -2 -3",
            "0,1,2,3,3,2,1,0,-1,-2,-3",
            "0+1+2+3+3+2+1+0-1-2-3",
            "0A B C C B A @ a b c",
            "0ABCCBA@abc",
            "0ABCTBA@abc",
            "0AJJ%jjjjjj",
            "0AJT%jX",
        ] {
            assert_eq!(read(text).unwrap(), values, "{text}");
        }
    }

    #[test]
    fn lines_of_differences_are_checked_against_each_other() {
        assert_eq!(read("0A0J1\n1B1J\n2B2").unwrap(), [10.0, 21.0, 22.0]);
        // A line of values ends without a check.
        assert_eq!(read("0A0J1\n1B1B2\n2C3").unwrap(), [10.0, 21.0, 22.0, 33.0]);
        let error = read("0A0J1\n1B1J\n2B3").unwrap_err();
        assert_eq!(error, Problem::at(3, LineProblem::Check { found: 23.0, expected: 22.0 }),);
    }

    #[test]
    fn exponents_need_a_sign_among_pseudo_digits() {
        assert_eq!(read("0 1.5E+2 2e-1").unwrap(), [150.0, 0.2]);
        assert_eq!(read("0A1E5").unwrap(), [11.0, 55.0]);
        assert_eq!(read("0 1E5 2").unwrap(), [1e5, 2.0]);
    }

    #[test]
    fn nonsense_is_named_with_its_line() {
        for (text, line) in [
            ("0 1\n1 NaN", "line 2: a value is not"),
            ("0 1\n1 x", "line 2: 'x'"),
            ("0 ?", "line 1: a value"),
            ("0%", "line 1: the first"),
            ("0 1 -", "line 1: a sign"),
            ("A 1\n0AS99999999999999999999", "line 2: more than"),
        ] {
            let error = read(text).unwrap_err();
            let Problem::Malformed(what) = error else { unreachable!() };
            let what = what.to_string();
            assert!(what.starts_with(line), "{text}: {what}");
        }
    }

    /// How a table is written.
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Form {
        Affn,
        Pac,
        Sqz,
        Dif,
    }

    /// A whole number whose first digit, and sign, are one of the `digits`: 0, 1 to 9, -1 to -9.
    fn pseudo(value: i64, digits: &[u8; 19]) -> String {
        let text = value.abs().to_string();
        let first = usize::from(text.as_bytes()[0] - b'0');
        let digit = digits[if value < 0 { first + 9 } else { first }];
        format!("{}{}", char::from(digit), &text[1..])
    }

    fn encoded(values: &[i64], form: Form, repeats: bool, per_line: usize) -> String {
        let mut text = String::new();
        let mut at = 0;
        while at < values.len() {
            text.push_str(&at.to_string());
            let line = &values[at..values.len().min(at + per_line)];
            let mut tokens: Vec<String> = Vec::new();
            for (index, &value) in line.iter().enumerate() {
                tokens.push(match form {
                    Form::Affn => format!(" {value}"),
                    Form::Pac => format!("{value:+}"),
                    Form::Dif if index > 0 => {
                        pseudo(value - line[index - 1], b"%JKLMNOPQRjklmnopqr")
                    }
                    Form::Sqz | Form::Dif => pseudo(value, b"@ABCDEFGHIabcdefghi"),
                });
            }
            let mut index = 0;
            while index < tokens.len() {
                let same = tokens[index..].iter().take_while(|t| **t == tokens[index]).count();
                text.push_str(&tokens[index]);
                if repeats && same > 1 {
                    let count = same.to_string();
                    let digit = b"STUVWXYZs"[usize::from(count.as_bytes()[0] - b'1')];
                    text.push(char::from(digit));
                    text.push_str(&count[1..]);
                    index += same;
                } else {
                    index += 1;
                }
            }
            text.push('\n');
            let last_line = at + line.len() == values.len();
            // After a line of differences the next begins with its last value as the check.
            let overlap = usize::from(form == Form::Dif && line.len() > 1 && !last_line);
            at += line.len() - overlap;
        }
        text
    }

    proptest! {
        #[test]
        fn every_form_gives_back_what_was_written(
            values in proptest::collection::vec(
                prop_oneof![-3i64..3, -1_000_000_000i64..1_000_000_000],
                1..300,
            ),
            form in prop_oneof![
                Just(Form::Affn), Just(Form::Pac), Just(Form::Sqz), Just(Form::Dif)
            ],
            repeats: bool,
            per_line in 2usize..40,
        ) {
            let text = encoded(&values, form, repeats, per_line);
            let expected: Vec<f64> = values.iter().map(|&value| value as f64).collect();
            prop_assert_eq!(ordinates(text.as_bytes(), 1, 300).unwrap(), expected, "{}", text);
        }

        #[test]
        fn a_change_of_one_value_breaks_the_check(
            values in proptest::collection::vec(-1000i64..1000, 30..60),
            change in 1i64..50,
            line in 1usize..3,
        ) {
            let good = encoded(&values, Form::Dif, false, 10);
            let mut lines: Vec<&str> = good.lines().collect();
            let spoilt = format!("{}{}", lines[line - 1], pseudo(change, b"%JKLMNOPQRjklmnopqr"));
            lines[line - 1] = &spoilt;
            let error = ordinates(lines.join("\n").as_bytes(), 1, 300).unwrap_err();
            let place = format!("line {}: check value", line + 1);
            prop_assert!(matches!(&error, Problem::Malformed(what) if what.to_string().starts_with(&place)));
        }

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
            let _ = ordinates(&bytes, 1, 1000);
        }
    }
}
