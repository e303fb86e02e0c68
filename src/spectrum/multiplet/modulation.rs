//! Couplings read from how a multiplet beats in time.
//!
//! Where lines fall together their places no longer tell the couplings. The multiplet's cosine
//! transform about its centre still does: a decay, times one cosine for each partner. What leans
//! towards a partner is odd about the centre and drops out.

use std::f64::consts::PI;

use super::cosines::Set;
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
/// Width that couplings are looked for with, in usual ones.
const FIRST_WIDTH: f64 = 1.2;
/// Couplings are looked for in these steps, Hz, before they are fitted.
const GRID: f64 = 0.5;
/// Partners that show by themselves, at most; a methyl group's hydrogens count as one of them.
const MOST_PARTNERS: usize = 5;
/// The outermost lines are as far apart as the couplings' sum within this, Hz.
const SUM: f64 = 1.1;
/// Guesses of each number of partners that are fitted, and how many times as much as the best one
/// they may leave.
const GUESSES: usize = 5;
const HOPEFUL: f64 = 3.0;
/// Share of the squares the multiplet has in common with its mirror image, at least.
const SYMMETRY: f64 = 0.95;
/// Share of the squares a found set of couplings leaves, at most.
const MOST_LEFT: f64 = 0.006;
/// An explanation that leaves more is looked at again.
const DOUBTFUL: f64 = 0.012;
/// A further partner leaves at most this share of what was left, or that one where lines show its
/// coupling as their distance.
const MOST_KEPT: [f64; 2] = [0.3, 0.6];
/// One smaller than a line's width that no lines show leaves at most this share: widths have other
/// causes too.
const MOST_KEPT_BY_HIDDEN: f64 = 0.2;
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
    let clock = Clock::new(usual_width);
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
            let beat = Beat::of(real, axis, &lines, all, &clock)?;
            let single = groups[k].explanation.as_ref().filter(|_| count == 1);
            if single.is_some_and(|found| !beat.contradicts(found)) {
                return None;
            }
            let explanation = beat.explain(&lines)?;
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

/// The times looked at, and how couplings on the grid beat there.
struct Clock {
    usual_width: f64,
    times: [f64; TIMES],
    decay: [f64; TIMES],
    cosines: Vec<[f64; TIMES]>,
}

impl Clock {
    fn new(usual_width: f64) -> Self {
        let step = LATEST / usual_width / TIMES as f64;
        let times: [f64; TIMES] = std::array::from_fn(|k| k as f64 * step);
        let steps = (COUPLING[1] / GRID) as usize;
        let cosine = |hz: f64| times.map(|time| (PI * hz * time).cos());
        Self {
            usual_width,
            times,
            decay: times.map(|time| (-PI * FIRST_WIDTH * usual_width * time).exp()),
            cosines: (0..=steps).map(|k| cosine(k as f64 * GRID)).collect(),
        }
    }
}

/// The even part of a multiplet about its centre, over time.
struct Beat<'a> {
    clock: &'a Clock,
    centre_hz: f64,
    values: [f64; TIMES],
    squares: f64,
}

impl<'a> Beat<'a> {
    fn of(
        real: &[f64],
        axis: &Axis,
        lines: &[Component],
        all: &[Component],
        clock: &'a Clock,
    ) -> Option<Self> {
        let (first, last) = (lines.first()?, lines.last()?);
        if lines.len() < 2 || lines.len() > LARGEST.0 || last.hz - first.hz > LARGEST.1 {
            return None;
        }
        let stretch = Stretch::cut(real, axis, lines, all, MARGIN)?;
        let middle = f64::midpoint(first.hz, last.hz);
        let reach = 2.0 + clock.usual_width;
        let centre_hz = stretch.centre_of_symmetry(middle, reach, SYMMETRY)?;
        let values = clock.times.map(|time| stretch.cosine_transform(centre_hz, time));
        let squares = values.iter().map(|value| value * value).sum();
        Some(Self { clock, centre_hz, values, squares })
    }

    /// Whether couplings taken from lines leave much of the beat.
    fn contradicts(&self, explanation: &Explanation) -> bool {
        let partners = explanation.couplings.iter().copied().zip(explanation.nuclei.clone());
        let set = Set {
            width: self.clock.usual_width,
            partners: partners.collect(),
            left: f64::INFINITY,
        };
        self.fit(set).left > DOUBTFUL * self.squares
    }

    fn explain(&self, lines: &[Component]) -> Option<Explanation> {
        let usual_width = self.clock.usual_width;
        let whole: f64 = lines.iter().map(|line| line.area).sum();
        let mut strong = lines.iter().filter(|line| line.area > 0.011 * whole);
        let first = strong.next()?;
        let width = strong.next_back()?.hz - first.hz;
        let mut best: Option<(Set, Vec<Set>)> = None;
        for count in 1..=MOST_PARTNERS {
            let mut sets: Vec<Set> = self
                .guesses(width, count)
                .into_iter()
                .map(|guess| self.fit(guess))
                .filter(|set| set.is_sound(usual_width))
                .collect();
            sets.sort_by(|a, b| a.left.total_cmp(&b.left));
            let Some(next) = sets.first().cloned() else { continue };
            if let Some((fewer, _)) = &best {
                let least = next.partners.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
                let shown = is_shown(least, lines);
                let hidden = !shown && least < usual_width;
                let most = if hidden { MOST_KEPT_BY_HIDDEN } else { MOST_KEPT[usize::from(shown)] };
                if next.left > most * fewer.left || (hidden && fewer.width < 1.2 * usual_width) {
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
        Some(self.joined(found).into_explanation(self.centre_hz))
    }

    /// The sets of so many partners on a grid that leave least.
    fn guesses(&self, sum: f64, count: usize) -> Vec<Set> {
        let steps = self.clock.cosines.len() - 1;
        let mut guesses = Guesses { beat: self, best: Vec::new() };
        guesses.choose(steps, sum, count, &self.clock.decay, &mut Vec::new());
        // Couplings to methyl groups lie about 6 to 8 Hz; beside one, many partners are too many ways.
        let methyl = if count < MOST_PARTNERS { 5.5..8.5 } else { 0.0..0.0 };
        for k in (methyl.start / GRID) as usize..(methyl.end / GRID) as usize {
            let hz = k as f64 * GRID;
            let cosines = &self.clock.cosines[k];
            let product = std::array::from_fn(|i| self.clock.decay[i] * cosines[i].powi(3));
            let mut chosen = vec![(hz, 3)];
            guesses.choose(steps, sum - 3.0 * hz, count - 1, &product, &mut chosen);
        }
        let mut best = guesses.best;
        let least = best.first().map_or(0.0, |set| set.left);
        best.retain(|set| set.left < HOPEFUL * least);
        best
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

    fn model(&self, set: &Set) -> [f64; TIMES] {
        self.clock.times.map(|time| set.at(time))
    }

    /// Gauss-Newton on width and couplings.
    fn fit(&self, mut set: Set) -> Set {
        let size = set.partners.len() + 2;
        let mut model = self.model(&set);
        let mut amplitude;
        (amplitude, set.left) = self.left(&model);
        let mut damping = 1e-3;
        for _ in 0..25 {
            let before = set.left;
            let mut normal = vec![0.0; size * size];
            let mut right = vec![0.0; size];
            let mut slopes = vec![0.0; size];
            for ((time, value), model) in self.clock.times.iter().zip(&self.values).zip(&model) {
                slopes[0] = *model;
                slopes[1] = -amplitude * PI * time * model;
                set.slopes(*time, amplitude, &mut slopes[2..]);
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
            let next_model = self.model(&next);
            let next_amplitude;
            (next_amplitude, next.left) = self.left(&next_model);
            if next.left < before {
                (set, model, amplitude) = (next, next_model, next_amplitude);
                damping /= 5.0;
                if set.left > before * (1.0 - 1e-5) {
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
    fn joined(&self, mut set: Set) -> Set {
        let separate = set.left;
        loop {
            set.partners.sort_by(|a, b| b.0.total_cmp(&a.0));
            let next = (1..set.partners.len())
                .filter_map(|k| {
                    let mut joined = set.clone();
                    let (hz, count) = joined.partners.remove(k);
                    let other = &mut joined.partners[k - 1];
                    let close = usize::from(other.0 - hz < TELLING * self.clock.usual_width);
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

/// Whether two pairs of neighbouring lines lie that far apart.
fn is_shown(hz: f64, lines: &[Component]) -> bool {
    lines.windows(2).filter(|two| (two[1].hz - two[0].hz - hz).abs() < 0.2).count() > 1
}

/// How much wider a multiplet may be than its lines that are seen: a quartet's outer ones are weak.
fn hidden(partners: &[(f64, u32)]) -> f64 {
    partners.iter().map(|(hz, count)| if *count > 2 { 2.0 * hz } else { 0.0 }).sum()
}

struct Guesses<'a> {
    beat: &'a Beat<'a>,
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
        product: &[f64; TIMES],
        chosen: &mut Vec<(f64, u32)>,
    ) {
        if count == 0 {
            if (-SUM - hidden(chosen)..=SUM).contains(&rest) {
                self.keep(product, chosen);
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
            let cosines = &self.beat.clock.cosines[k];
            let next = std::array::from_fn(|i| product[i] * cosines[i]);
            chosen.push((hz, 1));
            self.choose(k, rest - hz, count - 1, &next, chosen);
            chosen.pop();
        }
    }

    fn keep(&mut self, model: &[f64], chosen: &[(f64, u32)]) {
        let left = self.beat.left(model).1;
        if self.best.len() == GUESSES && self.best.last().is_some_and(|worst| worst.left <= left) {
            return;
        }
        let set = Set {
            width: FIRST_WIDTH * self.beat.clock.usual_width,
            partners: chosen.to_vec(),
            left,
        };
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
