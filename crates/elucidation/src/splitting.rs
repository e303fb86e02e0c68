//! How a 1H signal is split, as chemists write it.

use larmor_networks::SignalPattern;

/// What a signal is split into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SplittingPattern {
    /// Nobody said, or nobody could read it (`m`).
    #[default]
    Unread,
    /// Not split.
    Singlet,
    /// By one hydrogen.
    Doublet,
    /// By two alike.
    Triplet,
    /// By three alike.
    Quartet,
    /// By four alike.
    Quintet,
    /// By five alike.
    Sextet,
    /// By six alike.
    Septet,
    /// By hydrogens of several kinds: `dd`, `dt`, `ddd`, `td` ...
    Compound,
}

/// Words and letters of simple patterns; of those that begin alike the longest first.
const WORDS: [(&str, SplittingPattern); 23] = [
    ("singlet", SplittingPattern::Singlet),
    ("doublet", SplittingPattern::Doublet),
    ("triplet", SplittingPattern::Triplet),
    ("quartet", SplittingPattern::Quartet),
    ("quintet", SplittingPattern::Quintet),
    ("pentet", SplittingPattern::Quintet),
    ("sextet", SplittingPattern::Sextet),
    ("septet", SplittingPattern::Septet),
    ("heptet", SplittingPattern::Septet),
    ("quint", SplittingPattern::Quintet),
    ("quin", SplittingPattern::Quintet),
    ("pent", SplittingPattern::Quintet),
    ("sext", SplittingPattern::Sextet),
    ("hex", SplittingPattern::Sextet),
    ("sept", SplittingPattern::Septet),
    ("hept", SplittingPattern::Septet),
    ("sep", SplittingPattern::Septet),
    ("q", SplittingPattern::Quartet),
    ("p", SplittingPattern::Quintet),
    ("s", SplittingPattern::Singlet),
    ("d", SplittingPattern::Doublet),
    ("t", SplittingPattern::Triplet),
    ("m", SplittingPattern::Unread),
];

impl From<SplittingPattern> for SignalPattern {
    /// As far as networks tell patterns apart.
    fn from(pattern: SplittingPattern) -> Self {
        match pattern {
            SplittingPattern::Unread => Self::Unread,
            SplittingPattern::Singlet => Self::Singlet,
            SplittingPattern::Doublet => Self::Doublet,
            SplittingPattern::Triplet => Self::Triplet,
            SplittingPattern::Quartet
            | SplittingPattern::Quintet
            | SplittingPattern::Sextet
            | SplittingPattern::Septet => Self::Quartet,
            SplittingPattern::Compound => Self::Compound,
        }
    }
}

impl SplittingPattern {
    /// Reads a pattern, and whether it is said to be broad: `s`, `br s`, `brd`, `dd`, `quint`,
    /// `app t`, `m` ... `None` of what is no pattern.
    ///
    /// ```
    /// use larmor_elucidation::SplittingPattern;
    ///
    /// assert_eq!(SplittingPattern::read("br s"), Some((SplittingPattern::Singlet, true)));
    /// assert_eq!(SplittingPattern::read("dt"), Some((SplittingPattern::Compound, false)));
    /// assert_eq!(SplittingPattern::read("CH3"), None);
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<(Self, bool)> {
        let letters: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '.' | ',' | '(' | ')' | '-'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let plain = letters.replace("apparent", "").replace("app", "");
        let stripped = ["broad", "br", "b"]
            .into_iter()
            .find_map(|word| plain.strip_prefix(word).or_else(|| plain.strip_suffix(word)));
        match stripped {
            Some("") => Some((Self::Unread, true)),
            Some(rest) => Some((Self::of_letters(rest)?, true)),
            None => Some((Self::of_letters(&plain)?, false)),
        }
    }

    /// One word, or several that make a compound pattern.
    fn of_letters(letters: &str) -> Option<Self> {
        let (mut rest, mut found) = (letters, Vec::new());
        while !rest.is_empty() {
            let (word, pattern) = WORDS.into_iter().find(|(word, _)| rest.starts_with(word))?;
            found.push(pattern);
            rest = &rest[word.len()..];
            // "doublet of doublets".
            rest = if word.len() > 4 { rest.strip_prefix('s').unwrap_or(rest) } else { rest };
            rest = rest.strip_prefix("of").unwrap_or(rest);
        }
        match found.as_slice() {
            [] => None,
            [one] => Some(*one),
            several => several
                .iter()
                .all(|part| !matches!(part, Self::Singlet | Self::Unread))
                .then_some(Self::Compound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SplittingPattern::{self, *};

    #[test]
    fn patterns_are_read_as_chemists_write_them() {
        for (text, pattern, broad) in [
            ("s", Singlet, false),
            ("br s", Singlet, true),
            ("brs", Singlet, true),
            ("bs", Singlet, true),
            ("br. s.", Singlet, true),
            ("s, br", Singlet, true),
            ("d", Doublet, false),
            ("brd", Doublet, true),
            ("app t", Triplet, false),
            ("Q", Quartet, false),
            ("quint", Quintet, false),
            ("p", Quintet, false),
            ("sext", Sextet, false),
            ("sept", Septet, false),
            ("hept", Septet, false),
            ("triplet", Triplet, false),
            ("dd", Compound, false),
            ("dt", Compound, false),
            ("ddd", Compound, false),
            ("qd", Compound, false),
            ("dquint", Compound, false),
            ("doublet of doublets", Compound, false),
            ("m", Unread, false),
            ("br m", Unread, true),
            ("br", Unread, true),
        ] {
            assert_eq!(SplittingPattern::read(text), Some((pattern, broad)), "{text}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_none() {
        for text in ["", "2H", "ArH", "CH3", "J = 5 Hz", "TMS", "NH", "OMe", "dm", "tBu"] {
            assert_eq!(SplittingPattern::read(text), None, "{text}");
        }
    }
}
