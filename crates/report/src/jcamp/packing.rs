//! Points in pseudo-digits, as differences with repeats (DIFDUP of McDonald and Wilks, Appl.
//! Spectrosc. 1988, 42, 151).

use std::fmt::Write;

/// Longest line, bytes: as long as the format allows.
const LINE: usize = 80;

/// Appends the lines of a table `(X++(Y..Y))`; `x` gives the abscissa of a point. Each line but the
/// first begins with the last point of the line before it, and so does one more line at the end, by
/// which readers check their sums.
pub(super) fn pack(counts: &[i64], x: impl Fn(usize) -> f64, text: &mut String) {
    let mut written = 0;
    while written < counts.len() {
        let first = written.saturating_sub(1);
        let mut line = format!("{:.4}", x(first));
        digits(counts[first], ['@', 'A', 'a'], &mut line);
        let mut next = first + 1;
        while let Some(token) = token(counts, next) {
            // However long the abscissa, a line has a point.
            if line.len() + token.text.len() > LINE && next > first + 1 {
                break;
            }
            line.push_str(&token.text);
            next += token.points;
        }
        // Nothing can go wrong on the way to memory.
        let _ = writeln!(text, "{line}");
        written = next;
    }
    if let [.., last] = counts
        && counts.len() > 1
    {
        let _ = write!(text, "{:.4}", x(counts.len() - 1));
        digits(*last, ['@', 'A', 'a'], text);
        text.push('\n');
    }
}

/// A difference, and how often it follows on itself.
struct Token {
    text: String,
    points: usize,
}

/// From point `place - 1` on; `None` behind the last point.
fn token(counts: &[i64], place: usize) -> Option<Token> {
    let rest = counts.get(place - 1..).filter(|rest| rest.len() > 1)?;
    let step = rest[1] - rest[0];
    let points = rest.windows(2).take_while(|pair| pair[1] - pair[0] == step).count();
    let mut text = String::new();
    digits(step, ['%', 'J', 'j'], &mut text);
    if points > 1 {
        // Repeats have digits of their own: S is 1, Z is 8, s is 9.
        let number = points.to_string();
        let lead = number.as_bytes()[0];
        text.push(if lead == b'9' { 's' } else { char::from(b'S' + (lead - b'1')) });
        text.push_str(&number[1..]);
    }
    Some(Token { text, points })
}

/// A number whose first digit tells its sign: 0, from 1 and from -1.
fn digits(number: i64, [zero, plus, minus]: [char; 3], text: &mut String) {
    let magnitude = number.unsigned_abs().to_string();
    let lead = magnitude.as_bytes()[0];
    let letter = |one: char| char::from(one as u8 + (lead - b'1'));
    text.push(match number.signum() {
        0 => zero,
        1 => letter(plus),
        _ => letter(minus),
    });
    text.push_str(&magnitude[1..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(counts: &[i64]) -> String {
        let mut text = String::new();
        pack(counts, |place| 10.0 - place as f64, &mut text);
        text
    }

    #[test]
    fn differences_repeats_and_check_points_are_as_the_format_has_them() {
        // 12, then +1 three times, -13, 0, -19.
        assert_eq!(packed(&[12, 13, 14, 15, 2, 2, -17]), "10.0000A2JUj3%j9\n4.0000a7\n");
        assert_eq!(packed(&[0; 101]), "10.0000@%S00\n-90.0000@\n");
        assert_eq!(packed(&[3; 10]), "10.0000C%s\n1.0000C\n");
        assert_eq!(packed(&[-5]), "10.0000e\n");
        assert_eq!(packed(&[]), "");
    }

    #[test]
    fn a_line_begins_with_the_last_point_of_the_one_before() {
        // No difference repeats, so that every letter is a point.
        let counts: Vec<i64> = (0..100).map(|k| k * k * k).collect();
        let text = packed(&counts);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() > 3 && lines.iter().all(|line| line.len() <= LINE));
        let points = lines[0].chars().filter(char::is_ascii_alphabetic).count() + 1;
        let last = points - 1;
        let mut expected = format!("{:.4}", 10.0 - last as f64);
        digits(counts[last], ['@', 'A', 'a'], &mut expected);
        assert!(lines[1].starts_with(&expected), "{expected}: {}", lines[1]);
    }
}
