//! Lines that hide in others: what a fit leaves tells where one more is needed.

use super::least_squares::{Bounds, Model, Workspace};
use super::shape::{self, Line};

/// Shapes are known to this share of a line's height: what a fit leaves below it is no line.
const SHAPE_ERROR: f64 = 0.012;
/// A new line has at least this share of the height there.
const LEAST_SHARE: f64 = 0.05;
/// A new line leaves at most this share of the squares that were left before.
const LEAST_GAIN: f64 = 0.6;
/// Lines lie at least so many half widths apart.
const LEAST_APART: f64 = 1.0;
/// Most lines added to one region.
const MOST_ADDED: usize = 2;
/// Rounds of the fits that try a place for a new line.
const TRIAL_ROUNDS: usize = 5;

/// Adds lines while the Bayesian information criterion and the eye both ask for them.
pub(super) fn split(
    workspace: &mut Workspace,
    data: &[f64],
    mut model: Model,
    bounds: &Bounds,
    noise: f64,
    independent: f64,
) -> Model {
    let most = MOST_ADDED.min(model.lines.len() + 1);
    for _ in 0..most {
        let Some(next) = best_addition(workspace, data, &model, bounds, noise, independent) else {
            break;
        };
        model = next;
    }
    model
}

fn best_addition(
    workspace: &mut Workspace,
    data: &[f64],
    model: &Model,
    bounds: &Bounds,
    noise: f64,
    independent: f64,
) -> Option<Model> {
    let tallest = data.iter().copied().fold(0.0, f64::max);
    let variance = noise.powi(2) + (SHAPE_ERROR * tallest).powi(2);
    let points = data.len() as f64 * independent;
    // Even if nothing were left, it would not be enough.
    let asked = 3.0 * points.ln() + 10.0;
    if points < 12.0 || model.cost * independent / variance < asked {
        return None;
    }
    let trial = Bounds { most_rounds: TRIAL_ROUNDS, ..*bounds };
    let mut best: Option<Model> = None;
    for start in candidates(data, model, noise) {
        let fitted = workspace.fit(data, start, &trial);
        if best.as_ref().is_none_or(|best| fitted.cost < best.cost) {
            best = Some(fitted);
        }
    }
    let best = workspace.fit(data, best?, bounds);
    if !is_sound(&best, model, noise) {
        return None;
    }
    // Chi squares with the larger of noise and shape error; three parameters more.
    let gain = (model.cost - best.cost) * independent / variance;
    (gain > asked && best.cost < LEAST_GAIN * model.cost).then_some(best)
}

/// The model with one line more: where most is left over, and with the line it fits worst in two.
fn candidates(data: &[f64], model: &Model, noise: f64) -> Vec<Model> {
    let mut widths: Vec<f64> = model.lines.iter().map(|line| line.half_width).collect();
    widths.sort_by(f64::total_cmp);
    let usual = widths[widths.len() / 2];
    let narrow = widths[0];
    let mut starts = Vec::new();
    let mut rest = Vec::with_capacity(data.len());
    model.rests(data, &mut rest);
    let reach = (1.5 * usual).ceil().max(1.0) as usize;
    let matched = |centre: usize| -> f64 {
        let (mut top, mut norm) = (0.0, 0.0);
        let to = (centre + reach + 1).min(rest.len());
        for (i, value) in rest.iter().enumerate().take(to).skip(centre.saturating_sub(reach)) {
            let shape = shape::value((i as f64 - centre as f64) / usual, 1.0);
            top += value * shape;
            norm += shape * shape;
        }
        top / norm
    };
    let margin = reach.min(rest.len() / 2);
    let place = (margin..rest.len() - margin)
        .map(|centre| (centre, matched(centre)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((centre, height)) = place.filter(|place| place.1 > 3.0 * noise) {
        let mut start = model.clone();
        start.lines.push(Line { centre: centre as f64, half_width: usual, height });
        starts.push(start);
    }
    // The line that most is left over of: its halves leave ripples on both its flanks.
    let ripple = |line: &Line| -> f64 {
        let from = (line.centre - 2.0 * line.half_width).max(0.0) as usize;
        let to = ((line.centre + 2.0 * line.half_width) as usize + 1).min(rest.len());
        rest.get(from..to).map_or(0.0, |part| part.iter().map(|r| r * r).sum())
    };
    let rippled = (0..model.lines.len())
        .max_by(|&a, &b| ripple(&model.lines[a]).total_cmp(&ripple(&model.lines[b])));
    if let Some(k) = rippled {
        let line = model.lines[k];
        let off = 0.6 * line.half_width;
        let half_width = (0.7 * line.half_width).max(narrow.min(line.half_width));
        let mut start = model.clone();
        start.lines[k] = Line { centre: line.centre - off, half_width, height: 0.6 * line.height };
        start.lines.push(Line { centre: line.centre + off, half_width, height: 0.6 * line.height });
        starts.push(start);
    }
    starts
}

/// Every line is one: neither beside the data, nor absurdly wide, nor drowned, nor twice.
fn is_sound(next: &Model, before: &Model, noise: f64) -> bool {
    let widest = before.lines.iter().map(|line| line.half_width).fold(0.0, f64::max);
    let lines = &next.lines;
    lines.iter().enumerate().all(|(k, line)| {
        let here = next.at(line.centre) - next.offset;
        let least = (LEAST_SHARE * here).max(4.0 * noise);
        line.height > least
            && line.half_width < 1.3 * widest
            && line.half_width > 0.35 * widest
            && lines[..k].iter().all(|other| {
                let width = line.half_width.min(other.half_width);
                (line.centre - other.centre).abs() > LEAST_APART * width
            })
    })
}
