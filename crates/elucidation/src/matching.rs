//! One nucleus of one candidate against the observed lines.
//!
//! The model: each site shows one line, drawn from a Laplace distribution around the predicted
//! shift (with a share of wild ones); or, at a price, none; or one that falls on another site's
//! line, within the resolution. Equivalent atoms share a line for nothing and split into two at
//! a price. Lines nobody explains come from a uniform background. What is left is the
//! log-likelihood of the observed lines, one density for each of them whatever the candidate,
//! so candidates of different size can be compared.

use std::f64::consts::PI;

use super::lines::Line;
use super::parameters::NucleusParameters;
use super::solver::assign;
use crate::library::{Profile, Site};
use larmor_nmr::spectrum::Multiplicity;

/// Standard deviation of a sound prediction, in spreads: assigns validation molecules best.
const DEVIATION: f64 = 1.2;
/// Most lines that equivalent atoms split into, beyond the first.
const MOST_COPIES: usize = 1;

/// One line a site may show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Expected {
    /// Index into the profile's sites.
    pub(super) site: usize,
    pub(super) ppm: f64,
    pub(super) spread: f64,
    /// Second line of equivalent atoms: shown or not at will.
    pub(super) copy: bool,
}

/// Costs of all that may happen, in nats.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Costs {
    pub(super) expected: Vec<Expected>,
    pub(super) lines: usize,
    /// A row explains a line (row-major), the line's background price taken off.
    pub(super) own: Vec<f64>,
    /// A row falls on a line that another explains (row-major); infinite for copies.
    pub(super) shared: Vec<f64>,
    /// A row shows nothing.
    pub(super) missing: Vec<f64>,
    /// A line nobody explains.
    pub(super) extra: f64,
}

/// The likeliest explanation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Matching {
    /// Log-likelihood of the lines.
    pub(super) score: f64,
    /// For each row, the line it explains or falls on.
    pub(super) line_of: Vec<Option<usize>>,
}

/// How residuals of sound predictions are priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Core {
    /// By their size: what they follow, so candidates are ranked by it.
    Laplace,
    /// By their square: which line is whose. Errors of one molecule go together, and where two
    /// lines lie to one side of two predictions sizes cannot tell the pairs apart.
    Normal,
}

/// Which nucleus of a profile is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Carbon,
    Proton,
}

impl Side {
    fn shift(self, site: &Site) -> Option<(f64, f64)> {
        let shift = match self {
            Self::Carbon => site.carbon,
            Self::Proton => site.proton,
        }?;
        Some((f64::from(shift.ppm), f64::from(shift.spread)))
    }

    /// Prices of the hydrogens that a multiplet lacks for a site, whose own the others on it may
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
    pub(super) fn new(
        profile: &Profile,
        lines: &[Line],
        side: Side,
        core: Core,
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
        let density = Density::new(core, parameters);
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
                Side::Carbon => site.hydrogens == 0,
                Side::Proton => site.carbon.is_none(),
            };
            let absent = if bare { parameters.missing_bare } else { parameters.missing };
            missing.push(if row.copy { 0.0 } else { -absent.ln() });
        }
        Self { expected, lines: width, own, shared, missing, extra }
    }

    /// Best a row can do without a line of its own, and the line it then falls on.
    pub(super) fn without(&self, row: usize) -> (f64, Option<usize>) {
        let shared = &self.shared[row * self.lines..(row + 1) * self.lines];
        shared.iter().enumerate().fold((self.missing[row], None), |best, (line, &cost)| {
            if cost < best.0 { (cost, Some(line)) } else { best }
        })
    }

    /// Finds the likeliest explanation.
    pub(super) fn solve(&self) -> Matching {
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
        Matching { score: -cost, line_of }
    }
}

fn expected(profile: &Profile, side: Side, parameters: &NucleusParameters) -> Vec<Expected> {
    let mut rows = Vec::with_capacity(profile.sites.len() + 4);
    for (index, site) in profile.sites.iter().enumerate() {
        let Some((ppm, spread)) = side.shift(site) else { continue };
        let spread = (spread * parameters.spread_scale).max(parameters.least_spread_ppm);
        let atoms = match side {
            Side::Carbon => site.members,
            // The two hydrogens of a methylene may differ; those of a methyl do not.
            Side::Proton => site.members * if site.hydrogens == 2 { 2 } else { 1 },
        };
        let copies = usize::from(atoms.saturating_sub(1)).min(MOST_COPIES);
        rows.push(Expected { site: index, ppm, spread, copy: false });
        rows.extend((0..copies).map(|_| Expected { site: index, ppm, spread, copy: true }));
    }
    rows
}

/// Sound predictions and a share of wild ones; the larger of the two densities stands for their
/// sum.
struct Density {
    core: Core,
    sound: f64,
    wild: f64,
    tail_ppm: f64,
}

impl Density {
    fn new(core: Core, parameters: &NucleusParameters) -> Self {
        Self {
            core,
            sound: -(1.0 - parameters.tail_share).ln(),
            wild: (2.0 * parameters.tail_ppm).ln() - parameters.tail_share.ln(),
            tail_ppm: parameters.tail_ppm,
        }
    }

    fn base(&self, spread: f64) -> f64 {
        let normalized = match self.core {
            Core::Laplace => 2.0 * spread,
            Core::Normal => (2.0 * PI).sqrt() * DEVIATION * spread,
        };
        normalized.ln() + self.sound
    }

    fn cost(&self, difference: f64, spread: f64, base: f64) -> f64 {
        let distance = difference.abs();
        let sound = match self.core {
            Core::Laplace => distance / spread,
            Core::Normal => 0.5 * (distance / (DEVIATION * spread)).powi(2),
        };
        (sound + base).min(distance / self.tail_ppm + self.wild)
    }
}

/// Price of an observed multiplicity on a carbon with so many hydrogens.
fn multiplicity_cost(
    observed: Option<Multiplicity>,
    hydrogens: u8,
    parameters: &NucleusParameters,
) -> f64 {
    match observed {
        None => 0.0,
        Some(observed) if observed.allows(hydrogens) => -(1.0 - parameters.wrong_multiplicity).ln(),
        Some(_) => -(parameters.wrong_multiplicity / 3.0).ln(),
    }
}
