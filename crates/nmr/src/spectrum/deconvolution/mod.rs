//! Line fitting: overlapping lines are fitted together to the phased spectrum, hidden ones are
//! brought out, and every position, width and area gets its standard error.

mod least_squares;
mod peaks;
mod region;
mod shape;
mod shoulders;

pub use peaks::{Refined, refine};
pub use shape::Line;

use least_squares::{Bounds, Model, Workspace};

/// Rounds after which a fit is taken as it is.
const MOST_ROUNDS: usize = 10;
/// Points a half width is worth: what is sampled more finely is thinned out first.
const POINTS_A_HALF_WIDTH: f64 = 3.0;

/// A fitted line, in units of spectrum points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedLine {
    /// Position, half width and height.
    pub line: Line,
    /// Share of the Lorentzian in the shape; the rest is a Gaussian.
    pub share: f64,
    /// Area, height times points.
    pub area: f64,
    /// Standard error of the position, points.
    pub centre_error: f64,
    /// Standard error of the half width, points.
    pub half_width_error: f64,
    /// Standard error of the area.
    pub area_error: f64,
    /// Place in the list of starting lines; `None` for a line that hid in others.
    pub start: Option<usize>,
}

impl FittedLine {
    /// From thinned points of a region to those of the spectrum.
    fn stretched(self, from: f64, stride: f64, first_start: usize) -> Self {
        let line = Line {
            centre: from + self.line.centre * stride,
            half_width: self.line.half_width * stride,
            height: self.line.height,
        };
        Self {
            line,
            share: self.share,
            area: self.area * stride,
            centre_error: self.centre_error * stride,
            half_width_error: self.half_width_error * stride,
            area_error: self.area_error * stride,
            start: self.start.map(|start| start + first_start),
        }
    }
}

/// What is known of the spectrum's noise.
#[derive(Debug, Clone, PartialEq)]
pub struct Noise {
    /// Standard deviation.
    pub deviation: f64,
    /// Correlation of points at a distance of 0, 1, 2 ... points; begins with 1.
    pub correlation: Vec<f64>,
}

impl Noise {
    /// Noise of a spectrum `step_hz` from point to point made of a signal that lasted
    /// `duration_s` and was multiplied by a decay of `line_broadening_hz`: zero filling and
    /// apodization make neighbouring points alike, by the Fourier transform of the squared decay.
    #[must_use]
    pub fn new(deviation: f64, step_hz: f64, duration_s: f64, line_broadening_hz: f64) -> Self {
        const MOST_LAGS: usize = 48;
        let rate = std::f64::consts::TAU * line_broadening_hz.max(0.0);
        let integral = |lag: usize| -> f64 {
            let turn = std::f64::consts::TAU * lag as f64 * step_hz;
            let square = rate * rate + turn * turn;
            if square * duration_s * duration_s < 1e-12 {
                return duration_s;
            }
            let (sine, cosine) = (turn * duration_s).sin_cos();
            (rate + (-rate * duration_s).exp() * (turn * sine - rate * cosine)) / square
        };
        let whole = integral(0);
        let mut correlation: Vec<f64> = (0..MOST_LAGS).map(|lag| integral(lag) / whole).collect();
        let last = correlation.iter().rposition(|share| share.abs() > 0.02).unwrap_or(0);
        correlation.truncate(last + 1);
        Self { deviation, correlation }
    }

    /// That of every `stride`th point.
    fn thinned(&self, stride: usize) -> Self {
        let correlation = self.correlation.iter().step_by(stride).copied().collect();
        Self { deviation: self.deviation, correlation }
    }

    /// Independent values a point is worth.
    fn independent(&self) -> f64 {
        let squares: f64 = self.correlation.iter().skip(1).map(|share| share * share).sum();
        1.0 / (1.0 + 2.0 * squares)
    }
}

/// Fits lines that were picked (in order of place, all pointing up) to a phased spectrum. Lines
/// that cannot be fitted are left out of the answer, which is in order of place.
#[must_use]
pub fn fit(real: &[f64], picked: &[Line], noise: &Noise) -> Vec<FittedLine> {
    let mut current = picked.to_vec();
    let mut workspace = Workspace::default();
    let mut fitted = Vec::with_capacity(picked.len());
    let mut data = Vec::new();
    for region in region::cut(picked, real.len()) {
        let usual = median(picked[region.lines.clone()].iter().map(|line| line.half_width));
        let stride = ((usual / POINTS_A_HALF_WIDTH) as usize).max(1);
        data.clear();
        data.extend(real[region.points.clone()].iter().step_by(stride));
        let from = region.points.start as f64;
        take_off_neighbours(&mut data, from, stride as f64, &current, &region.lines);
        let scale = 1.0 / stride as f64;
        let lines: Vec<Line> = current[region.lines.clone()]
            .iter()
            .map(|line| Line {
                centre: (line.centre - from) * scale,
                half_width: line.half_width * scale,
                height: line.height,
            })
            .collect();
        let thinned = noise.thinned(stride);
        let Some(found) = fit_region(&mut workspace, &data, lines, &thinned) else { continue };
        for line in found {
            let line = line.stretched(from, stride as f64, region.lines.start);
            if let Some(start) = line.start {
                current[start] = line.line;
            }
            fitted.push(line);
        }
    }
    fitted.sort_by(|a, b| a.line.centre.total_cmp(&b.line.centre));
    fitted
}

/// The flanks of lines of other regions.
fn take_off_neighbours(
    data: &mut [f64],
    from: f64,
    stride: f64,
    lines: &[Line],
    own: &std::ops::Range<usize>,
) {
    let reach = data.len() as f64 * stride / 2.0;
    let middle = from + reach;
    let strong = lines.iter().enumerate().filter(|(place, line)| {
        let u = ((line.centre - middle).abs() - reach) / line.half_width;
        !own.contains(place) && u < 300.0
    });
    for (_, line) in strong {
        for (i, value) in data.iter_mut().enumerate() {
            let u = (from + i as f64 * stride - line.centre) / line.half_width;
            *value -= line.height / (1.0 + u * u);
        }
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(1.0)
}

fn fit_region(
    workspace: &mut Workspace,
    data: &[f64],
    lines: Vec<Line>,
    noise: &Noise,
) -> Option<Vec<FittedLine>> {
    let count = lines.len();
    if data.len() < 3 * count + 4 {
        return None;
    }
    let widest = lines.iter().map(|line| line.half_width).fold(0.0, f64::max);
    let narrowest = lines.iter().map(|line| line.half_width).fold(f64::INFINITY, f64::min);
    let mut bounds = Bounds {
        least_half_width: (0.5 * narrowest).max(0.4),
        most_half_width: (2.0 * widest).max(3.0),
        free_share: false,
        most_rounds: MOST_ROUNDS,
    };
    let start = Model { lines, offset: 0.0, share: 1.0, cost: f64::INFINITY };
    let mut model = workspace.fit(data, start, &bounds);
    if model.cost / data.len() as f64 > 1.5 * noise.deviation.powi(2) {
        let freer = Bounds { free_share: true, ..bounds };
        let start = Model { share: 0.8, ..model.clone() };
        let mixed = workspace.fit(data, start, &freer);
        if mixed.cost < 0.8 * model.cost {
            (model, bounds) = (mixed, freer);
        }
        let independent = noise.independent();
        model = shoulders::split(workspace, data, model, &bounds, noise.deviation, independent);
    }
    let covariance = workspace.covariance(data, &model, &bounds, &noise.correlation)?;
    let freedom = data.len().saturating_sub(2 + 3 * model.lines.len()).max(1) as f64;
    let variance = noise.deviation.powi(2).max(model.cost / freedom);
    Some(finished(&model, &covariance, variance, count))
}

/// Areas, and errors by propagation.
fn finished(model: &Model, covariance: &[f64], variance: f64, starts: usize) -> Vec<FittedLine> {
    let size = 2 + 3 * model.lines.len();
    let unit = shape::unit_area(model.share);
    model
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.height > 0.0)
        .map(|(k, line)| {
            let first = 2 + 3 * k;
            let of = |row: usize, column: usize| covariance[row * size + column] * variance;
            // Area = height * half width * unit area of the shape.
            let by = [
                (1, line.height * line.half_width * shape::unit_area_slope()),
                (first + 1, line.height * unit),
                (first + 2, line.half_width * unit),
            ];
            let area_variance: f64 = by
                .iter()
                .flat_map(|a| by.iter().map(move |b| (a, b)))
                .map(|(a, b)| a.1 * b.1 * of(a.0, b.0))
                .sum();
            FittedLine {
                line: *line,
                share: model.share,
                area: line.height * line.half_width * unit,
                centre_error: of(first, first).max(0.0).sqrt(),
                half_width_error: of(first + 1, first + 1).max(0.0).sqrt(),
                area_error: area_variance.max(0.0).sqrt(),
                start: (k < starts).then_some(k),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
