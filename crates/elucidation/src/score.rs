//! All spectra of a sample against one candidate: score, fit, assignments.

use super::lines::{Line, Lines};
use super::marginals::marginals;
use super::matching::{Core, Costs, Expected, Matching, Side};
use super::parameters::{NucleusParameters, Parameters};
use super::{PeakAssignment, ScorePart};
use crate::library::Profile;

/// Log-likelihood of all lines given a candidate.
pub(super) fn score(profile: &Profile, lines: &Lines, parameters: &Parameters) -> f64 {
    parts(profile, lines, parameters).iter().map(|(_, part)| part).sum()
}

/// The same for each nucleus that has lines, weighted.
pub(super) fn parts(
    profile: &Profile,
    lines: &Lines,
    parameters: &Parameters,
) -> Vec<(ScorePart, f64)> {
    [
        (ScorePart::Carbon, Side::Carbon, &lines.carbon, &parameters.carbon),
        (ScorePart::Proton, Side::Proton, &lines.proton, &parameters.proton),
    ]
    .into_iter()
    .filter(|(_, _, lines, nucleus)| !lines.is_empty() && nucleus.weight > 0.0)
    .map(|(part, side, lines, nucleus)| {
        let of = |nucleus: &NucleusParameters| {
            Costs::new(profile, lines, side, Core::Laplace, nucleus).solve().score
        };
        let whole = of(nucleus);
        if nucleus.partial <= 0.0 {
            return (part, nucleus.weight * whole);
        }
        // One list in so many holds but a part of the lines: the likelier of the two counts.
        let partial = of(&NucleusParameters { missing: nucleus.missing_in_partial, ..*nucleus });
        let share = nucleus.partial.min(0.999);
        let likelier = (whole + (1.0 - share).ln()).max(partial + share.ln());
        (part, nucleus.weight * likelier)
    })
    .collect()
}

/// How well the 13C lines of a sample and a candidate go together, in a chemist's terms.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Fit {
    /// Sites with a line.
    pub(super) matched: usize,
    /// Sites in all.
    pub(super) sites: usize,
    /// Lines in all.
    pub(super) lines: usize,
    /// Lines no site explains, ppm.
    pub(super) extra: Vec<f64>,
    /// Predicted shifts of sites that show no line, ppm.
    pub(super) missing: Vec<f64>,
    /// How much less likely the lines are than this structure lets expect, nats a line.
    pub(super) surprise: f64,
    /// Sum of abs(residual) / spread over matched sites.
    pub(super) strain: f64,
    /// Sum of abs(residual), ppm.
    pub(super) deviation: f64,
    /// Largest residual in spreads: (residual / spread, observed, predicted).
    pub(super) worst: Option<(f64, f64, f64)>,
    /// Lines whose multiplicity is not that of their site, ppm.
    pub(super) wrong_multiplicity: Vec<f64>,
}

impl Fit {
    /// Mean absolute residual, in spreads; one is what a sound prediction gives.
    pub(super) fn mean_strain(&self) -> f64 {
        self.strain / self.matched.max(1) as f64
    }

    /// Mean absolute residual, ppm.
    pub(super) fn mean_deviation(&self) -> f64 {
        self.deviation / self.matched.max(1) as f64
    }
}

/// Fit of the 13C side and assignments of both nuclei.
pub(super) fn explain(
    profile: &Profile,
    lines: &Lines,
    parameters: &Parameters,
) -> (Fit, Vec<PeakAssignment>) {
    let costs = |lines: &[Line], side: Side, core: Core| {
        let nucleus = match side {
            Side::Carbon => &parameters.carbon,
            Side::Proton => &parameters.proton,
        };
        Costs::new(profile, lines, side, core, nucleus)
    };
    let ranked = costs(&lines.carbon, Side::Carbon, Core::Laplace);
    let fit = fit(profile, &lines.carbon, &ranked, &ranked.solve());
    let carbon = costs(&lines.carbon, Side::Carbon, Core::Normal);
    let best = carbon.solve();
    let mut assignments = pairs(profile, &lines.carbon, &carbon, &best, parameters, "13C");
    if !lines.proton.is_empty() {
        let proton = costs(&lines.proton, Side::Proton, Core::Normal);
        let best = proton.solve();
        assignments.extend(pairs(profile, &lines.proton, &proton, &best, parameters, "1H"));
    }
    (fit, assignments)
}

fn fit(profile: &Profile, lines: &[Line], costs: &Costs, best: &Matching) -> Fit {
    let mut fit = Fit { lines: lines.len(), ..Fit::default() };
    if lines.is_empty() {
        // Nothing was looked for, so nothing is missing.
        fit.sites = costs.expected.iter().filter(|row| !row.copy).count();
        return fit;
    }
    let expected: f64 = costs.expected.iter().filter(|row| !row.copy).map(entropy).sum();
    fit.surprise = (-best.score - expected) / lines.len() as f64;
    let mut explained = vec![false; lines.len()];
    for (row, line) in costs.expected.iter().zip(&best.line_of) {
        let site = &profile.sites[row.site];
        fit.sites += usize::from(!row.copy);
        let Some(line) = *line else {
            if !row.copy {
                fit.missing.push(row.ppm);
            }
            continue;
        };
        explained[line] = true;
        let observed = lines[line];
        if observed.multiplicity.is_some_and(|m| !m.allows(site.hydrogens)) {
            fit.wrong_multiplicity.push(observed.ppm);
        }
        if row.copy {
            continue;
        }
        let residual = (observed.ppm - row.ppm).abs();
        let strain = residual / row.spread;
        fit.matched += 1;
        fit.strain += strain;
        fit.deviation += residual;
        if fit.worst.is_none_or(|worst| strain > worst.0) {
            fit.worst = Some((strain, observed.ppm, row.ppm));
        }
    }
    fit.extra = lines.iter().zip(explained).filter(|(_, e)| !e).map(|(l, _)| l.ppm).collect();
    fit
}

/// What a site's own line costs on average: the entropy of its Laplace distribution.
fn entropy(row: &Expected) -> f64 {
    1.0 + (2.0 * row.spread).ln()
}

/// Every atom of every site that has a line. Atoms of a site that shows two lines take turns.
fn pairs(
    profile: &Profile,
    lines: &[Line],
    costs: &Costs,
    best: &Matching,
    parameters: &Parameters,
    nucleus: &str,
) -> Vec<PeakAssignment> {
    let marginal = marginals(costs, parameters.assignment_temperature);
    let mut found: Vec<PeakAssignment> = Vec::new();
    for (index, (_, atoms)) in profile.iter().enumerate() {
        let rows: Vec<usize> =
            (0..costs.expected.len()).filter(|&row| costs.expected[row].site == index).collect();
        let shown: Vec<usize> = rows.iter().filter_map(|&row| best.line_of[row]).collect();
        if shown.is_empty() {
            continue;
        }
        let predicted = costs.expected[rows[0]].ppm;
        let of_site = |line: usize| -> f64 {
            let sum = rows.iter().map(|&row| marginal[row * costs.lines + line]).sum::<f64>();
            parameters.pair_probability(sum)
        };
        for (turn, &atom) in atoms.iter().enumerate() {
            // A single atom shows every line of its site (the hydrogens of a methylene);
            // several atoms share them out.
            let own: Vec<usize> =
                if atoms.len() == 1 { shown.clone() } else { vec![shown[turn % shown.len()]] };
            let doubt = if atoms.len() > 1 { shown.len() as f64 } else { 1.0 };
            found.extend(own.into_iter().map(|line| PeakAssignment {
                atom: atom.into(),
                nucleus: nucleus.to_owned(),
                ppm: lines[line].ppm,
                predicted_ppm: predicted,
                probability: of_site(line) / doubt,
            }));
        }
    }
    found.sort_by(|a, b| a.atom.cmp(&b.atom).then(a.ppm.total_cmp(&b.ppm)));
    found
}
