//! One multiplet's beat: how it turns over time, and the couplings that fit it best.

use std::f64::consts::PI;

use super::cosines::{Clock, Set, TIMES};
use crate::spectrum::axis::Axis;
use crate::spectrum::cholesky;
use crate::spectrum::multiplet::first_order::Component;
use crate::spectrum::multiplet::refine::Stretch;

/// The stretch goes so many widths beyond the outermost lines.
const MARGIN: f64 = 5.0;
/// Share of the squares the multiplet has in common with its mirror image, at least.
const SYMMETRY: f64 = 0.95;
/// Most lines, and widest set of them in Hz.
const LARGEST: (usize, f64) = (30, 62.0);

/// The even part of a multiplet about its centre, over time.
pub(super) struct Beat<'a> {
    pub(super) clock: &'a Clock,
    pub(super) centre_hz: f64,
    values: [f64; TIMES],
    pub(super) squares: f64,
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
    pub(super) fn fit(&self, mut set: Set) -> Set {
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
}
