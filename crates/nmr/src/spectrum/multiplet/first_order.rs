//! First-order analysis: the couplings whose pattern has lines where lines are, as tall as they
//! are.
//!
//! The outermost lines of a first-order multiplet lie as far apart as all couplings add up to,
//! and every coupling appears as a distance from an outermost line: sums of such distances that
//! make up the whole width are tried, and what fits is refined by least squares.

use std::collections::BTreeMap;

use super::pattern::{self, MOST_GROUPS, Stick};
use crate::spectrum::cholesky;

/// Smallest and largest coupling that is looked for, Hz.
pub(super) const COUPLING: [f64; 2] = [0.5, 19.0];
/// Equal nuclei of one group, and how many couplings their lines span: the outermost lines of a
/// septet are seldom seen.
const GROUPS: [(u32, f64); 7] =
    [(1, 1.0), (2, 2.0), (3, 3.0), (4, 4.0), (5, 5.0), (6, 6.0), (6, 4.0)];
/// Most partners in all groups together.
const MOST_NUCLEI: u32 = 9;
/// Patterns tried for one set of lines.
const MOST_TRIALS: usize = 250;
/// Sums of distances looked at for one set of lines.
const MOST_VISITS: usize = 6000;
/// The outermost line is this much smaller or larger than it should be at most; larger still
/// where the next one falls together with it.
const OUTER: [f64; 3] = [0.55, 1.8, 2.7];
/// Positions fit within this, Hz, or this share of a line's width.
const POSITION: [f64; 2] = [0.14, 0.09];
/// Areas fit within this share (root mean square).
const MOST_MISFIT: f64 = 0.17;
/// Lines of at most this share of the whole may be missing or left over.
const NEGLIGIBLE: f64 = 0.045;
/// How far couplings to near neighbours usually tilt a multiplet.
const USUAL_ROOF: f64 = 0.12;

/// One observed line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Component {
    pub(super) hz: f64,
    pub(super) area: f64,
    pub(super) width_hz: f64,
    /// Place in the peak list.
    pub(super) place: usize,
}

/// A pattern that explains lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Explanation {
    pub(super) centre_hz: f64,
    /// Equal nuclei of each group, the largest coupling first.
    pub(super) nuclei: Vec<u32>,
    pub(super) couplings: Vec<f64>,
    /// How badly it fits and how much it takes to: smaller is better.
    pub(super) score: f64,
}

/// The best first-order pattern of at least two lines in order of frequency.
pub(super) fn fit_couplings(lines: &[Component]) -> Option<Explanation> {
    let whole: f64 = lines.iter().map(|line| line.area).sum();
    let strong: Vec<Component> =
        lines.iter().copied().filter(|line| line.area > 0.25 * NEGLIGIBLE * whole).collect();
    let (first, last) = (strong.first()?, strong.last()?);
    if strong.len() < 2 {
        return None;
    }
    let width = last.hz - first.hz;
    if !is_symmetric(&strong, whole) {
        return None;
    }
    let distances = distances(&strong);
    let mut search = Search {
        lines: &strong,
        whole,
        best: None,
        trials: 0,
        visits: 0,
        hidden: 1.0,
        sticks: BTreeMap::new(),
    };
    search.choose(&distances, width, &mut Vec::new());
    search.best
}

/// Whether every strong line has one on the other side of the centre. (Where sticks fall together
/// on one side only they do so within a line's width.)
fn is_symmetric(lines: &[Component], whole: f64) -> bool {
    let sum = lines[0].hz + lines[lines.len() - 1].hz;
    lines.iter().filter(|line| line.area > 2.0 * NEGLIGIBLE * whole).all(|line| {
        let across = sum - line.hz;
        let right = lines.partition_point(|other| other.hz < across);
        let near = |k: usize| {
            lines.get(k).is_some_and(|other| {
                (other.hz - across).abs() < 0.4 + 0.5 * line.width_hz.max(other.width_hz)
            })
        };
        near(right) || (right > 0 && near(right - 1))
    })
}

/// Distances of lines from the outermost ones, largest first, equal ones taken together.
fn distances(lines: &[Component]) -> Vec<f64> {
    const NEAREST: usize = 9;
    let (first, last) = (lines[0].hz, lines[lines.len() - 1].hz);
    let from_first = lines.iter().skip(1).take(NEAREST).map(|line| line.hz - first);
    let from_last = lines.iter().rev().skip(1).take(NEAREST).map(|line| last - line.hz);
    let mut all: Vec<f64> =
        from_first.chain(from_last).filter(|hz| (COUPLING[0]..COUPLING[1]).contains(hz)).collect();
    all.sort_by(|a, b| b.total_cmp(a));
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for hz in all {
        match merged.last_mut() {
            Some((sum, count)) if *sum / *count - hz < 0.35 => {
                *sum += hz;
                *count += 1.0;
            }
            _ => merged.push((hz, 1.0)),
        }
    }
    merged.into_iter().map(|(sum, count)| sum / count).collect()
}

struct Search<'a> {
    lines: &'a [Component],
    whole: f64,
    best: Option<Explanation>,
    trials: usize,
    visits: usize,
    /// What the outermost lines seen are more than those there are: six for a septet.
    hidden: f64,
    /// Sticks of the groups tried so far: many trials differ in couplings only.
    sticks: BTreeMap<Vec<u32>, Vec<Stick>>,
}

impl Search<'_> {
    fn choose(&mut self, distances: &[f64], width: f64, chosen: &mut Vec<(f64, u32)>) {
        // The last coupling may be hidden among the lines and is then what the width still wants.
        if !chosen.is_empty() && chosen.len() < MOST_GROUPS {
            let smallest = chosen[chosen.len() - 1].0;
            for count in 1..=2u32 {
                let rest = width / f64::from(count);
                if rest >= COUPLING[0] && rest < smallest - 0.35 {
                    chosen.push((rest, count));
                    self.try_out(chosen);
                    chosen.pop();
                }
            }
        }
        for (index, &hz) in distances.iter().enumerate() {
            for (count, spacings) in GROUPS {
                let rest = width - spacings * hz;
                let together: u32 = chosen.iter().map(|c| c.1).sum::<u32>() + count;
                if rest < -0.5 - 0.1 * spacings || together > MOST_NUCLEI {
                    continue;
                }
                let hidden = self.hidden;
                if f64::from(count) > spacings {
                    self.hidden *= f64::from(count);
                }
                chosen.push((hz, count));
                if rest.abs() <= 0.5 + 0.1 * spacings {
                    self.try_out(chosen);
                } else if chosen.len() < MOST_GROUPS
                    && self.trials < MOST_TRIALS
                    && self.visits < MOST_VISITS
                    && self.outer_ratio(chosen) < OUTER[2]
                {
                    self.visits += 1;
                    self.choose(&distances[index + 1..], rest, chosen);
                }
                chosen.pop();
                self.hidden = hidden;
            }
        }
    }

    /// Area of the outermost lines (single sticks, whose mean no roof tilts) over what it should
    /// be; grows with every further coupling.
    fn outer_ratio(&self, chosen: &[(f64, u32)]) -> f64 {
        let nuclei: u32 = chosen.iter().map(|c| c.1).sum();
        let share = 0.5f64.powi(nuclei.cast_signed()) * self.hidden;
        let outer = self.lines[0].area * self.lines[self.lines.len() - 1].area;
        outer.sqrt() / self.whole / share
    }

    fn try_out(&mut self, chosen: &[(f64, u32)]) {
        let lines: u32 = chosen.iter().map(|c| c.1 + 1).product();
        if self.trials >= MOST_TRIALS || lines > 64 || chosen.len() + 1 > self.lines.len() {
            return;
        }
        let merged = chosen[chosen.len() - 1].0 < 0.9 * self.lines[0].width_hz;
        let most = if merged { OUTER[2] } else { OUTER[1] };
        if !(OUTER[0]..most).contains(&self.outer_ratio(chosen)) {
            return;
        }
        self.trials += 1;
        let nuclei: Vec<u32> = chosen.iter().map(|c| c.1).collect();
        let couplings: Vec<f64> = chosen.iter().map(|c| c.0).collect();
        let sticks = self.sticks.entry(nuclei.clone()).or_insert_with(|| pattern::sticks(&nuclei));
        if let Some(found) = fit(self.lines, self.whole, sticks, nuclei, couplings)
            && self.best.as_ref().is_none_or(|best| found.score < best.score)
        {
            self.best = Some(found);
        }
    }
}

fn fit(
    lines: &[Component],
    whole: f64,
    sticks: &[Stick],
    nuclei: Vec<u32>,
    mut couplings: Vec<f64>,
) -> Option<Explanation> {
    let groups = nuclei.len();
    let width: f64 = lines.iter().map(|l| l.width_hz * l.area).sum::<f64>() / whole;
    let mut centre = f64::midpoint(lines[0].hz, lines[lines.len() - 1].hz);
    let mut reach = 0.5 + 0.35 * width;
    let mut matched = Matched::default();
    for _ in 0..3 {
        matched = Matched::of(lines, sticks, centre, &couplings, reach)?;
        if matched.left_over > NEGLIGIBLE * whole {
            return None;
        }
        let step = matched.positions(lines, groups, whole, centre, &couplings)?;
        centre += step[0];
        couplings.iter_mut().zip(&step[1..]).for_each(|(hz, step)| *hz += step);
        reach = 0.25 + 0.35 * width;
    }
    let ordered = couplings.windows(2).all(|two| two[0] > two[1])
        && couplings.iter().all(|hz| (COUPLING[0]..COUPLING[1]).contains(hz));
    let position = matched.position_error(lines, centre, &couplings);
    if !ordered || position > POSITION[0].max(POSITION[1] * width) {
        return None;
    }
    let misfit = matched.area_misfit(lines, groups, whole)?;
    if misfit > MOST_MISFIT {
        return None;
    }
    let spare = lines.len() as f64 - 1.0 - groups as f64;
    let nuclei_in_all: u32 = nuclei.iter().sum();
    let score = (misfit / 0.07).powi(2)
        + (position / 0.05).powi(2)
        + 1.2 * groups as f64
        + 0.3 * f64::from(nuclei_in_all)
        + if spare < 1.0 && groups > 1 { 6.0 } else { 0.0 };
    Some(Explanation { centre_hz: centre, nuclei, couplings, score })
}

/// Which sticks make up which lines.
#[derive(Default)]
struct Matched {
    /// For each line: share of the area, and the mean offset over couplings.
    shares: Vec<Stick>,
    /// Area of lines without a stick.
    left_over: f64,
}

impl Matched {
    /// `None` where too many sticks have no line.
    fn of(
        lines: &[Component],
        sticks: &[Stick],
        centre: f64,
        couplings: &[f64],
        reach: f64,
    ) -> Option<Self> {
        let empty = Stick { by: [0.0; MOST_GROUPS], share: 0.0 };
        let mut shares = vec![empty; lines.len()];
        let mut missing = 0.0;
        for stick in sticks {
            let hz = centre + stick.offset(couplings);
            let right = lines.partition_point(|line| line.hz < hz).min(lines.len() - 1);
            let left = right.saturating_sub(1);
            let nearer_left = (lines[left].hz - hz).abs() < (lines[right].hz - hz).abs();
            let nearest = if nearer_left { left } else { right };
            if (lines[nearest].hz - hz).abs() > reach {
                missing += stick.share;
                if missing > NEGLIGIBLE {
                    return None;
                }
                continue;
            }
            let line = &mut shares[nearest];
            line.share += stick.share;
            line.by.iter_mut().zip(&stick.by).for_each(|(sum, by)| *sum += stick.share * by);
        }
        let mut left_over = 0.0;
        for (line, share) in lines.iter().zip(&mut shares) {
            if share.share > 0.0 {
                share.by.iter_mut().for_each(|by| *by /= share.share);
            } else {
                left_over += line.area;
            }
        }
        Some(Self { shares, left_over })
    }

    /// Least-squares moves of the centre and the couplings.
    fn positions(
        &self,
        lines: &[Component],
        groups: usize,
        whole: f64,
        centre: f64,
        couplings: &[f64],
    ) -> Option<Vec<f64>> {
        let size = groups + 1;
        let mut normal = vec![0.0; size * size];
        let mut right = vec![0.0; size];
        for (line, stick) in lines.iter().zip(&self.shares).filter(|(_, stick)| stick.share > 0.0) {
            let rest = line.hz - centre - stick.offset(couplings);
            // Small lines lie less certainly.
            let weight = (line.area / whole).sqrt();
            let slope = |k: usize| if k == 0 { 1.0 } else { stick.by[k - 1] };
            for row in 0..size {
                right[row] += weight * slope(row) * rest;
                for column in 0..=row {
                    normal[row * size + column] += weight * slope(row) * slope(column);
                }
            }
        }
        for k in 0..size {
            normal[k * size + k] += 1e-9;
        }
        cholesky::factor(&mut normal, size).then(|| {
            cholesky::solve(&normal, size, &mut right);
            right
        })
    }

    /// Root mean square of what is left of the positions, by area, Hz.
    fn position_error(&self, lines: &[Component], centre: f64, couplings: &[f64]) -> f64 {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (line, stick) in lines.iter().zip(&self.shares).filter(|(_, stick)| stick.share > 0.0) {
            let by = line.area.sqrt();
            sum += by * (line.hz - centre - stick.offset(couplings)).powi(2);
            weight += by;
        }
        (sum / weight).sqrt()
    }

    /// Root mean square of what is left of the areas, relative to theirs, each coupling being
    /// allowed to tilt the pattern (the roof effect).
    fn area_misfit(&self, lines: &[Component], groups: usize, whole: f64) -> Option<f64> {
        let size = groups;
        let mut normal = vec![0.0; size * size];
        let mut right = vec![0.0; size];
        let squares: f64 = self.shares.iter().map(|stick| stick.share.powi(2)).sum();
        for (line, stick) in lines.iter().zip(&self.shares) {
            let rest = line.area / whole - stick.share;
            for row in 0..size {
                let slope = stick.share * stick.by[row];
                right[row] += slope * rest;
                for column in 0..=row {
                    normal[row * size + column] += slope * stick.share * stick.by[column];
                }
            }
        }
        // Roofs are small unless the areas say otherwise.
        let prior = squares * (0.1 / USUAL_ROOF).powi(2) / 4.0;
        for k in 0..size {
            normal[k * size + k] += prior;
        }
        if !cholesky::factor(&mut normal, size) {
            return None;
        }
        cholesky::solve(&normal, size, &mut right);
        let rest: f64 = lines
            .iter()
            .zip(&self.shares)
            .map(|(line, stick)| {
                let tilt: f64 =
                    stick.by.iter().zip(&right).map(|(by, roof)| by * roof.clamp(-0.8, 0.8)).sum();
                (line.area / whole - stick.share * (1.0 + tilt)).powi(2)
            })
            .sum();
        Some((rest / squares).sqrt())
    }
}
