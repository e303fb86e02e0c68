//! Data fields of an SD record.

use std::fmt::Display;

/// Appends a field of NMReDATA; each line ends with a backslash.
pub(super) fn put<T: Display>(tag: &str, lines: impl IntoIterator<Item = T>, record: &mut String) {
    record.push_str(&format!(">  <NMREDATA_{tag}>\n"));
    for line in lines {
        record.push_str(&format!("{line}\\\n"));
    }
    record.push('\n');
}

/// Appends a field of one line as it is: a text that may hold backslashes of its own.
pub(super) fn put_verbatim(tag: &str, text: &str, record: &mut String) {
    record.push_str(&format!(">  <NMREDATA_{tag}>\n{text}\n\n"));
}

/// A text from outside on one line, without what separates lines, comments or records.
pub(super) fn plain(text: &str) -> String {
    let letter = |letter: char| match letter {
        '\\' => '/',
        ';' => ',',
        '\u{2028}' | '\u{2029}' => ' ',
        other if other.is_control() => ' ',
        other => other,
    };
    let text: String = text.chars().map(letter).collect();
    // At the start of a line these begin a field and end a record.
    text.trim().trim_start_matches(['>', '$', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_as_sd_files_have_it() {
        let mut record = String::new();
        put("ID", ["Title=a", "Name=b"], &mut record);
        put_verbatim("SMILES", "F/C=C\\F", &mut record);
        assert_eq!(
            record,
            ">  <NMREDATA_ID>\nTitle=a\\\nName=b\\\n\n>  <NMREDATA_SMILES>\nF/C=C\\F\n\n"
        );
    }

    #[test]
    fn no_text_ends_a_line_a_field_or_the_record() {
        assert_eq!(plain(" $$$$\r\n>  <NMREDATA_LEVEL>\n3\\;x"), "<NMREDATA_LEVEL> 3/,x");
        assert_eq!(plain("> $$$$ a"), "a");
        assert_eq!(plain("5 > 3 β"), "5 > 3 β");
    }
}
