//! Numbers of headers as programs of all countries write them: with a decimal point or a decimal
//! comma, with or without separators between thousands.

/// The first number of a text; a unit behind it is passed over.
///
/// `1,5` alone is one and a half. Where commas stand before a point, or more than one in groups
/// of three digits, they separate thousands. Else a comma ends the number.
pub(super) fn number(text: &str) -> Option<f64> {
    let first = text.split([' ', '\t', ';']).find(|part| !part.trim_matches(',').is_empty())?;
    let first = first.trim_matches(',');
    let read = if is_with_comma(first) {
        first.replace(',', ".").parse::<f64>()
    } else if has_thousands(first) {
        first.replace(',', "").parse::<f64>()
    } else {
        first.split(',').next().unwrap_or_default().parse::<f64>()
    };
    read.ok().filter(|number| number.is_finite())
}

/// A number of points: `16,384` is written with a separator, `16384,000` with a decimal comma.
pub(super) fn count(text: &str) -> Option<f64> {
    let text = text.trim();
    let groups: Vec<&str> = text.split(',').collect();
    let thousands = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().all(|group| group.len() == 3)
        && groups.iter().all(|group| is_digits(group));
    if thousands { text.replace(',', "").parse().ok() } else { number(text) }
}

/// Whether a text is one number with a decimal comma.
pub(super) fn is_with_comma(text: &str) -> bool {
    let Some((whole, rest)) = text.trim().split_once(',') else { return false };
    let (fraction, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    is_digits(whole.trim_start_matches(['+', '-']))
        && is_digits(fraction)
        && exponent.is_none_or(|power| is_digits(power.trim_start_matches(['+', '-'])))
}

/// The elements of a list that has at most `most`, with `.` for every decimal comma.
///
/// With decimal commas a comma separates only where a blank or nothing follows, or where
/// semicolons do it.
pub(super) fn list(text: &str, most: usize, with_commas: bool) -> Vec<String> {
    let plain = |separator| text.split(separator).map(|part| part.trim().to_owned()).collect();
    if text.contains(';') {
        return with_points(plain(';'));
    }
    let parts: Vec<String> = plain(',');
    if !with_commas && (most == 0 || parts.len() <= most) {
        return parts;
    }
    let spaced = at_spaced_commas(text);
    if spaced.len() <= most || with_commas { with_points(spaced) } else { parts }
}

/// Whether a list of at most `most` numbers can only be one of numbers with decimal commas.
pub(super) fn list_has_commas(text: &str, most: usize) -> bool {
    most > 0
        && text.split(',').count() > most
        && at_spaced_commas(text).len() <= most
        && at_spaced_commas(text).iter().any(|part| is_with_comma(part))
}

fn at_spaced_commas(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let ends = letter == ',' && letters.peek().is_none_or(|next| next.is_whitespace());
        match parts.last_mut() {
            Some(last) if !ends => last.push(letter),
            _ => parts.push(String::new()),
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

fn with_points(parts: Vec<String>) -> Vec<String> {
    let point = |part: String| if is_with_comma(&part) { part.replace(',', ".") } else { part };
    parts.into_iter().map(point).collect()
}

fn has_thousands(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default().trim_start_matches(['+', '-']);
    let mut groups = whole.split(',');
    let leading = groups.next().is_some_and(|first| is_digits(first) && first.len() <= 3);
    let mut rest = groups.peekable();
    leading && rest.peek().is_some() && rest.all(|group| is_digits(group) && group.len() == 3)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_comma_is_read_as_what_it_must_be() {
        for (text, value) in [
            ("400.13 $$ MHz", 400.13),
            ("399,784493896", 399.784_493_896),
            ("-1,5E-2 Hz", -0.015),
            ("6,251.57", 6251.57),
            ("1,234,567", 1_234_567.0),
            ("-0.5, 22", -0.5),
            ("22.5,22.5", 22.5),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        assert_eq!(number("CDCl3"), None);
        assert_eq!((count("16,384"), count("16384,000")), (Some(16384.0), Some(16384.0)));
        assert_eq!(count(" 16385.000000"), Some(16385.0));
    }

    #[test]
    fn lists_are_taken_apart_where_a_comma_separates() {
        let mixed = "0,    1666,498, 339,72, 1";
        assert!(list_has_commas(mixed, 4) && !list_has_commas("0, 1, 2, 3", 4));
        assert_eq!(list(mixed, 4, false), ["0", "1666.498", "339.72", "1"]);
        assert_eq!(list("4.9E-05,  0,05, 0,02, 1", 4, true), ["4.9E-05", "0.05", "0.02", "1"]);
        assert_eq!(list("0;1,5;2", 3, false), ["0", "1.5", "2"]);
        assert_eq!(list("SECONDS, ARBITRARY UNITS,", 4, true), ["SECONDS", "ARBITRARY UNITS", ""]);
        assert_eq!(list("X,R,I", 0, false), ["X", "R", "I"]);
    }

    proptest! {
        #[test]
        fn a_number_is_the_same_with_point_and_comma(value in -1e6f64..1e6, places in 1usize..9) {
            let point = format!("{value:.places$}");
            let comma = point.replace('.', ",");
            prop_assert_eq!(number(&point), number(&comma));
            prop_assert!(is_with_comma(&comma));
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,40}", most in 0usize..5, commas: bool) {
            let _ = (number(&text), count(&text), list_has_commas(&text, most));
            prop_assert!(!list(&text, most, commas).is_empty());
        }
    }
}
