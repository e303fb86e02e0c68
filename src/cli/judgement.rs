//! Verdicts, components and signals in the words of reports for people.

/// A verdict by its name, with its probability where there is one: `consistent (0.97)`,
/// `best match`.
pub(super) fn verdict(name: &str, probability: Option<f64>) -> String {
    let words = name.replace('_', " ");
    match probability {
        Some(probability) => format!("{words} ({probability:.2})"),
        None => words,
    }
}

/// The share of a component: `  3.5 ± 0.4`, and `-` where it is not known.
pub(super) fn share(mol_percent: Option<f64>, error: Option<f64>) -> String {
    match (mol_percent, error) {
        (Some(share), Some(error)) => format!("{share:>5.1} ± {error:.1}"),
        (Some(share), None) => format!("{share:>5.1}"),
        (None, _) => format!("{:>5}", "-"),
    }
}

/// A signal: `13C 29.7`, `1H 1.26 (0.2 H)`.
pub(super) fn signal(nucleus: &str, ppm: f64, hydrogens: Option<f64>) -> String {
    let digits = if nucleus == "1H" { 2 } else { 1 };
    match hydrogens {
        Some(hydrogens) => format!("{nucleus} {ppm:.digits$} ({hydrogens:.1} H)"),
        None => format!("{nucleus} {ppm:.digits$}"),
    }
}

/// What each network says of a candidate, by name.
pub(super) fn parts<'a>(parts: impl Iterator<Item = (&'a str, f64)>) -> String {
    let mut parts: Vec<(&str, f64)> = parts.collect();
    parts.sort_by(|a, b| a.0.cmp(b.0));
    let said = parts.into_iter().map(|(name, value)| format!("{name} {value:.2}"));
    said.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_left_out() {
        assert_eq!(verdict("best_match", None), "best match");
        assert_eq!(verdict("consistent", Some(0.974)), "consistent (0.97)");
        assert_eq!(share(Some(3.54), Some(0.42)), "  3.5 ± 0.4");
        assert_eq!(share(Some(100.0), None), "100.0");
        assert_eq!(share(None, Some(0.4)), "    -");
        assert_eq!(
            parts([("match", 4.2), ("13C shifts", -12.5)].into_iter()),
            "13C shifts -12.50, match 4.20"
        );
        assert_eq!(signal("13C", 29.74, None), "13C 29.7");
        assert_eq!(signal("1H", 1.256, Some(0.21)), "1H 1.26 (0.2 H)");
    }
}
