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

/// A table as it was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ordinates {
    pub values: Vec<f64>,
    /// The abscissa that each line begins with, and how many ordinates were read before it.
    lines: Vec<(f64, usize)>,
}

impl Ordinates {
    /// Whether the abscissas of the lines count the ordinates between them, so that none is
    /// missing but at an end.
    pub fn are_counted_by_their_abscissas(&self) -> bool {
        let pairs = || self.lines.windows(2);
        let mut steps: Vec<f64> = pairs()
            .filter(|pair| pair[1].1 > pair[0].1)
            .map(|pair| (pair[1].0 - pair[0].0) / (pair[1].1 - pair[0].1) as f64)
            .collect();
        let middle = steps.len() / 2;
        if steps.is_empty() {
            return false;
        }
        let step = *steps.select_nth_unstable_by(middle, f64::total_cmp).1;
        let rounded = step.fract() != 0.0 && self.lines.iter().all(|line| line.0.fract() == 0.0);
        // A line of differences begins with the point before it, and abscissas are rounded.
        let error = 1.5 * step.abs() + if rounded { 1.0 } else { 0.0 };
        let goes_on = |pair: &[(f64, usize)]| {
            let points = pair[1].1.saturating_sub(pair[0].1) as f64;
            (pair[1].0 - pair[0].0 - step * points).abs() <= error
        };
        step.is_finite() && step != 0.0 && pairs().all(goes_on)
    }
}

/// Ordinates of a table's text (behind the line with the variable list, which is line
/// `first_line` of the file), at most `most` of them. Numbers are as written, no factor applied;
/// with `decimal_comma` a comma before a digit is one.
///
/// In a table without any other pseudo-digit, a bare `E` in a number is an exponent; else `E` and
/// `e` are the pseudo-digits 5 and -5 unless a sign follows.
pub(super) fn ordinates(
    text: &[u8],
    first_line: usize,
    most: usize,
    decimal_comma: bool,
) -> Result<Ordinates, Problem> {
    let pseudo_digit = |byte: &u8| {
        matches!(byte, b'%' | b'@'..=b'Z' | b'a'..=b's') && !matches!(byte, b'E' | b'e')
    };
    let exponents = !text.iter().any(pseudo_digit);
    let mut found: Vec<f64> = Vec::new();
    let mut abscissas = Vec::new();
    let mut check = false;
    for (number, _, line) in lines(text) {
        let number = first_line + number - 1;
        let mut tokens = Tokens { line: without_comment(line), at: 0, exponents, decimal_comma };
        // The abscissa only tells where the line belongs.
        match tokens.next() {
            None => continue,
            Some(Ok(Token::Value(abscissa))) => abscissas.push((abscissa, found.len())),
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
    Ok(Ordinates { values: found, lines: abscissas })
}

/// All numbers of a text, in order, at most `most` of them; with `decimal_comma` a comma before a
/// digit is one.
pub(super) fn numbers(
    text: &[u8],
    first_line: usize,
    most: usize,
    decimal_comma: bool,
) -> Result<Vec<f64>, Problem> {
    let mut found = Vec::new();
    for (number, _, line) in lines(text) {
        let at = |what| Problem::at(first_line + number - 1, what);
        let line = without_comment(line);
        for token in (Tokens { line, at: 0, exponents: true, decimal_comma }) {
            match token.map_err(at)? {
                Token::Value(value) if value.is_finite() => found.push(value),
                _ => return Err(at(LineProblem::NotANumber)),
            }
            if found.len() > most {
                return Err(at(LineProblem::TooManyPoints(most)));
            }
        }
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
    decimal_comma: bool,
}

impl Tokens<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.line.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn at_point(&self) -> bool {
        match self.peek(0) {
            b'.' => true,
            b',' => self.decimal_comma && self.peek(1).is_ascii_digit(),
            _ => false,
        }
    }

    /// What stands between two places, with a decimal point.
    fn parsed(&self, start: usize, lead: &str) -> f64 {
        let digits = std::str::from_utf8(&self.line[start..self.at]).unwrap_or_default();
        format!("{lead}{}", digits.replace(',', ".")).parse().unwrap_or(f64::NAN)
    }

    /// Digits, and a fraction, behind a leading digit that is already known.
    fn magnitude(&mut self, lead: f64) -> f64 {
        let start = self.at;
        while self.peek(0).is_ascii_digit() {
            self.at += 1;
        }
        let fraction = self.at_point();
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
        self.parsed(start, &lead.to_string())
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
            value = self.parsed(start, "");
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
#[path = "table_tests.rs"]
mod tests;
