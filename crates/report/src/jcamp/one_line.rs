//! Names that people gave, as values of a record.

/// Most letters kept.
const LONGEST: usize = 200;

/// The text on one line, without what would begin a label or a comment.
pub(super) fn one_line(text: &str) -> String {
    let blank = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    let mut plain = String::new();
    for letter in text.chars().map(|letter| if blank(letter) { ' ' } else { letter }) {
        let doubled = matches!(letter, '#' | '$' | ' ') && plain.ends_with(letter);
        if !doubled {
            plain.push(letter);
        }
    }
    plain.trim().chars().take(LONGEST).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_begins_a_label_or_a_comment() {
        assert_eq!(one_line(" β-ionone\r\n##END=\u{2028}$$$ x\0 "), "β-ionone #END= $ x");
        assert_eq!(one_line("###"), "#");
        assert_eq!(one_line(&"a".repeat(1_000)).len(), 200);
    }
}
