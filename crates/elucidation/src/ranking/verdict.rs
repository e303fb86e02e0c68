//! Consistent, inconsistent or inconclusive, and why.

use crate::scoring::fit::Fit;
use crate::verification::{Assessment, JudgedNuclei};
use larmor_nmr::elucidation::Verdict;

/// Verdict probability up to which a structure is inconsistent with its spectra.
const INCONSISTENT: f64 = 0.1;

/// Verdict probability from which it is consistent: what one wrong structure in twenty of the half
/// of the printed lists that weights are fitted on reaches by 13C or both nuclei, and one in fifteen
/// by 1H; see `docs/accuracy.md` for the other half.
fn consistent_from(nuclei: JudgedNuclei) -> f64 {
    match nuclei {
        JudgedNuclei::Carbon => 0.67,
        JudgedNuclei::ProtonCounted | JudgedNuclei::ProtonMeasured => 0.80,
        JudgedNuclei::BothCounted | JudgedNuclei::BothMeasured => 0.75,
    }
}

/// Surprise, in nats a line, up to which a list is what the structure lets expect: 19 of 20 right
/// structures stay below it, and one in 20 of the best of their isomers.
const EXPECTED: f64 = 0.5;
/// Surprise from which it is not: one right structure in 150 lies above it.
const SURPRISING: f64 = 1.5;
/// Probability from which the candidate stands out.
const STANDS_OUT: f64 = 0.5;
/// Nats by which another candidate must be better to speak against this one.
const BEATEN: f64 = 6.0;
/// Fewer lines than this decide nothing.
const FEW_LINES: usize = 3;

/// What the verdict looks at besides the fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) proposed: bool,
    pub(crate) rank: u32,
    /// Of its constitution: shifts do not tell stereoisomers and isotopologues apart, so these
    /// are no rivals.
    pub(crate) probability: f64,
    /// Other candidates of its constitution share that probability.
    pub(crate) pooled: bool,
    /// Score of the best candidate of another constitution less this one's; `None` without any.
    pub(crate) behind: Option<f64>,
    pub(crate) formula_differs: bool,
}

/// The verdict, and its reasons in words. Without an assessment the 13C list alone decides.
pub(crate) fn decide(
    fit: &Fit,
    assessment: Option<&Assessment>,
    standing: Standing,
) -> (Verdict, Vec<String>) {
    let mut against = Vec::new();
    let mut doubts = Vec::new();
    let mut reasons = Vec::new();
    let strain = fit.mean_strain();
    if fit.lines > 0 {
        reasons.push(format!(
            "{} of {} distinct carbons have a line, mean residual {:.1} ppm ({strain:.1} times \
             what the network expects)",
            fit.matched,
            fit.sites,
            fit.mean_deviation(),
        ));
    }
    if let Some((times, observed, predicted)) = fit.worst.filter(|worst| worst.0 > 4.0) {
        doubts.push(format!(
            "the line at {observed:.1} ppm lies {:.1} ppm from the prediction ({times:.1} times \
             its spread)",
            (observed - predicted).abs(),
        ));
    }
    if !fit.extra.is_empty() {
        doubts.push(format!("no carbon explains {}", listed(&fit.extra)));
    }
    if !fit.missing.is_empty() {
        doubts.push(format!("no line for carbons expected at {}", listed(&fit.missing)));
    }
    if !fit.wrong_multiplicity.is_empty() {
        doubts.push(format!(
            "the hydrogen count of {} is not that of its carbon",
            listed(&fit.wrong_multiplicity)
        ));
    }
    if let Some(assessment) = assessment {
        let words = if assessment.probability <= INCONSISTENT { &mut against } else { &mut doubts };
        words.extend(assessment.against_in_words());
    } else if fit.surprise > SURPRISING {
        against.push(format!(
            "the 13C list is not what the structure lets expect: {:.1} nats a line less likely \
             (right structures stay below {SURPRISING})",
            fit.surprise
        ));
    }
    if standing.formula_differs {
        against.push("its formula is not the stated one".to_owned());
    }
    if let Some(behind) = standing.behind.filter(|&behind| standing.proposed && behind > BEATEN) {
        let beaten = format!(
            "another candidate explains the spectra better (rank {}, {behind:.1} nats behind)",
            standing.rank
        );
        // 1H lines alone rank, but are too blunt to rule a structure out.
        if fit.lines > 0 { against.push(beaten) } else { doubts.push(beaten) }
    }
    if fit.lines == 0 && assessment.is_none() {
        doubts.insert(0, "there are no 13C lines to judge by".to_owned());
    }
    if !against.is_empty() {
        reasons.extend(against);
        reasons.extend(doubts);
        return (Verdict::Inconsistent, reasons);
    }
    let by_carbon_alone = assessment.is_none_or(|a| a.nuclei == JudgedNuclei::Carbon);
    let few = by_carbon_alone && fit.lines.min(fit.matched) < FEW_LINES;
    let fits =
        assessment.map_or(fit.surprise <= EXPECTED, |a| a.probability >= consistent_from(a.nuclei));
    let sound = fits && fit.wrong_multiplicity.is_empty() && !few;
    if let Some(assessment) = assessment {
        reasons.push(assessment.in_words());
        reasons.extend(assessment.not_told_apart.iter().map(|words| (*words).to_owned()));
    } else if !few && fit.surprise > EXPECTED {
        doubts.push(format!(
            "the fit is worse than usual for a right structure ({:.1} nats a line)",
            fit.surprise
        ));
    }
    let ahead = standing.probability >= STANDS_OUT || standing.behind.is_none();
    if few && fit.lines > 0 {
        doubts.push(format!("{} 13C lines are too few to decide", fit.lines));
    }
    if !ahead {
        doubts
            .push(format!("other candidates fit as well: probability {:.2}", standing.probability));
    }
    let (but, with) = if standing.pooled {
        (
            "but its stereoisomers and isotopologues",
            ", its stereoisomers and isotopologues included",
        )
    } else {
        ("else", "")
    };
    if standing.behind.is_none() {
        reasons.push(format!("nothing {but} was there to compare it with"));
    } else if ahead {
        reasons.push(format!("probability {:.2} among the candidates{with}", standing.probability));
    }
    reasons.extend(doubts);
    (if sound && ahead { Verdict::Consistent } else { Verdict::Inconclusive }, reasons)
}

/// Shifts for people: at most six, then how many more.
fn listed(shifts: &[f64]) -> String {
    let shown: Vec<String> = shifts.iter().take(6).map(|ppm| format!("{ppm:.1}")).collect();
    let more = shifts.len().saturating_sub(6);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{} ppm{tail}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Fit {
        Fit { matched: 10, sites: 10, lines: 10, strain: 9.0, deviation: 12.0, ..Fit::default() }
    }

    fn alone() -> Standing {
        Standing {
            proposed: true,
            rank: 1,
            probability: 1.0,
            pooled: false,
            behind: None,
            formula_differs: false,
        }
    }

    #[test]
    fn a_sound_fit_is_consistent() {
        assert_eq!(decide(&sound(), None, alone()).0, Verdict::Consistent);
    }

    #[test]
    fn every_contradiction_is_named() {
        let cases = [
            (Fit { surprise: 1.8, ..sound() }, alone(), "less likely"),
            (sound(), Standing { formula_differs: true, ..alone() }, "formula"),
            (sound(), Standing { rank: 2, behind: Some(20.0), ..alone() }, "better"),
        ];
        for (fit, standing, word) in cases {
            let (verdict, reasons) = decide(&fit, None, standing);
            assert_eq!(verdict, Verdict::Inconsistent, "{reasons:?}");
            assert!(reasons.iter().any(|reason| reason.contains(word)), "{reasons:?}");
        }
    }

    #[test]
    fn an_assessment_decides_whatever_the_mean_of_the_lines_says() {
        let assessment = |probability| Assessment {
            nuclei: JudgedNuclei::ProtonCounted,
            probability,
            own: 0.0,
            alternative: None,
            against: vec![("1H hydrogens without signal", 3.0, 2.1)],
            not_told_apart: Vec::new(),
        };
        let protons_only = Fit { sites: 10, ..Fit::default() };
        for (probability, expected) in [
            (0.9, Verdict::Consistent),
            (0.3, Verdict::Inconclusive),
            (0.02, Verdict::Inconsistent),
        ] {
            let assessment = assessment(probability);
            let (verdict, reasons) = decide(&protons_only, Some(&assessment), alone());
            assert_eq!(verdict, expected, "{reasons:?}");
            assert!(reasons.iter().any(|reason| reason.contains("without signal")), "{reasons:?}");
        }
    }

    #[test]
    fn what_does_not_decide_is_said_not_to() {
        let strange = Fit { wrong_multiplicity: vec![20.0], ..sound() };
        assert_eq!(decide(&strange, None, alone()).0, Verdict::Inconclusive);
        let poor = Fit { surprise: 0.9, ..sound() };
        assert_eq!(decide(&poor, None, alone()).0, Verdict::Inconclusive);
        let rival = Standing { probability: 0.3, behind: Some(0.1), ..alone() };
        assert_eq!(decide(&sound(), None, rival).0, Verdict::Inconclusive);
        let protons_only = Fit { sites: 10, ..Fit::default() };
        for standing in [alone(), Standing { rank: 2, behind: Some(20.0), ..alone() }] {
            let (verdict, reasons) = decide(&protons_only, None, standing);
            assert_eq!(verdict, Verdict::Inconclusive, "{reasons:?}");
            assert!(reasons.iter().any(|reason| reason.contains("no 13C lines")), "{reasons:?}");
        }
        let few = Fit { matched: 2, sites: 2, lines: 2, strain: 1.0, ..Fit::default() };
        assert_eq!(decide(&few, None, alone()).0, Verdict::Inconclusive);
    }
}
