use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<Vec<f64>, Problem> {
    ordinates(text.as_bytes(), 1, 1000, false).map(|read| read.values)
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
fn decimal_commas_are_read_where_they_are_known() {
    let read = ordinates(b"0,5 1,25 -2,5E-1\n2,5+3,5-4", 1, 9, true).unwrap();
    assert_eq!(read.values, [1.25, -0.25, 3.5, -4.0]);
    assert_eq!(read.lines, [(0.5, 0), (2.5, 2)]);
    assert!(read.are_counted_by_their_abscissas());
}

#[test]
fn a_lost_line_shows_in_the_abscissas() {
    let whole = "0 1 2 3\n3 4 5 6\n6 7 8 9\n9 1 1 1\n12 2 2\n";
    let even = |text: &str| {
        ordinates(text.as_bytes(), 1, 99, false).unwrap().are_counted_by_their_abscissas()
    };
    assert!(even(whole));
    assert!(!even(&whole.replace("6 7 8 9\n", "")));
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
                Form::Dif if index > 0 => pseudo(value - line[index - 1], b"%JKLMNOPQRjklmnopqr"),
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
        // Where every pseudo-digit is an E it may as well be an exponent.
        let digits = text.chars().filter(|c| c.is_ascii_alphabetic() || "%@".contains(*c));
        let all_e = digits.clone().count() > 0 && digits.clone().all(|c| "Ee".contains(c));
        prop_assume!(!all_e);
        let expected: Vec<f64> = values.iter().map(|&value| value as f64).collect();
        prop_assert_eq!(ordinates(text.as_bytes(), 1, 300, false).unwrap().values, expected, "{}", text);
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
        let error = ordinates(lines.join("\n").as_bytes(), 1, 300, false).unwrap_err();
        let place = format!("line {}: check value", line + 1);
        prop_assert!(matches!(&error, Problem::Malformed(what) if what.to_string().starts_with(&place)));
    }

    #[test]
    fn any_bytes_are_survived(
        bytes in proptest::collection::vec(any::<u8>(), 0..500),
        decimal_comma: bool,
    ) {
        let read = ordinates(&bytes, 1, 1000, decimal_comma);
        let _ = read.map(|read| read.are_counted_by_their_abscissas());
    }
}
