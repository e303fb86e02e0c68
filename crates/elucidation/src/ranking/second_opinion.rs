//! What SpecMol, which looks at both spectra without asking for a single shift, holds of the structure
//! that the verdict is on: told where it disagrees.

use larmor_nmr::elucidation::Verdict;

/// Probability of a match, among as many pairs that match as pairs that do not, from which and up to
/// which it is an opinion.
const MATCHES: f64 = 0.9;
const DOES_NOT: f64 = 0.1;

/// The opinion in words where it is not that of the verdict; `log_odds` of a match. Its own probability
/// is of pairs as it was trained on, most of them easy: what is told is how often it was right beside
/// isomers, on spectra drawn from measured shifts (crates/lab/docs/accuracy.md, SpecMol: 75 pairs each).
pub(super) fn disagreement(verdict: Verdict, log_odds: f64) -> Option<String> {
    let probability = 1.0 / (1.0 + (-log_odds).exp());
    let opinion = match verdict {
        Verdict::Consistent | Verdict::BestMatch if probability <= DOES_NOT => {
            "does not take the spectra for those of this structure; of 75 right ones it missed 1"
        }
        Verdict::Inconsistent | Verdict::NoneFits if probability >= MATCHES => {
            "takes the spectra for those of this structure, as it does with every third wrong isomer"
        }
        _ => return None,
    };
    Some(format!("second opinion: SpecMol {opinion}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_opinion_against_the_verdict_is_told() {
        let told = |verdict, odds| disagreement(verdict, odds).unwrap_or_default();
        assert!(told(Verdict::Consistent, -3.0).contains("does not take"));
        assert!(told(Verdict::BestMatch, -3.0).contains("does not take"));
        assert!(told(Verdict::Inconsistent, 3.0).contains("takes the spectra"));
        for (verdict, odds) in [
            (Verdict::Consistent, 3.0),
            (Verdict::Consistent, -1.0),
            (Verdict::Inconsistent, -3.0),
            (Verdict::Inconsistent, 1.0),
            (Verdict::Inconclusive, 9.0),
        ] {
            assert_eq!(disagreement(verdict, odds), None, "{verdict:?} {odds}");
        }
    }
}
