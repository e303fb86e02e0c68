//! Levenberg-Marquardt fit of a few overlapping lines on a constant to a stretch of a spectrum.

use super::cholesky;
use super::shape::{self, Line};

/// Rounds after which a fit is taken as it is.
const MOST_ROUNDS: usize = 20;
/// A line's slopes count so many half widths about it; beyond they are as good as zero.
const REACH: f64 = 12.0;
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
}

impl Model {
    pub(super) fn at(&self, x: f64) -> f64 {
        let lines = self.lines.iter();
        let sum: f64 = lines
            .map(|line| line.height * shape::value((x - line.centre) / line.half_width, self.share))
            .sum();
        self.offset + sum
    }

    fn cost_on(&self, data: &[f64]) -> f64 {
        data.iter().enumerate().map(|(i, y)| (y - self.at(i as f64)).powi(2)).sum()
    }

    fn parameters(&self) -> usize {
        COMMON + 3 * self.lines.len()
    }

    /// Calls `visit(parameter, slope)` for every slope at `x` that counts.
    fn slopes(&self, x: f64, mut visit: impl FnMut(usize, f64)) {
        let mut by_share = 0.0;
        for (index, line) in self.lines.iter().enumerate() {
            let u = (x - line.centre) / line.half_width;
            if u.abs() > REACH {
                continue;
            }
            let (value, slope, share) = shape::unit(u, self.share);
            by_share += line.height * share;
            let first = COMMON + 3 * index;
            visit(first, -line.height * slope / line.half_width);
            visit(first + 1, -line.height * slope * u / line.half_width);
            visit(first + 2, value);
        }
        visit(0, 1.0);
        visit(1, by_share);
    }

    fn moved(&self, step: &[f64], bounds: &Bounds, home: &[Line]) -> Self {
        let mut next = self.clone();
        next.offset += step[0];
        if bounds.free_share {
            next.share = (next.share + step[1]).clamp(0.0, 1.0);
        }
        for ((line, step), home) in next.lines.iter_mut().zip(step[COMMON..].chunks(3)).zip(home) {
            let leash = home.half_width.max(1.0) * 1.2;
            line.centre = (line.centre + step[0]).clamp(home.centre - leash, home.centre + leash);
            let half_width =
                (line.half_width + step[1]).clamp(0.5 * line.half_width, 2.0 * line.half_width);
            line.half_width = half_width.clamp(bounds.least_half_width, bounds.most_half_width);
            line.height = (line.height + step[2]).max(0.0);
        }
        next
    }
}

/// Room for the normal equations, kept from fit to fit.
#[derive(Default)]
pub(super) struct Workspace {
    normal: Vec<f64>,
    damped: Vec<f64>,
    gradient: Vec<f64>,
    active: Vec<(usize, f64)>,
}

impl Workspace {
    /// Fits the model to the data, point `i` of which lies at place `i`.
    pub(super) fn fit(&mut self, data: &[f64], mut model: Model, bounds: &Bounds) -> Model {
        let home = model.lines.clone();
        model.cost = model.cost_on(data);
        let mut damping = 1e-3;
        let mut idle = 0;
        for _ in 0..MOST_ROUNDS {
            self.accumulate(data, &model, bounds);
            let mut better = None;
            for _ in 0..6 {
                if let Some(next) = self.step(&model, damping, bounds, &home) {
                    let next = Model { cost: next.cost_on(data), ..next };
                    if next.cost < model.cost {
                        better = Some(next);
                        break;
                    }
                }
                damping *= 8.0;
            }
            let Some(next) = better else { break };
            damping = (damping / 6.0).max(1e-9);
            idle = if next.cost > model.cost * (1.0 - 1e-4) { idle + 1 } else { 0 };
            model = next;
            if idle == 2 {
                break;
            }
        }
        model
    }

    fn accumulate(&mut self, data: &[f64], model: &Model, bounds: &Bounds) {
        let size = model.parameters();
        self.normal.clear();
        self.normal.resize(size * size, 0.0);
        self.gradient.clear();
        self.gradient.resize(size, 0.0);
        for (i, y) in data.iter().enumerate() {
            let x = i as f64;
            let rest = y - model.at(x);
            self.active.clear();
            let active = &mut self.active;
            model.slopes(x, |parameter, slope| active.push((parameter, slope)));
            for (place, &(row, a)) in self.active.iter().enumerate() {
                self.gradient[row] += a * rest;
                for &(column, b) in &self.active[..=place] {
                    let (row, column) = (row.max(column), row.min(column));
                    self.normal[row * size + column] += a * b;
                }
            }
        }
        if !bounds.free_share {
            // A parameter that stays: unit diagonal, nothing beside it.
            for k in 0..size {
                self.normal[1.max(k) * size + 1.min(k)] = 0.0;
            }
            self.normal[size + 1] = 1.0;
            self.gradient[1] = 0.0;
        }
    }

    fn step(
        &mut self,
        model: &Model,
        damping: f64,
        bounds: &Bounds,
        home: &[Line],
    ) -> Option<Model> {
        let size = model.parameters();
        self.damped.clone_from(&self.normal);
        for k in 0..size {
            self.damped[k * size + k] *= 1.0 + damping;
            self.damped[k * size + k] += f64::MIN_POSITIVE.sqrt();
        }
        if !cholesky::factor(&mut self.damped, size) {
            return None;
        }
        let mut step = self.gradient.clone();
        cholesky::solve(&self.damped, size, &mut step);
        Some(model.moved(&step, bounds, home))
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
        let size = model.parameters();
        let count = data.len();
        self.accumulate(data, model, bounds);
        let mut factored = self.normal.clone();
        if !cholesky::factor(&mut factored, size) {
            return None;
        }
        // Columns of J, each with the stretch in which it is not zero.
        let mut columns = vec![0.0; size * count];
        for i in 0..count {
            model.slopes(i as f64, |parameter, slope| columns[parameter * count + i] = slope);
        }
        if !bounds.free_share {
            columns[count..2 * count].fill(0.0);
        }
        // Rows of G = A^-1 J' need one solution a point; the noise then gives G S G'.
        let mut gain = vec![0.0; size * count];
        let mut right = vec![0.0; size];
        for i in 0..count {
            for k in 0..size {
                right[k] = columns[k * count + i];
            }
            cholesky::solve(&factored, size, &mut right);
            for k in 0..size {
                gain[k * count + i] = right[k];
            }
        }
        let mut covariance = vec![0.0; size * size];
        let mut smeared = vec![0.0; count];
        for row in 0..size {
            let of_row = &gain[row * count..(row + 1) * count];
            for (i, value) in smeared.iter_mut().enumerate() {
                *value = of_row[i];
                for (lag, share) in correlation.iter().enumerate().skip(1) {
                    let before = i.checked_sub(lag).map_or(0.0, |k| of_row[k]);
                    let after = of_row.get(i + lag).copied().unwrap_or(0.0);
                    *value += share * (before + after);
                }
            }
            // Only what lines say of themselves and of the share is asked for.
            let own = (row.saturating_sub(COMMON) / 3) * 3 + COMMON;
            for column in [0, 1, own, own + 1, own + 2] {
                if column < size {
                    let of_column = &gain[column * count..(column + 1) * count];
                    covariance[row * size + column] =
                        smeared.iter().zip(of_column).map(|(a, b)| a * b).sum();
                }
            }
        }
        Some(covariance)
    }
}
