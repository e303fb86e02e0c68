//! 13C lines and carbons, one by one.

use super::feature::CARBON;
use crate::library::Profile;
use crate::scoring::lines::Line;
use crate::scoring::solver::assign;

/// No spread is taken to be smaller, ppm.
const LEAST_SPREAD: f64 = 0.3;
/// Share of predictions that are simply wrong, and their spread, ppm.
const WILD: f64 = 0.03;
const WILD_PPM: f64 = 10.0;
/// Cost of a line that no carbon explains.
pub(super) const LEFT: f64 = 4.0;
/// Probability that a carbon without hydrogen shows no line, and one with.
const MISSING_BARE: f64 = 0.04;
const MISSING: f64 = 0.02;
/// Lines closer than this fall together, ppm.
const OVERLAP_PPM: f64 = 0.15;
/// A line of its own is likelier than another's by this.
const OWN_LINE: f64 = 0.3;
/// Strain up to which a carbon may be under another's line.
const SHARED: f64 = 4.0;
const MOST_STRAIN: f64 = 15.0;

/// A kind of carbon.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kind {
    pub ppm: f64,
    pub spread: f64,
    pub hydrogens: u8,
    /// Its atoms, as places in the structure as it was given.
    pub atoms: Vec<u16>,
    /// The line it has to itself, by its place.
    pub line: Option<usize>,
    /// Without one: residual to the nearest line, in spreads.
    nearest: f64,
}

impl Kind {
    /// Without a line of its own it may be under another's.
    pub fn shares(&self) -> bool {
        self.line.is_none() && self.nearest < SHARED
    }
}

/// The carbons of a structure brought to the lines of a sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CarbonFit {
    pub kinds: Vec<Kind>,
    /// The lines on the structure's axis.
    pub lines: Vec<Line>,
    /// What was added to every shift to bring them there, ppm.
    pub moved_ppm: f64,
    /// Which of them a carbon explains.
    pub explained: Vec<bool>,
    /// How much each speaks against a structure that does not explain it, 0 to 1.
    pub weights: Vec<f64>,
    pub cost: f64,
}

impl CarbonFit {
    /// What is lacking of the weights of unexplained lines.
    fn little(&self) -> f64 {
        let lines = self.weights.iter().zip(&self.explained);
        lines.filter(|(_, explained)| !**explained).map(|(weight, _)| 1.0 - weight).sum()
    }

    /// Lines that speak against a structure which does not explain them, and are not explained.
    pub fn left(&self) -> impl Iterator<Item = &Line> {
        let lines = self.lines.iter().zip(&self.explained).zip(&self.weights);
        lines.filter(|((_, own), weight)| !**own && **weight >= 0.5).map(|((line, _), _)| line)
    }
}

/// A line much lower than those of the compound is as likely an impurity's: one of 4 % of their
/// middle height says nothing, one of 15 % is as good as any. Without heights all lines are alike.
fn weights(lines: &[Line]) -> Vec<f64> {
    const NOTHING: f64 = 0.04;
    const AS_ANY: f64 = 0.15;
    let heights: Option<Vec<f64>> = lines.iter().map(|line| line.height).collect();
    let Some(mut sorted) = heights.filter(|heights| !heights.is_empty()) else {
        return vec![1.0; lines.len()];
    };
    let middle = sorted.len() / 2;
    let typical = *sorted.select_nth_unstable_by(middle, f64::total_cmp).1;
    let share = |line: &Line| line.height.unwrap_or(typical) / typical.max(f64::MIN_POSITIVE);
    let weight = |line| ((share(line) - NOTHING) / (AS_ANY - NOTHING)).clamp(0.0, 1.0);
    lines.iter().map(weight).collect()
}

/// Brings carbons to lines; `None` without lines.
pub(super) fn fit(profile: &Profile, lines: &[Line]) -> Option<CarbonFit> {
    fit_beside(profile, lines, weights(lines), &[])
}

/// The same where carbons may also be under lines that are another structure's, with the weights
/// that lines have among all of them.
pub(super) fn fit_beside(
    profile: &Profile,
    lines: &[Line],
    weights: Vec<f64>,
    others: &[Line],
) -> Option<CarbonFit> {
    if lines.is_empty() {
        return None;
    }
    let mut kinds = Vec::new();
    for (site, atoms) in profile.iter() {
        let Some(shift) = site.carbon else { continue };
        kinds.push(Kind {
            ppm: f64::from(shift.ppm),
            spread: f64::from(shift.spread).max(LEAST_SPREAD),
            hydrogens: site.hydrogens,
            atoms: atoms.to_vec(),
            line: None,
            nearest: f64::INFINITY,
        });
    }
    let pair = |kind: &Kind, line: &Line| {
        let off = (line.ppm - kind.ppm).abs();
        let sound = off / kind.spread - (1.0 - WILD).ln();
        let wild = off / WILD_PPM + (WILD_PPM / kind.spread).ln() - WILD.ln();
        sound.min(wild)
    };
    let costs: Vec<f64> = kinds
        .iter()
        .flat_map(|kind| {
            let lines = lines.iter().zip(&weights);
            lines.map(move |(line, weight)| pair(kind, line) - LEFT * weight)
        })
        .collect();
    let any: Vec<Line> = lines.iter().chain(others).copied().collect();
    let skip: Vec<f64> = kinds.iter().map(|kind| without(kind, &any, pair)).collect();
    let chosen = assign(&costs, lines.len(), &skip);
    let mut cost = LEFT * weights.iter().sum::<f64>();
    let mut explained = vec![false; lines.len()];
    for (row, (kind, line)) in kinds.iter_mut().zip(&chosen).enumerate() {
        kind.line = *line;
        if let Some(line) = *line {
            cost += costs[row * lines.len() + line];
            explained[line] = true;
        } else {
            cost += skip[row];
            let apart = |line: &Line| (line.ppm - kind.ppm).abs() / kind.spread;
            kind.nearest = any.iter().map(apart).fold(f64::INFINITY, f64::min);
        }
    }
    Some(CarbonFit { kinds, lines: lines.to_vec(), moved_ppm: 0.0, explained, weights, cost })
}

/// The 13C part of [`super::FEATURES`].
pub(super) fn discrepancies(fit: &CarbonFit) -> [f64; CARBON] {
    let CarbonFit { kinds, lines, explained, weights, cost, .. } = fit;
    let (mut strains, mut residuals) = (Vec::new(), Vec::new());
    let (mut bare, mut bearing, mut methyls, mut shared) = (0.0, 0.0, 0.0, 0.0);
    for kind in kinds {
        if let Some(line) = kind.line {
            let off = (lines[line].ppm - kind.ppm).abs();
            strains.push((off / kind.spread).min(MOST_STRAIN));
            residuals.push(off);
        } else if kind.shares() {
            shared += 1.0;
            strains.push(kind.nearest);
        } else if kind.hydrogens == 0 {
            bare += 1.0;
        } else {
            bearing += 1.0;
            methyls += f64::from(u8::from(kind.hydrogens == 3));
        }
    }
    let carbons: usize = kinds.iter().map(|kind| kind.atoms.len()).sum();
    let [kinds, all, carbons] = [kinds.len(), lines.len(), carbons].map(|n| n as f64);
    // Lines that may be anything do not count beside those of carbons.
    let lines_seen = all - fit.little();
    let strain = Strains::of(strains);
    [
        cost / all,
        *cost,
        strain.mean,
        strain.largest[0],
        strain.largest[1],
        strain.largest[2],
        strain.above(3.0),
        strain.above(5.0),
        explained.iter().zip(weights).filter(|(own, _)| !**own).map(|(_, weight)| weight).sum(),
        bare,
        bearing,
        methyls,
        shared,
        (lines_seen - carbons).max(0.0),
        (kinds - lines_seen).max(0.0),
        (lines_seen - kinds).max(0.0),
        residuals.iter().sum::<f64>() / residuals.len().max(1) as f64,
        residuals.iter().copied().fold(0.0, f64::max),
    ]
}

/// Least that a carbon without a line of its own costs: none at all, or another's.
fn without(kind: &Kind, lines: &[Line], pair: impl Fn(&Kind, &Line) -> f64) -> f64 {
    let missing = if kind.hydrogens == 0 { MISSING_BARE } else { MISSING };
    let overlap = -(2.0 * OVERLAP_PPM).ln();
    lines.iter().fold(-missing.ln(), |best, line| {
        // A list that names a line for each carbon has room for more than one.
        let overlap = if line.count > 1 { 0.0 } else { overlap };
        best.min(pair(kind, line) + overlap + OWN_LINE)
    })
}

/// Residuals in spreads.
pub(super) struct Strains {
    all: Vec<f64>,
    pub mean: f64,
    /// The three largest, zeros where there are fewer.
    pub largest: [f64; 3],
}

impl Strains {
    pub fn of(mut all: Vec<f64>) -> Self {
        all.sort_by(|a, b| b.total_cmp(a));
        let mean = all.iter().sum::<f64>() / all.len().max(1) as f64;
        let at = |place: usize| all.get(place).copied().unwrap_or(0.0);
        let largest = [at(0), at(1), at(2)];
        Self { all, mean, largest }
    }

    /// How many are above a limit.
    pub fn above(&self, limit: f64) -> f64 {
        self.all.iter().filter(|&&strain| strain > limit).count() as f64
    }
}
