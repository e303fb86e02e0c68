//! A pattern fitted to the spectrum itself: one width, one centre, its couplings and their tilts.
//!
//! Where lines fall together, their positions no longer tell the couplings but the shape still
//! does; and a shape that does not fit tells that the pattern is another one.

use std::f64::consts::TAU;

use num_complex::Complex64;

use super::first_order::{COUPLING, Component, Explanation};
use super::pattern::{self, MOST_GROUPS, Stick};
use crate::spectrum::axis::Axis;
use crate::spectrum::cholesky;

/// Rounds of one fit.
const MOST_ROUNDS: usize = 12;
/// The stretch goes so many widths beyond the outermost lines.
const MARGIN: f64 = 2.5;
/// Points in a width are thinned out to this many.
const POINTS_A_WIDTH: f64 = 5.0;
/// Longest stretch, points after thinning.
const MOST_POINTS: usize = 1200;
/// A pattern leaves at most this share (root mean square) of the spectrum.
const MOST_LEFT: f64 = 0.22;
/// Two couplings in place of two equal ones leave at most this share of the squares that were
/// left, a small one more at most that: broad lines have other causes too.
const MOST_KEPT: [f64; 2] = [0.45, 0.25];
/// Tilt by one coupling at most.
const MOST_ROOF: f64 = 0.7;

/// The explanation with its couplings fitted to the spectrum, or a better one next to it; `None`
/// where the spectrum does not look like it. `usual_width` is that of single lines.
pub(super) fn refine(
    real: &[f64],
    axis: &Axis,
    lines: &[Component],
    all: &[Component],
    explanation: &Explanation,
    usual_width: f64,
) -> Option<Explanation> {
    let stretch = Stretch::cut(real, axis, lines, all, MARGIN)?;
    let widths: f64 = lines.iter().map(|line| line.width_hz * line.area).sum();
    let area: f64 = lines.iter().map(|line| line.area).sum();
    let width = (widths / area).clamp(0.6 * usual_width, 3.0 * usual_width);
    let start = |nuclei: &[u32], couplings: &[f64], width: f64| {
        stretch.fit(Shape::new(explanation.centre_hz, width, area, nuclei, couplings))
    };
    let mut best = start(&explanation.nuclei, &explanation.couplings, width);
    // Lines fitted into noise or flanks add a partner that is none.
    for group in (0..explanation.nuclei.len()).filter(|&k| explanation.nuclei[k] > 1) {
        let mut nuclei = explanation.nuclei.clone();
        nuclei[group] -= 1;
        let fewer = start(&nuclei, &explanation.couplings, width);
        if fewer.left < best.left {
            best = fewer;
        }
    }
    // Broad lines hide couplings.
    for _ in 0..2 {
        if best.width < 1.12 * usual_width {
            break;
        }
        let next = variants(&best)
            .into_iter()
            .map(|(nuclei, couplings)| start(&nuclei, &couplings, usual_width))
            .filter(|shape| shape.is_sound(usual_width))
            .min_by(|a, b| a.left.total_cmp(&b.left));

        let Some(next) = next else { break };
        let same = next.nuclei.iter().sum::<u32>() == best.nuclei.iter().sum::<u32>();
        if next.left > MOST_KEPT[usize::from(!same)] * best.left {
            break;
        }
        best = next;
    }
    if (best.left / stretch.squares).sqrt() > MOST_LEFT || !best.is_sound(0.0) {
        return None;
    }
    let mut order: Vec<usize> = (0..best.nuclei.len()).collect();
    order.sort_by(|&a, &b| best.couplings[b].total_cmp(&best.couplings[a]));
    Some(Explanation {
        centre_hz: best.centre,
        nuclei: order.iter().map(|&k| best.nuclei[k]).collect(),
        couplings: order.iter().map(|&k| best.couplings[k]).collect(),
        score: explanation.score,
    })
}

/// One coupling of two equal partners taken as two, or a small coupling more.
fn variants(shape: &Shape) -> Vec<(Vec<u32>, Vec<f64>)> {
    let mut variants = Vec::new();
    if shape.nuclei.len() == MOST_GROUPS {
        return variants;
    }
    let off = 0.6 * shape.width;
    for k in 0..shape.nuclei.len() {
        if (2..=3).contains(&shape.nuclei[k]) {
            let (mut nuclei, mut couplings) = (shape.nuclei.clone(), shape.couplings.clone());
            let half = off / f64::from(shape.nuclei[k]);
            nuclei[k] -= 1;
            couplings[k] += if nuclei[k] == 1 { half } else { -half };
            nuclei.push(1);
            couplings.push(shape.couplings[k] + if nuclei[k] == 1 { -half } else { 2.0 * half });
            variants.push((nuclei, couplings));
        }
    }
    let (mut nuclei, mut couplings) = (shape.nuclei.clone(), shape.couplings.clone());
    nuclei.push(1);
    couplings.push(0.7 * shape.width);
    variants.push((nuclei, couplings));
    variants
}

/// A stretch of the spectrum with the flanks of lines that are not the pattern's taken off.
pub(super) struct Stretch {
    first_hz: f64,
    step_hz: f64,
    values: Vec<f64>,
    squares: f64,
}

impl Stretch {
    pub(super) fn cut(
        real: &[f64],
        axis: &Axis,
        lines: &[Component],
        all: &[Component],
        margin: f64,
    ) -> Option<Self> {
        let widest = lines.iter().map(|line| line.width_hz).fold(0.0, f64::max);
        let narrowest = lines.iter().map(|line| line.width_hz).fold(f64::INFINITY, f64::min);
        let stride = ((narrowest / axis.step_hz() / POINTS_A_WIDTH) as usize).max(1);
        let place = |hz: f64| (hz / axis.reference_mhz - axis.first_ppm) / axis.step_ppm;
        let from = place(lines[0].hz - margin * widest).max(0.0) as usize;
        let to = place(lines[lines.len() - 1].hz + margin * widest).max(0.0) as usize + 1;
        let first_hz = axis.ppm(from as f64) * axis.reference_mhz;
        let step_hz = axis.step_hz() * stride as f64;
        let points = real.get(from..to.min(real.len()))?;
        if points.len() < 8 || points.len() / stride > MOST_POINTS {
            return None;
        }
        let mut values: Vec<f64> = points.iter().step_by(stride).copied().collect();
        let reach = to.saturating_sub(from) as f64 * axis.step_hz();
        for other in all {
            let own = lines.iter().any(|line| line.place == other.place);
            let far = (other.hz - first_hz - reach / 2.0).abs() - reach / 2.0;
            if own || far > 60.0 * other.width_hz {
                continue;
            }
            let height = other.area / (std::f64::consts::FRAC_PI_2 * other.width_hz);
            for (i, value) in values.iter_mut().enumerate() {
                let u = 2.0 * (first_hz + i as f64 * step_hz - other.hz) / other.width_hz;
                *value -= height / (1.0 + u * u);
            }
        }
        let squares = values.iter().map(|value| value * value).sum();
        Some(Self { first_hz, step_hz, values, squares })
    }

    /// Where the stretch is its own mirror image, looked for within `reach` Hz of `about`; `None`
    /// where it has less than that share of its squares in common with it.
    pub(super) fn centre_of_symmetry(&self, about: f64, reach: f64, least: f64) -> Option<f64> {
        let twice = |hz: f64| 2.0 * (hz - self.first_hz) / self.step_hz;
        let from = twice(about - reach).max(1.0) as usize;
        let to =
            (twice(about + reach).max(1.0) as usize).min((2 * self.values.len()).saturating_sub(2));
        let common = |sum: usize| -> f64 {
            let last = sum.min(self.values.len() - 1);
            (sum - last..=last).map(|i| self.values[i] * self.values[sum - i]).sum()
        };
        let best = (from..to).max_by(|&a, &b| common(a).total_cmp(&common(b)))?;
        let [before, top, after] = [common(best - 1), common(best), common(best + 1)];
        if top < least * self.squares {
            return None;
        }
        let bend = before - 2.0 * top + after;
        let between = if bend < 0.0 { (before - after) / (2.0 * bend) } else { 0.0 };
        Some(self.first_hz + (best as f64 + between.clamp(-1.0, 1.0)) / 2.0 * self.step_hz)
    }

    /// Sum over the stretch of values times the cosine of `time` (seconds) about `centre`.
    pub(super) fn cosine_transform(&self, centre: f64, time: f64) -> f64 {
        let turn = Complex64::from_polar(1.0, TAU * time * self.step_hz);
        let mut phase = Complex64::from_polar(1.0, TAU * time * (self.first_hz - centre));
        let mut sum = 0.0;
        for value in &self.values {
            sum += value * phase.re;
            phase *= turn;
        }
        sum
    }

    /// Levenberg-Marquardt from the given shape.
    fn fit(&self, mut shape: Shape) -> Shape {
        shape.left = self.left(&shape);
        let mut damping = 1e-2;
        for _ in 0..MOST_ROUNDS {
            let (normal, gradient) = self.equations(&shape);
            let before = shape.left;
            for _ in 0..4 {
                if let Some(mut next) = shape.moved(&normal, &gradient, damping) {
                    next.left = self.left(&next);
                    if next.left < shape.left {
                        shape = next;
                        break;
                    }
                }
                damping *= 10.0;
            }
            if shape.left > before * (1.0 - 1e-3) {
                break;
            }
            damping /= 5.0;
        }
        shape
    }

    fn left(&self, shape: &Shape) -> f64 {
        let mut model = vec![0.0; self.values.len()];
        let per = 2.0 / shape.width;
        for stick in &shape.sticks {
            let (hz, height) = (shape.hz(stick), shape.height(stick));
            for (i, value) in model.iter_mut().enumerate() {
                let u = (self.first_hz + i as f64 * self.step_hz - hz) * per;
                *value += height / (1.0 + u * u);
            }
        }
        self.values.iter().zip(&model).map(|(value, model)| (value - model).powi(2)).sum()
    }

    fn equations(&self, shape: &Shape) -> (Vec<f64>, Vec<f64>) {
        let groups = shape.nuclei.len();
        let size = shape.size();
        let mut normal = vec![0.0; size * size];
        let mut gradient = vec![0.0; size];
        let mut slopes = vec![0.0; size];
        let per = 2.0 / shape.width;
        let sticks: Vec<(f64, f64, &Stick)> =
            shape.sticks.iter().map(|s| (shape.hz(s), shape.height(s), s)).collect();
        for (i, value) in self.values.iter().enumerate() {
            let hz = self.first_hz + i as f64 * self.step_hz;
            slopes.fill(0.0);
            let mut model = 0.0;
            for (at, height, stick) in &sticks {
                let u = (hz - at) * per;
                let unit = 1.0 / (1.0 + u * u);
                model += height * unit;
                let by_place = height * 2.0 * u * unit * unit * per;
                slopes[0] += by_place;
                slopes[1] += by_place * u / per / shape.width;
                let flat = shape.area * shape.per_area() * stick.share * unit;
                for (group, by) in stick.by[..groups].iter().enumerate() {
                    slopes[3 + group] += by_place * by;
                    slopes[3 + groups + group] += flat * by;
                }
            }
            slopes[2] = model / shape.area;
            // Height falls as width grows, area staying the same.
            slopes[1] = 2.0 * slopes[1] - model / shape.width;
            let rest = value - model;
            for row in 0..size {
                gradient[row] += slopes[row] * rest;
                for column in 0..=row {
                    normal[row * size + column] += slopes[row] * slopes[column];
                }
            }
        }
        (normal, gradient)
    }
}

#[derive(Clone)]
struct Shape {
    centre: f64,
    width: f64,
    area: f64,
    nuclei: Vec<u32>,
    couplings: Vec<f64>,
    roofs: Vec<f64>,
    sticks: Vec<Stick>,
    /// Sum of the squares it leaves.
    left: f64,
}

impl Shape {
    fn new(centre: f64, width: f64, area: f64, nuclei: &[u32], couplings: &[f64]) -> Self {
        Self {
            centre,
            width,
            area,
            nuclei: nuclei.to_vec(),
            couplings: couplings.to_vec(),
            roofs: vec![0.0; nuclei.len()],
            sticks: pattern::sticks(nuclei),
            left: f64::INFINITY,
        }
    }

    fn size(&self) -> usize {
        3 + 2 * self.nuclei.len()
    }

    fn hz(&self, stick: &Stick) -> f64 {
        self.centre + stick.offset(&self.couplings)
    }

    fn per_area(&self) -> f64 {
        1.0 / (std::f64::consts::FRAC_PI_2 * self.width)
    }

    fn height(&self, stick: &Stick) -> f64 {
        let tilt: f64 = stick.by.iter().zip(&self.roofs).map(|(by, roof)| by * roof).sum();
        self.area * self.per_area() * stick.share * (1.0 + tilt)
    }

    fn moved(&self, normal: &[f64], gradient: &[f64], damping: f64) -> Option<Self> {
        let size = self.size();
        let groups = self.nuclei.len();
        let mut damped = normal.to_vec();
        for k in 0..size {
            damped[k * size + k] *= 1.0 + damping;
            damped[k * size + k] += 1e-150;
        }
        let mut step = gradient.to_vec();
        if !cholesky::factor(&mut damped, size) {
            return None;
        }
        cholesky::solve(&damped, size, &mut step);
        let mut next = self.clone();
        next.centre += step[0].clamp(-self.width, self.width);
        next.width = (next.width + step[1]).clamp(0.6 * self.width, 1.6 * self.width);
        next.area = (next.area + step[2]).max(0.1 * self.area);
        for group in 0..groups {
            next.couplings[group] += step[3 + group].clamp(-self.width, self.width);
            let roof = next.roofs[group] + step[3 + groups + group];
            next.roofs[group] = roof.clamp(-MOST_ROOF, MOST_ROOF);
        }
        Some(next)
    }

    /// Every coupling is one, none is drowned in the width.
    fn is_sound(&self, usual_width: f64) -> bool {
        let least = COUPLING[0].max(0.6 * self.width);
        self.width > 0.75 * usual_width
            && self.couplings.iter().all(|hz| (least..COUPLING[1]).contains(hz))
    }
}
