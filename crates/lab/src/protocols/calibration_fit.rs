//! Constants of candidates' probabilities, fitted to cases whose truth is known.

use larmor_elucidation::Parameters;

/// A ranking whose truth is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    /// Score of the right candidate.
    pub(super) own: f64,
    /// Scores of the others, highest first.
    pub(super) rivals: Vec<f64>,
    /// Distinct 13C and 1H lines.
    pub(super) lines: (usize, usize),
}

/// What is said of a case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct StatedProbabilities {
    /// Probability of the right candidate; nothing where it is not there.
    pub(super) own: f64,
    /// Probability of the best of the others.
    pub(super) rival: f64,
    /// Probability of none of these.
    pub(super) none: f64,
}

impl Case {
    /// Probabilities as judgements state them, with the right candidate there or taken away.
    pub(super) fn stated(&self, present: bool, parameters: &Parameters) -> StatedProbabilities {
        let none = parameters.none_score(self.lines.0, self.lines.1);
        let own = present.then_some(self.own);
        let best = self.rivals.first().copied().into_iter().chain(own).fold(none, f64::max);
        let weight = |score: f64| ((score - best) / parameters.temperature).exp();
        let rivals: f64 = self.rivals.iter().map(|&score| weight(score)).sum();
        let own = own.map_or(0.0, weight);
        let total = rivals + own + weight(none);
        StatedProbabilities {
            own: own / total,
            rival: self.rivals.first().map_or(0.0, |&score| weight(score) / total),
            none: weight(none) / total,
        }
    }
}

/// Mean surprise of the truth, nats, over all cases with the right candidate there and without.
#[allow(clippy::cast_precision_loss)]
pub(super) fn loss(cases: &[Case], parameters: &Parameters) -> f64 {
    let of = |case: &Case| {
        let present = case.stated(true, parameters).own;
        let absent = case.stated(false, parameters).none;
        -(present.max(1e-12).ln() + absent.max(1e-12).ln()) / 2.0
    };
    cases.iter().map(of).sum::<f64>() / cases.len().max(1) as f64
}

/// The constants under which the truth surprises least; the other prices stay as they are. A
/// pattern search: four constants, and a loss without local troughs that matter.
pub(super) fn fit(cases: &[Case], start: &Parameters) -> Parameters {
    type Field = fn(&mut Parameters) -> &mut f64;
    let fields: [(Field, f64); 4] = [
        (|p| &mut p.temperature, 0.2),
        (|p| &mut p.none, 2.0),
        (|p| &mut p.none_carbon_line, 0.4),
        (|p| &mut p.none_proton_line, 0.4),
    ];
    let (mut best, mut least) = (*start, loss(cases, start));
    let mut scale = 1.0;
    while scale > 0.01 {
        let mut moved = false;
        for (field, step) in fields {
            for way in [scale, -scale] {
                let mut tried = best;
                *field(&mut tried) += way * step;
                if tried.temperature < 0.2 {
                    continue;
                }
                let found = loss(cases, &tried);
                if found < least - 1e-7 {
                    (best, least, moved) = (tried, found, true);
                }
            }
        }
        if !moved {
            scale /= 2.0;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores that are twice too sure, and a background at -20.
    #[test]
    fn what_made_the_cases_is_found_again() {
        let cases: Vec<Case> = (0..400)
            .map(|i| {
                let own = -20.0 + 2.0 * f64::from(i % 20) - 12.0;
                let rivals = vec![own - 2.0 * f64::from(i % 7) + 4.0];
                Case { own, rivals, lines: (0, 0) }
            })
            .collect();
        let start = Parameters { none: -5.0, ..Parameters::default() };
        let found = fit(&cases, &start);
        assert!(loss(&cases, &found) < loss(&cases, &start) - 0.1);
        let said = cases[0].stated(true, &found);
        assert!((said.own + said.rival + said.none - 1.0).abs() < 1e-9);
        assert!(cases[0].stated(false, &found).own.abs() < 1e-12);
    }
}
