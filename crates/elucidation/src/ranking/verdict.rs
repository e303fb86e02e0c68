//! Consistent, inconsistent or inconclusive, and why.

use crate::alternatives::Change;
use crate::scoring::fit::Fit;
use crate::verification::{Assessment, JudgedNuclei, listed};
use larmor_nmr::elucidation::Verdict;

/// Verdict probability up to which a structure is inconsistent with its spectra.
const INCONSISTENT: f64 = 0.1;

/// Verdict probability from which it is consistent. Of the half of the printed lists that weights
/// are fitted on, one wrong structure in 20 reaches it by 13C or by 1H, and one in 50 by both; see
/// `docs/accuracy.md` for the other half.
fn consistent_from(nuclei: JudgedNuclei) -> f64 {
    nuclei.pick(0.70, 0.82, 0.80)
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

/// Said of a structure whose shifts are guesses.
const UNKNOWN_ELEMENT: &str = "it holds an element that the shift network hardly knows: what it \
     expects is a guess, and nothing follows from it";

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
    /// Probability that it is none of the candidates.
    pub(crate) none: f64,
    /// It is one of two that explain the spectra only together: alone neither comes first.
    pub(crate) beside: bool,
}

/// The verdict, and its reasons in words, what decides first. Without an assessment the 13C list
/// alone decides.
pub(crate) fn decide(
    fit: &Fit,
    assessment: Option<&Assessment>,
    standing: Standing,
) -> (Verdict, Vec<String>) {
    let Spoken { against, doubts, mut reasons } = match assessment {
        Some(assessment) => by_assessment(fit, assessment),
        None => by_carbon_lines(fit),
    };
    let (mut against, mut doubts) = (against, doubts);
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
    if assessment.is_some_and(|assessment| assessment.unknown_element) {
        let mut said = vec![UNKNOWN_ELEMENT.to_owned()];
        said.append(&mut against);
        said.append(&mut reasons);
        return (Verdict::Inconclusive, said);
    }
    let nothing_fits = !standing.proposed && !standing.beside && standing.none >= STANDS_OUT;
    let ruled_out = assessment.is_some_and(|a| a.probability <= INCONSISTENT);
    if !against.is_empty() || ruled_out || nothing_fits {
        if nothing_fits {
            against.push(format!(
                "probability {:.2} that it is none of the candidates",
                standing.none
            ));
        }
        against.append(&mut doubts);
        against.append(&mut reasons);
        let verdict = if standing.proposed { Verdict::Inconsistent } else { Verdict::NoneFits };
        return (verdict, against);
    }
    let by_carbon_alone = assessment.is_none_or(|a| a.nuclei == JudgedNuclei::Carbon);
    let few = by_carbon_alone && fit.lines.min(fit.matched) < FEW_LINES;
    let fits =
        assessment.map_or(fit.surprise <= EXPECTED, |a| a.probability >= consistent_from(a.nuclei));
    let sound = fits && fit.wrong_multiplicity.is_empty() && !few;
    let ahead = standing.probability >= STANDS_OUT || standing.behind.is_none() || standing.beside;
    if few && fit.lines > 0 {
        doubts.push(format!("{} 13C lines are too few to decide", fit.lines));
    }
    if !ahead {
        doubts
            .push(format!("other candidates fit as well: probability {:.2}", standing.probability));
    }
    reasons.push(among_the_candidates(standing, ahead));
    let verdict = match (sound && ahead, standing.proposed) {
        (true, true) => Verdict::Consistent,
        (true, false) => Verdict::BestMatch,
        (false, _) => Verdict::Inconclusive,
    };
    if verdict == Verdict::Inconclusive {
        doubts.extend(assessment.map(|assessment| what_would_decide(assessment).to_owned()));
        doubts.append(&mut reasons);
        return (verdict, doubts);
    }
    reasons.append(&mut doubts);
    (verdict, reasons)
}

/// What is said of a structure.
struct Spoken {
    against: Vec<String>,
    doubts: Vec<String>,
    reasons: Vec<String>,
}

/// Words by every discrepancy of all nuclei.
fn by_assessment(fit: &Fit, assessment: &Assessment) -> Spoken {
    let mut reasons = vec![assessment.in_words()];
    reasons.extend(assessment.contents_in_words());
    if fit.lines > 0 {
        reasons.push(matched(fit));
    }
    reasons.extend(assessment.not_told_apart.iter().map(|words| (*words).to_owned()));
    let mut doubts = assessment.against.clone();
    if !fit.wrong_multiplicity.is_empty() {
        doubts.push(wrong_multiplicity(fit));
    }
    Spoken { against: Vec::new(), doubts, reasons }
}

/// Words by the 13C list alone.
fn by_carbon_lines(fit: &Fit) -> Spoken {
    let (mut against, mut doubts, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
    if fit.lines > 0 {
        reasons.push(matched(fit));
    } else {
        doubts.push("there are no 13C lines to judge by".to_owned());
    }
    if let Some((times, observed, predicted)) = fit.worst.filter(|worst| worst.0 > 4.0) {
        doubts.push(format!(
            "the line at {observed:.1} ppm lies {:.1} ppm from the prediction ({times:.1} times \
             its spread)",
            (observed - predicted).abs(),
        ));
    }
    if fit.lines > 0 && !fit.extra.is_empty() {
        doubts.push(format!("no carbon explains {}", listed(&fit.extra, 1)));
    }
    if fit.lines > 0 && !fit.missing.is_empty() {
        doubts.push(format!("no line for carbons expected at {}", listed(&fit.missing, 1)));
    }
    if !fit.wrong_multiplicity.is_empty() {
        doubts.push(wrong_multiplicity(fit));
    }
    if fit.surprise > SURPRISING {
        against.push(format!(
            "the 13C list is not what the structure lets expect: {:.1} nats a line less likely \
             (right structures stay below {SURPRISING})",
            fit.surprise
        ));
    } else if fit.surprise > EXPECTED {
        doubts.push(format!(
            "the fit is worse than usual for a right structure ({:.1} nats a line)",
            fit.surprise
        ));
    }
    Spoken { against, doubts, reasons }
}

fn matched(fit: &Fit) -> String {
    format!(
        "{} of {} distinct carbons have a line, mean residual {:.1} ppm ({:.1} times what the \
         network expects)",
        fit.matched,
        fit.sites,
        fit.mean_deviation(),
        fit.mean_strain(),
    )
}

fn wrong_multiplicity(fit: &Fit) -> String {
    format!(
        "the hydrogen count of {} is not that of its carbon",
        listed(&fit.wrong_multiplicity, 1)
    )
}

fn among_the_candidates(standing: Standing, ahead: bool) -> String {
    let (but, with) = if standing.pooled {
        (
            "but its stereoisomers and isotopologues",
            ", its stereoisomers and isotopologues included",
        )
    } else {
        ("else", "")
    };
    if standing.beside {
        "one of two candidates that explain the spectra together".to_owned()
    } else if standing.behind.is_none() {
        format!("nothing {but} was there to compare it with")
    } else if ahead {
        format!("probability {:.2} among the candidates{with}", standing.probability)
    } else {
        format!("rank {} of the candidates{with}", standing.rank)
    }
}

/// The spectrum that would tell most.
fn what_would_decide(assessment: &Assessment) -> &'static str {
    let change = assessment.alternative.as_ref().map(|alternative| alternative.1);
    match (assessment.nuclei, change) {
        (JudgedNuclei::Carbon, _) => {
            "a 1H spectrum would decide most: it counts hydrogens and shows what stands beside them"
        }
        (JudgedNuclei::ProtonCounted | JudgedNuclei::ProtonMeasured, _) => {
            "a 13C spectrum would decide most: it shows every carbon"
        }
        (_, Some(Change::Regioisomer | Change::PositionalIsomer | Change::EsterReversed)) => {
            "an HMBC would decide most: it shows what is bound to what"
        }
        (_, Some(Change::HalogenSwapped | Change::Dehalogenated | Change::AzaSwapped)) => {
            "a mass spectrum would decide most: it tells the composition"
        }
        (_, Some(Change::DoubleBondIsomer | Change::Epimer)) => {
            "a NOESY would decide most: it shows what is near in space"
        }
        _ if assessment.left.lines.carbon.iter().any(|line| line.multiplicity.is_some()) => {
            "an HMBC would decide most: it shows what is bound to what"
        }
        _ => "a DEPT135 or an HSQC would decide most: it tells CH3, CH2, CH and C apart",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
