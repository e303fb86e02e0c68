//! What SpecMol, which looks at both spectra without asking for a single shift, holds of the structure
//! that the verdict is on: told where it disagrees.

use larmor_nmr::elucidation::Verdict;

/// Probability of a match, among as many pairs that match as pairs that do not, from which and up to
/// which it is an opinion.
const MATCHES: f64 = 0.9;
const DOES_NOT: f64 = 0.1;

/// The opinion in words where it is not that of the verdict; `log_odds` of a match.
pub(super) fn disagreement(verdict: Verdict, log_odds: f64) -> Option<String> {
    let probability = 1.0 / (1.0 + (-log_odds).exp());
    let said = |holds: &str| {
        format!(
            "second opinion: SpecMol holds that the spectra {holds} (probability {probability:.2})"
        )
    };
    match verdict {
        Verdict::Consistent | Verdict::BestMatch if probability <= DOES_NOT => {
            Some(said("are not those of this structure"))
        }
        Verdict::Inconsistent | Verdict::NoneFits if probability >= MATCHES => {
            Some(said("may be those of this structure"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_opinion_against_the_verdict_is_told() {
        let told = |verdict, odds| disagreement(verdict, odds).unwrap_or_default();
        assert!(told(Verdict::Consistent, -3.0).contains("are not those"));
        assert!(told(Verdict::BestMatch, -3.0).ends_with("(probability 0.05)"));
        assert!(told(Verdict::Inconsistent, 3.0).contains("may be those"));
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
