//! One nucleus of one candidate against the observed lines.
//!
//! The model: each site shows one line, drawn from a Laplace distribution around the predicted
//! shift (with a share of wild ones); or, at a penalty, none; or one that falls on another site's
//! line, within the resolution. Equivalent atoms share a line for nothing and split into two at
//! a penalty. Lines nobody explains come from a uniform background. What is left is the
//! log-likelihood of the observed lines, one density for each of them whatever the candidate,
//! so candidates of different size can be compared.

use super::density::{Density, ResidualModel, multiplicity_cost};
use super::lines::Line;
use super::parameters::NucleusParameters;
use super::solver::assign;
use crate::library::{Profile, Site};

/// Most lines that equivalent atoms split into, beyond the first.
const MOST_COPIES: usize = 1;

/// One line a site may show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Expected {
    /// Index into the profile's sites.
    pub(crate) site: usize,
    pub(crate) ppm: f64,
    pub(crate) spread: f64,
    /// Second line of equivalent atoms: shown or not at will.
    pub(crate) copy: bool,
}

/// Costs of all that may happen, in nats.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Costs {
    pub(crate) expected: Vec<Expected>,
    pub(crate) lines: usize,
    /// A row explains a line (row-major), the line's background penalty taken off.
    pub(crate) own: Vec<f64>,
    /// A row falls on a line that another explains (row-major); infinite for copies.
    pub(crate) shared: Vec<f64>,
    /// A row shows nothing.
    pub(crate) missing: Vec<f64>,
    /// A line nobody explains.
    pub(crate) extra: f64,
}

/// The likeliest explanation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assignment {
    /// Log-likelihood of the lines.
    pub(crate) score: f64,
    /// For each row, the line it explains or falls on.
    pub(crate) line_of: Vec<Option<usize>>,
}

/// Which nucleus of a profile is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AssignedNucleus {
    Carbon,
    Proton,
}

impl AssignedNucleus {
    fn shift(self, site: &Site) -> Option<(f64, f64)> {
        let shift = match self {
            Self::Carbon => site.carbon,
            Self::Proton => site.proton,
        }?;
        Some((f64::from(shift.ppm), f64::from(shift.spread)))
    }

    /// Penalties of the hydrogens that a multiplet lacks for a site, whose own the others on it may
    /// be, and of those it has too many, which another site may explain. What exchanges has no
    /// integral to go by.
    fn integral_cost(
        self,
        hydrogens: Option<f64>,
        site: &Site,
        parameters: &NucleusParameters,
    ) -> (f64, f64) {
        let (Self::Proton, Some(seen), true) = (self, hydrogens, site.carbon.is_some()) else {
            return (0.0, 0.0);
        };
        let all = f64::from(site.members) * f64::from(site.hydrogens);
        // The two hydrogens of a methylene may lie apart.
        let least = f64::from(site.members)
            * if site.hydrogens == 2 { 1.0 } else { f64::from(site.hydrogens) };
        (
            parameters.lacking_hydrogen * (least - seen).max(0.0),
            parameters.excess_hydrogen * (seen - all).max(0.0),
        )
    }
}

impl Costs {
    pub(crate) fn new(
        profile: &Profile,
        lines: &[Line],
        side: AssignedNucleus,
        residuals: ResidualModel,
        parameters: &NucleusParameters,
    ) -> Self {
        let expected = expected(profile, side, parameters);
        let extra = -(parameters.extra_lines / parameters.range_ppm).ln();
        let overlap = -(2.0 * parameters.overlap_ppm).ln();
        let width = lines.len();
        let (mut own, mut shared) = (Vec::new(), Vec::new());
        own.reserve_exact(expected.len() * width);
        shared.reserve_exact(expected.len() * width);
        let mut missing = Vec::with_capacity(expected.len());
        let density = Density::new(residuals, parameters);
        for row in &expected {
            let site = &profile.sites[row.site];
            let splits = if site.tetrahedral { parameters.split } else { parameters.split_flat };
            let base = density.base(row.spread);
            for line in lines {
                let pair = density.cost(line.ppm - row.ppm, row.spread, base)
                    + multiplicity_cost(line.multiplicity, site.hydrogens, parameters);
                let (lacks, exceeds) = side.integral_cost(line.hydrogens, site, parameters);
                let pair = pair + lacks;
                own.push(if row.copy { pair - splits.ln() } else { pair } + exceeds - extra);
                // A list that names a line for each carbon has room for more than one.
                let overlap = if line.count > 1 { 0.0 } else { overlap };
                shared.push(if row.copy { f64::INFINITY } else { pair + overlap });
            }
            let bare = match side {
                AssignedNucleus::Carbon => site.hydrogens == 0,
                AssignedNucleus::Proton => site.carbon.is_none(),
            };
            let absent = if bare { parameters.missing_bare } else { parameters.missing };
            missing.push(if row.copy { 0.0 } else { -absent.ln() });
        }
        Self { expected, lines: width, own, shared, missing, extra }
    }

    /// Best a row can do without a line of its own, and the line it then falls on.
    pub(crate) fn without(&self, row: usize) -> (f64, Option<usize>) {
        let shared = &self.shared[row * self.lines..(row + 1) * self.lines];
        shared.iter().enumerate().fold((self.missing[row], None), |best, (line, &cost)| {
            if cost < best.0 { (cost, Some(line)) } else { best }
        })
    }

    /// Finds the likeliest explanation.
    pub(crate) fn solve(&self) -> Assignment {
        let without: Vec<(f64, Option<usize>)> =
            (0..self.expected.len()).map(|row| self.without(row)).collect();
        let skip: Vec<f64> = without.iter().map(|w| w.0).collect();
        let chosen = assign(&self.own, self.lines, &skip);
        let mut cost = self.extra * self.lines as f64;
        let line_of = chosen
            .iter()
            .enumerate()
            .map(|(row, own)| match own {
                Some(line) => {
                    cost += self.own[row * self.lines + line];
                    Some(*line)
                }
                None => {
                    cost += without[row].0;
                    without[row].1
                }
            })
            .collect();
        Assignment { score: -cost, line_of }
    }
}

fn expected(
    profile: &Profile,
    side: AssignedNucleus,
    parameters: &NucleusParameters,
) -> Vec<Expected> {
    let mut rows = Vec::with_capacity(profile.sites.len() + 4);
    for (index, site) in profile.sites.iter().enumerate() {
        let Some((ppm, spread)) = side.shift(site) else { continue };
        let spread = (spread * parameters.spread_scale).max(parameters.least_spread_ppm);
        let atoms = match side {
            AssignedNucleus::Carbon => site.members,
            // The two hydrogens of a methylene may differ; those of a methyl do not.
            AssignedNucleus::Proton => site.members * if site.hydrogens == 2 { 2 } else { 1 },
        };
        let copies = usize::from(atoms.saturating_sub(1)).min(MOST_COPIES);
        rows.push(Expected { site: index, ppm, spread, copy: false });
        rows.extend((0..copies).map(|_| Expected { site: index, ppm, spread, copy: true }));
    }
    rows
}
