//! Couplings read from how a multiplet beats in time.
//!
//! Where lines fall together their places no longer tell the couplings. The multiplet's cosine
//! transform about its centre still does: a decay, times one cosine for each partner. What leans
//! towards a partner is odd about the centre and drops out.

use std::f64::consts::PI;

use super::first_order::{COUPLING, Component, Explanation};
use super::grouping::Group;
use super::refine::Stretch;
use crate::spectrum::axis::Axis;
use crate::spectrum::cholesky;

/// The stretch goes so many widths beyond the outermost lines.
const MARGIN: f64 = 5.0;
/// Times at which the transform is taken, up to this one in units of 1 / line width.
const TIMES: usize = 48;
const LATEST: f64 = 0.9;
/// Couplings are looked for in these steps, Hz, before they are fitted.
const GRID: f64 = 0.5;
/// Partners that show by themselves, at most; a methyl group's hydrogens count as one of them.
const MOST_PARTNERS: usize = 5;
/// The outermost lines are as far apart as the couplings' sum within this, Hz.
const SUM: f64 = 1.1;
/// Guesses of each number of partners that are fitted.
const GUESSES: usize = 8;
/// Share of the squares the multiplet has in common with its mirror image, at least.
const SYMMETRY: f64 = 0.95;
/// Share of the squares a found set of couplings leaves, at most.
const MOST_LEFT: f64 = 0.0045;
/// An explanation that leaves more is looked at again.
const DOUBTFUL: f64 = 0.012;
/// A further partner leaves at most this share of what was left, or that one where lines show its
/// coupling as their distance.
const MOST_KEPT: [f64; 2] = [0.3, 0.6];
/// Sets that differ leave at least so many times as much.
const CLEARLY_WORSE: f64 = 2.5;
/// Equal couplings leave at most so many times as much as different ones, or that many times where
/// these differ by less than this share of a line's width.
const AS_WELL: [f64; 2] = [1.05, 2.0];
const TELLING: f64 = 0.45;
/// Couplings that differ by more are different, Hz.
const SAME: f64 = 0.3;
/// Most lines, and widest set of them in Hz.
const LARGEST: (usize, f64) = (30, 62.0);
/// Groups that may be torn pieces of one multiplet, and how far apart their ends may lie, Hz.
const MOST_PIECES: usize = 4;
const GAP: f64 = 12.0;

/// Looks for couplings where no pattern of lines was found, putting pieces together, and where
/// the one that was found does not beat as the multiplet does.
pub(super) fn explain_rest(
    groups: &mut Vec<Group>,
    real: &[f64],
    axis: &Axis,
    all: &[Component],
    usual_width: f64,
) {
    let mut k = 0;
    while k < groups.len() {
        let pieces = pieces(&groups[k..]);
        let found = (1..=pieces).rev().find_map(|count| {
            let unexplained = groups[k..k + count].iter().any(|group| group.explanation.is_none());
            if count > 1 && !unexplained {
                return None;
            }
            let lines: Vec<Component> =
                groups[k..k + count].iter().flat_map(|group| group.lines.clone()).collect();
            let beat = Beat::of(real, axis, &lines, all, usual_width)?;
            let single = groups[k].explanation.as_ref().filter(|_| count == 1);
            if single.is_some_and(|found| !beat.contradicts(found, usual_width)) {
                return None;
            }
            let explanation = beat.explain(&lines, usual_width)?;
            Some((count, Group { lines, explanation: Some(explanation) }))
        });
        if let Some((count, group)) = found {
            groups.splice(k..k + count, [group]);
        }
        k += 1;
    }
}

/// How many groups from the first on may be one multiplet.
fn pieces(groups: &[Group]) -> usize {
    let split = |group: &Group| group.explanation.as_ref().is_none_or(|f| !f.couplings.is_empty());
    if !groups.first().is_some_and(split) {
        return 0;
    }
    let near = |two: &[Group]| match (two[0].lines.last(), two[1].lines.first()) {
        (Some(last), Some(first)) => first.hz - last.hz < GAP,
        _ => false,
    };
    let joined = groups
        .windows(2)
        .take(MOST_PIECES - 1)
        .take_while(|two| two.iter().all(is_piece) && near(two))
        .count();
    1 + joined
}

/// No pattern, or two lines alone, which may be anything.
fn is_piece(group: &Group) -> bool {
    group.explanation.as_ref().is_none_or(|found| found.nuclei == [1])
}

/// The even part of a multiplet about its centre, over time.
struct Beat {
    centre_hz: f64,
    times: Vec<f64>,
    values: Vec<f64>,
    squares: f64,
}

/// A decay by `width`, times cosines.
#[derive(Debug, Clone)]
struct Set {
    width: f64,
    /// Coupling, and how many equal partners have it.
    partners: Vec<(f64, u32)>,
    /// Sum of the squares it leaves.
    left: f64,
}

impl Beat {
    fn of(
        real: &[f64],
        axis: &Axis,
        lines: &[Component],
        all: &[Component],
        usual_width: f64,
    ) -> Option<Self> {
        let (first, last) = (lines.first()?, lines.last()?);
        if lines.len() < 2 || lines.len() > LARGEST.0 || last.hz - first.hz > LARGEST.1 {
            return None;
        }
        let stretch = Stretch::cut(real, axis, lines, all, MARGIN)?;
        let middle = f64::midpoint(first.hz, last.hz);
        let centre_hz = stretch.centre_of_symmetry(middle, 2.0 + usual_width, SYMMETRY)?;
        let step = LATEST / usual_width / TIMES as f64;
        let times: Vec<f64> = (0..TIMES).map(|k| k as f64 * step).collect();
        let values: Vec<f64> =
            times.iter().map(|time| stretch.cosine_transform(centre_hz, *time)).collect();
        let squares = values.iter().map(|value| value * value).sum();
        Some(Self { centre_hz, times, values, squares })
    }

    /// Whether couplings taken from lines leave much of the beat.
    fn contradicts(&self, explanation: &Explanation, usual_width: f64) -> bool {
        let partners = explanation.couplings.iter().copied().zip(explanation.nuclei.clone());
        let set = Set { width: usual_width, partners: partners.collect(), left: f64::INFINITY };
        self.fit(set).left > DOUBTFUL * self.squares
    }

    fn explain(&self, lines: &[Component], usual_width: f64) -> Option<Explanation> {
        let whole: f64 = lines.iter().map(|line| line.area).sum();
        let mut strong = lines.iter().filter(|line| line.area > 0.011 * whole);
        let first = strong.next()?;
        let width = strong.next_back()?.hz - first.hz;
        let mut best: Option<(Set, Vec<Set>)> = None;
        for count in 1..=MOST_PARTNERS {
            let mut sets: Vec<Set> = self
                .guesses(width, count, usual_width)
                .into_iter()
                .map(|guess| self.fit(guess))
                .filter(|set| set.is_sound(usual_width))
                .collect();
            sets.sort_by(|a, b| a.left.total_cmp(&b.left));
            let Some(next) = sets.first().cloned() else { continue };
            if let Some((fewer, _)) = &best {
                // A small coupling may be a width of another cause.
                let least = next.partners.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
                let hidden = least < usual_width && fewer.width < 1.2 * usual_width;
                let shown = usize::from(is_shown(least, lines));
                if next.left > MOST_KEPT[shown] * fewer.left || (hidden && shown == 0) {
                    continue;
                }
            }
            best = Some((next, sets));
        }
        let (found, others) = best?;
        let unclear = others.iter().any(|other| {
            other.left < CLEARLY_WORSE * found.left && other.differs_from(&found, SAME)
        });
        if found.left > MOST_LEFT * self.squares || unclear {
            return None;
        }
        Some(self.joined(found, usual_width).into_explanation(self.centre_hz))
    }

    /// The sets of so many partners on a grid that leave least.
    fn guesses(&self, sum: f64, count: usize, usual_width: f64) -> Vec<Set> {
        let steps = (COUPLING[1] / GRID) as usize;
        let cosines: Vec<Vec<f64>> = (0..=steps)
            .map(|k| self.times.iter().map(|t| (PI * k as f64 * GRID * t).cos()).collect())
            .collect();
        let mut guesses = Guesses { beat: self, cosines, usual_width, best: Vec::new() };
        for methyl in [false, true] {
            let decay: Vec<f64> =
                self.times.iter().map(|t| (-PI * 1.2 * usual_width * t).exp()).collect();
            if !methyl {
                guesses.choose(steps, sum, count, decay, &mut Vec::new());
                continue;
            }
            // Couplings to methyl groups lie about 6 to 8 Hz.
            for k in (5.5 / GRID) as usize..=(8.0 / GRID) as usize {
                let hz = k as f64 * GRID;
                let product: Vec<f64> =
                    decay.iter().zip(&guesses.cosines[k]).map(|(a, b)| a * b.powi(3)).collect();
                let mut chosen = vec![(hz, 3)];
                guesses.choose(steps, sum - 3.0 * hz, count - 1, product, &mut chosen);
            }
        }
        guesses.best
    }

    /// Amplitude of a model, and what it leaves.
    fn left(&self, model: &[f64]) -> (f64, f64) {
        let (mut with, mut own) = (0.0, 0.0);
        for (value, model) in self.values.iter().zip(model) {
            with += value * model;
            own += model * model;
        }
        (with / own.max(f64::MIN_POSITIVE), self.squares - with * with / own.max(f64::MIN_POSITIVE))
    }

    fn model(&self, set: &Set) -> Vec<f64> {
        self.times.iter().map(|time| set.at(*time)).collect()
    }

    /// Gauss-Newton on width and couplings.
    fn fit(&self, mut set: Set) -> Set {
        let size = set.partners.len() + 2;
        set.left = self.left(&self.model(&set)).1;
        let mut damping = 1e-3;
        for _ in 0..15 {
            let (amplitude, before) = self.left(&self.model(&set));
            let mut normal = vec![0.0; size * size];
            let mut right = vec![0.0; size];
            let mut slopes = vec![0.0; size];
            for (time, value) in self.times.iter().zip(&self.values) {
                let model = set.at(*time);
                slopes[0] = model;
                slopes[1] = -amplitude * PI * time * model;
                for (k, slope) in slopes[2..].iter_mut().enumerate() {
                    *slope = amplitude * set.slope(*time, k);
                }
                let rest = value - amplitude * model;
                for row in 0..size {
                    right[row] += slopes[row] * rest;
                    for column in 0..=row {
                        normal[row * size + column] += slopes[row] * slopes[column];
                    }
                }
            }
            for k in 0..size {
                normal[k * size + k] *= 1.0 + damping;
            }
            if !cholesky::factor(&mut normal, size) {
                break;
            }
            cholesky::solve(&normal, size, &mut right);
            let mut next = set.clone();
            next.width += right[1].clamp(-0.5, 0.5);
            for (partner, step) in next.partners.iter_mut().zip(&right[2..]) {
                partner.0 = (partner.0 + step.clamp(-1.0, 1.0)).abs();
            }
            next.left = self.left(&self.model(&next)).1;
            if next.left < before {
                set = next;
                damping /= 5.0;
                if set.left > before * (1.0 - 1e-4) {
                    break;
                }
            } else {
                damping *= 10.0;
                if damping > 1e4 {
                    break;
                }
            }
        }
        set
    }

    /// Couplings that may as well be equal taken as equal.
    fn joined(&self, mut set: Set, usual_width: f64) -> Set {
        let separate = set.left;
        loop {
            set.partners.sort_by(|a, b| b.0.total_cmp(&a.0));
            let next = (1..set.partners.len())
                .filter_map(|k| {
                    let mut joined = set.clone();
                    let (hz, count) = joined.partners.remove(k);
                    let other = &mut joined.partners[k - 1];
                    let close = usize::from(other.0 - hz < TELLING * usual_width);
                    other.0 = f64::midpoint(other.0, hz);
                    other.1 += count;
                    let joined = self.fit(joined);
                    (joined.left < AS_WELL[close] * separate).then_some(joined)
                })
                .min_by(|a, b| a.left.total_cmp(&b.left));
            match next {
                Some(next) => set = next,
                None => return set,
            }
        }
    }
}

impl Set {
    fn at(&self, time: f64) -> f64 {
        let cosines =
            self.partners.iter().map(|(hz, n)| (PI * hz * time).cos().powi(n.cast_signed()));
        (-PI * self.width * time).exp() * cosines.product::<f64>()
    }

    /// Slope by the coupling to one of the partners.
    fn slope(&self, time: f64, of: usize) -> f64 {
        let mut slope = (-PI * self.width * time).exp();
        for (k, (hz, n)) in self.partners.iter().enumerate() {
            let (sine, cosine) = (PI * hz * time).sin_cos();
            slope *= if k == of {
                -PI * time * f64::from(*n) * sine * cosine.powi(n.cast_signed() - 1)
            } else {
                cosine.powi(n.cast_signed())
            };
        }
        slope
    }

    fn is_sound(&self, usual_width: f64) -> bool {
        self.width > 0.6 * usual_width
            && self.width < 2.5 * usual_width
            && self.partners.iter().all(|(hz, _)| (COUPLING[0]..COUPLING[1]).contains(hz))
    }

    /// Every single coupling, the largest first.
    fn couplings(&self) -> Vec<f64> {
        let each = self.partners.iter().flat_map(|(hz, n)| std::iter::repeat_n(*hz, *n as usize));
        let mut all: Vec<f64> = each.collect();
        all.sort_by(|a, b| b.total_cmp(a));
        all
    }

    fn differs_from(&self, other: &Self, by: f64) -> bool {
        let (own, others) = (self.couplings(), other.couplings());
        own.len() != others.len() || own.iter().zip(&others).any(|(a, b)| (a - b).abs() > by)
    }

    fn into_explanation(mut self, centre_hz: f64) -> Explanation {
        self.partners.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (couplings, nuclei) = self.partners.into_iter().unzip();
        Explanation { centre_hz, nuclei, couplings, score: 0.0 }
    }
}

/// Whether two pairs of neighbouring lines lie that far apart.
fn is_shown(hz: f64, lines: &[Component]) -> bool {
    lines.windows(2).filter(|two| (two[1].hz - two[0].hz - hz).abs() < 0.2).count() > 1
}

/// How much wider a multiplet may be than its lines that are seen: a quartet's outer ones are weak.
fn hidden(partners: &[(f64, u32)]) -> f64 {
    partners.iter().map(|(hz, count)| if *count > 2 { 2.0 * hz } else { 0.0 }).sum()
}

struct Guesses<'a> {
    beat: &'a Beat,
    cosines: Vec<Vec<f64>>,
    usual_width: f64,
    /// Those that leave least, least first.
    best: Vec<Set>,
}

impl Guesses<'_> {
    /// Couplings of at most `from` grid steps that make up `rest`.
    fn choose(
        &mut self,
        from: usize,
        rest: f64,
        count: usize,
        product: Vec<f64>,
        chosen: &mut Vec<(f64, u32)>,
    ) {
        if count == 0 {
            if (-SUM - hidden(chosen)..=SUM).contains(&rest) {
                self.keep(&product, chosen);
            }
            return;
        }
        let least = ((COUPLING[0] / GRID).ceil() as usize).max(1);
        for k in (least..=from).rev() {
            let hz = k as f64 * GRID;
            // What is still to come is no larger.
            if hz * count as f64 + SUM < rest {
                return;
            }
            if hz > rest + SUM + hidden(chosen) {
                continue;
            }
            let next = product.iter().zip(&self.cosines[k]).map(|(a, b)| a * b).collect();
            chosen.push((hz, 1));
            self.choose(k, rest - hz, count - 1, next, chosen);
            chosen.pop();
        }
    }

    fn keep(&mut self, model: &[f64], chosen: &[(f64, u32)]) {
        let left = self.beat.left(model).1;
        if self.best.len() == GUESSES && self.best.last().is_some_and(|worst| worst.left <= left) {
            return;
        }
        let set = Set { width: 1.2 * self.usual_width, partners: chosen.to_vec(), left };
        // Neighbours on the grid come to the same.
        let alike = |other: &Set| !other.differs_from(&set, 1.01 * GRID);
        if self.best.iter().any(|other| other.left <= left && alike(other)) {
            return;
        }
        self.best.retain(|other| !alike(other));
        let place = self.best.partition_point(|other| other.left <= left);
        self.best.insert(place, set);
        self.best.truncate(GUESSES);
    }
}
