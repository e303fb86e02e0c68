//! Levenberg-Marquardt fit of a few overlapping lines on a constant to a stretch of a spectrum.

use std::ops::Range;

use super::shape::{self, Line};
use crate::spectrum::cholesky;

/// A line's slopes count so many half widths about it; beyond they are as good as zero.
const REACH: f64 = 10.0;
/// A line stays within so many half widths of where it was seen.
const LEASH: f64 = 0.7;
/// Parameters of the stretch: the constant, and the Lorentzian's share.
const COMMON: usize = 2;

/// Lines on a constant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Model {
    pub(super) lines: Vec<Line>,
    pub(super) offset: f64,
    pub(super) share: f64,
    /// Sum of the squares of what the fit leaves.
    pub(super) cost: f64,
}

/// What may not be moved beyond.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) least_half_width: f64,
    pub(super) most_half_width: f64,
    /// Whether the shape may turn from Lorentzian towards Gaussian.
    pub(super) free_share: bool,
    /// Rounds after which a fit is taken as it is.
    pub(super) most_rounds: usize,
}

impl Model {
    pub(super) fn at(&self, x: f64) -> f64 {
        let lines = self.lines.iter();
        let sum: f64 = lines
            .map(|line| line.height * shape::value((x - line.centre) / line.half_width, self.share))
            .sum();
        self.offset + sum
    }

    fn size(&self) -> usize {
        COMMON + 3 * self.lines.len()
    }

    /// What the model leaves of the data.
    pub(super) fn rests(&self, data: &[f64], rests: &mut Vec<f64>) {
        rests.clear();
        rests.extend(data.iter().map(|y| y - self.offset));
        for line in &self.lines {
            let per = 1.0 / line.half_width;
            let lorentzian = self.share * line.height;
            for (i, rest) in rests.iter_mut().enumerate() {
                let u = (i as f64 - line.centre) * per;
                *rest -= lorentzian / (1.0 + u * u);
            }
            if self.share < 1.0 {
                let gaussian = (1.0 - self.share) * line.height;
                let window = window(line, data.len(), shape::GAUSSIAN_REACH);
                for i in window {
                    let u = (i as f64 - line.centre) * per;
                    rests[i] -= gaussian * shape::gaussian(u);
                }
            }
        }
    }

    fn moved(&self, step: &[f64], bounds: &Bounds, home: &[Line]) -> Self {
        let mut next = self.clone();
        next.offset += step[0];
        if bounds.free_share {
            next.share = (next.share + step[1]).clamp(0.0, 1.0);
        }
        for ((line, step), home) in next.lines.iter_mut().zip(step[COMMON..].chunks(3)).zip(home) {
            let leash = home.half_width.max(1.0) * LEASH;
            line.centre = (line.centre + step[0]).clamp(home.centre - leash, home.centre + leash);
            let half_width =
                (line.half_width + step[1]).clamp(0.5 * line.half_width, 2.0 * line.half_width);
            line.half_width = half_width.clamp(bounds.least_half_width, bounds.most_half_width);
            line.height = (line.height + step[2]).max(0.0);
        }
        next
    }
}

/// Points within so many half widths of a line.
fn window(line: &Line, length: usize, reach: f64) -> Range<usize> {
    let reach = reach * line.half_width;
    let from = ((line.centre - reach).max(0.0) as usize).min(length);
    let to = ((line.centre + reach).max(0.0) as usize + 1).min(length);
    from..to.max(from)
}

/// Room for the normal equations, kept from fit to fit.
#[derive(Default)]
pub(super) struct Workspace {
    normal: Vec<f64>,
    damped: Vec<f64>,
    gradient: Vec<f64>,
    step: Vec<f64>,
    rests: Vec<f64>,
    tried: Vec<f64>,
    /// Slopes over each parameter, each over the whole stretch.
    columns: Vec<f64>,
    windows: Vec<Range<usize>>,
}

impl Workspace {
    /// Fits the model to the data, point `i` of which lies at place `i`.
    pub(super) fn fit(&mut self, data: &[f64], mut model: Model, bounds: &Bounds) -> Model {
        let home = model.lines.clone();
        model.rests(data, &mut self.rests);
        model.cost = squares(&self.rests);
        let mut damping = 1e-3;
        let mut idle = 0;
        for _ in 0..bounds.most_rounds {
            self.accumulate(data.len(), &model, bounds);
            let mut better = None;
            for _ in 0..5 {
                if self.solve(model.size(), damping) {
                    let mut next = model.moved(&self.step, bounds, &home);
                    next.rests(data, &mut self.tried);
                    next.cost = squares(&self.tried);
                    if next.cost < model.cost {
                        better = Some(next);
                        break;
                    }
                }
                damping *= 8.0;
            }
            let Some(next) = better else { break };
            std::mem::swap(&mut self.rests, &mut self.tried);
            damping = (damping / 6.0).max(1e-9);
            idle = if next.cost > model.cost * (1.0 - 1e-3) { idle + 1 } else { 0 };
            model = next;
            if idle == 2 {
                break;
            }
        }
        model
    }

    /// Slopes at every point, and the normal equations they make with what is left.
    fn accumulate(&mut self, length: usize, model: &Model, bounds: &Bounds) {
        let size = model.size();
        self.normal.clear();
        self.normal.resize(size * size, 0.0);
        self.gradient.clear();
        self.gradient.resize(size, 0.0);
        self.columns.clear();
        self.columns.resize(size * length, 0.0);
        self.windows.clear();
        self.windows.extend([0..length, 0..length]);
        self.columns[..length].fill(1.0);
        let (common, own) = self.columns.split_at_mut(COMMON * length);
        let by_share = &mut common[length..];
        for (line, columns) in model.lines.iter().zip(own.chunks_mut(3 * length)) {
            let window = window(line, length, REACH);
            self.windows.extend([window.clone(), window.clone(), window.clone()]);
            let (by_centre, others) = columns.split_at_mut(length);
            let (by_width, by_height) = others.split_at_mut(length);
            let per = 1.0 / line.half_width;
            for i in window {
                let u = (i as f64 - line.centre) * per;
                let (value, slope, share) = shape::unit(u, model.share);
                by_centre[i] = -line.height * slope * per;
                by_width[i] = by_centre[i] * u;
                by_height[i] = value;
                by_share[i] += line.height * share;
            }
        }
        if !bounds.free_share {
            by_share.fill(0.0);
        }
        for row in 0..size {
            let of_row = &self.columns[row * length..(row + 1) * length];
            let window = self.windows[row].clone();
            self.gradient[row] = dot(&of_row[window.clone()], &self.rests[window.clone()]);
            for column in 0..=row {
                let both = window.start.max(self.windows[column].start)
                    ..window.end.min(self.windows[column].end);
                if !both.is_empty() {
                    let of_column = &self.columns[column * length..(column + 1) * length];
                    self.normal[row * size + column] = dot(&of_row[both.clone()], &of_column[both]);
                }
            }
        }
        if !bounds.free_share {
            self.normal[size + 1] = 1.0;
        }
    }

    fn solve(&mut self, size: usize, damping: f64) -> bool {
        self.damped.clone_from(&self.normal);
        for k in 0..size {
            self.damped[k * size + k] *= 1.0 + damping;
            self.damped[k * size + k] += 1e-150;
        }
        if !cholesky::factor(&mut self.damped, size) {
            return false;
        }
        self.step.clone_from(&self.gradient);
        cholesky::solve(&self.damped, size, &mut self.step);
        true
    }

    /// Covariance of the parameters for noise of unit variance whose neighbouring points are
    /// correlated (`correlation[k]` at a distance of k points): `A^-1 J' S J A^-1`, `A = J'J`.
    pub(super) fn covariance(
        &mut self,
        data: &[f64],
        model: &Model,
        bounds: &Bounds,
        correlation: &[f64],
    ) -> Option<Vec<f64>> {
        let (size, length) = (model.size(), data.len());
        model.rests(data, &mut self.rests);
        self.accumulate(length, model, bounds);
        if !cholesky::factor(&mut self.normal, size) {
            return None;
        }
        // J' S J, a row at a time.
        let mut middle = vec![0.0; size * size];
        let mut smeared = vec![0.0; length];
        for row in 0..size {
            let of_row = &self.columns[row * length..(row + 1) * length];
            smeared.copy_from_slice(of_row);
            for (lag, share) in correlation.iter().enumerate().skip(1).take_while(|l| l.0 < length)
            {
                for (value, before) in smeared[lag..].iter_mut().zip(of_row) {
                    *value += share * before;
                }
                for (value, after) in smeared.iter_mut().zip(&of_row[lag..]) {
                    *value += share * after;
                }
            }
            for column in 0..size {
                let window = self.windows[column].clone();
                let of_column = &self.columns[column * length..(column + 1) * length];
                middle[row * size + column] = dot(&smeared[window.clone()], &of_column[window]);
            }
        }
        // A^-1 from the left on the columns, then, the result turned over, once more.
        for _ in 0..2 {
            for row in middle.chunks_mut(size) {
                cholesky::solve(&self.normal, size, row);
            }
            for row in 0..size {
                for column in 0..row {
                    middle.swap(row * size + column, column * size + row);
                }
            }
        }
        Some(middle)
    }
}

fn squares(values: &[f64]) -> f64 {
    dot(values, values)
}

/// Four sums side by side, which the processor adds at once.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a, b) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for k in 0..4 {
            sums[k] += a[k] * b[k];
        }
    }
    sums.iter().sum::<f64>() + rest
}
