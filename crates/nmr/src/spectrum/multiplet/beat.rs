//! What couplings explain one multiplet's beat.

use std::f64::consts::PI;

use super::cosines::{Clock, Set, TIMES};
use super::first_order::{Component, Explanation};
use super::guesses::MOST_PARTNERS;
use super::refine::Stretch;
use crate::spectrum::axis::Axis;
use crate::spectrum::cholesky;

/// The stretch goes so many widths beyond the outermost lines.
const MARGIN: f64 = 5.0;
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

/// The even part of a multiplet about its centre, over time.
pub(super) struct Beat<'a> {
    pub(super) clock: &'a Clock,
    centre_hz: f64,
    values: [f64; TIMES],
    squares: f64,
}

impl<'a> Beat<'a> {
    pub(super) fn of(
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
    pub(super) fn contradicts(&self, explanation: &Explanation) -> bool {
        let partners = explanation.couplings.iter().copied().zip(explanation.nuclei.clone());
        let set = Set {
            width: self.clock.usual_width,
            partners: partners.collect(),
            left: f64::INFINITY,
        };
        self.fit(set).left > DOUBTFUL * self.squares
    }

    pub(super) fn explain(&self, lines: &[Component]) -> Option<Explanation> {
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

    /// Amplitude of a model, and what it leaves.
    pub(super) fn left(&self, model: &[f64]) -> (f64, f64) {
        let (mut with, mut own) = (0.0, 0.0);
        for (value, model) in self.values.iter().zip(model) {
            with += value * model;
            own += model * model;
        }
        (with / own.max(f64::MIN_POSITIVE), self.squares - with * with / own.max(f64::MIN_POSITIVE))
    }

    /// Gauss-Newton on width and couplings.
    fn fit(&self, mut set: Set) -> Set {
        let size = set.partners.len() + 2;
        let mut waves = self.clock.waves(&set);
        let mut model = waves.product();
        let mut amplitude;
        (amplitude, set.left) = self.left(&model);
        let mut damping = 1e-3;
        for _ in 0..25 {
            let before = set.left;
            let mut normal = vec![0.0; size * size];
            let mut right = vec![0.0; size];
            let mut slopes = vec![0.0; size];
            for (k, (value, model)) in self.values.iter().zip(&model).enumerate() {
                slopes[0] = *model;
                slopes[1] = -amplitude * PI * self.clock.times[k] * model;
                waves.slopes(k, amplitude, &mut slopes[2..]);
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
            let next_waves = self.clock.waves(&next);
            let next_model = next_waves.product();
            let next_amplitude;
            (next_amplitude, next.left) = self.left(&next_model);
            if next.left < before {
                (set, waves, model) = (next, next_waves, next_model);
                amplitude = next_amplitude;
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
