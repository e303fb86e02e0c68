//! How well a candidate explains the 13C lines, in a chemist's terms.

use super::assignment::{Assignment, Costs, Expected};
use super::lines::Line;
use crate::library::Profile;

/// How well the 13C lines of a sample and a candidate go together, in a chemist's terms.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Fit {
    /// Sites with a line.
    pub(crate) matched: usize,
    /// Sites in all.
    pub(crate) sites: usize,
    /// Lines in all.
    pub(crate) lines: usize,
    /// Lines no site explains, ppm.
    pub(crate) extra: Vec<f64>,
    /// Predicted shifts of sites that show no line, ppm.
    pub(crate) missing: Vec<f64>,
    /// How much less likely the lines are than this structure lets expect, nats a line.
    pub(crate) surprise: f64,
    /// Sum of abs(residual) / spread over matched sites.
    pub(crate) strain: f64,
    /// Sum of abs(residual), ppm.
    pub(crate) deviation: f64,
    /// Largest residual in spreads: (residual / spread, observed, predicted).
    pub(crate) worst: Option<(f64, f64, f64)>,
    /// Lines whose multiplicity is not that of their site, ppm.
    pub(crate) wrong_multiplicity: Vec<f64>,
}

impl Fit {
    /// Mean absolute residual, in spreads; one is what a sound prediction gives.
    pub(crate) fn mean_strain(&self) -> f64 {
        self.strain / self.matched.max(1) as f64
    }

    /// Mean absolute residual, ppm.
    pub(crate) fn mean_deviation(&self) -> f64 {
        self.deviation / self.matched.max(1) as f64
    }
}

/// The fit under the likeliest explanation.
pub(crate) fn fit(profile: &Profile, lines: &[Line], costs: &Costs, best: &Assignment) -> Fit {
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
