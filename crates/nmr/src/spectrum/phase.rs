//! Automatic phase correction.
//!
//! Each strong line carries its own phase: the argument of the complex Lorentzian that fits it.
//! With the filter's delay undone, these phases lie on a straight line over frequency, which is
//! searched over all slopes first and then regressed robustly. Nothing is started at random:
//! the same spectrum always gets the same phase.

use std::f64::consts::{PI, TAU};

use num_complex::Complex64;

use super::line::{self, Line};

/// A phase in radians, zero order at the middle of the spectrum, first order over its width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phase {
    /// Zero order.
    pub zero: f64,
    /// First order over the whole width.
    pub first: f64,
    /// Lines it was taken from.
    pub lines: usize,
    /// Their median deviation from it, radians.
    pub spread: f64,
}

/// Most lines that are fitted.
const MOST_LINES: usize = 96;
/// Lines have at least this height over the noise, where there are enough of them...
const LEAST_SIGNAL_TO_NOISE: f64 = 12.0;
/// ...else this: a magnitude maximum so far up is hardly ever noise.
const LEAST_SIGNAL_TO_NOISE_OF_FEW: f64 = 5.5;
/// Places with lines that are enough; a solvent's multiplet is one place.
const ENOUGH_PLACES: usize = 6;
/// Most maxima that are looked at: the foot of a solvent's lines has many of its own.
const MOST_MAXIMA: usize = 2000;
/// Most maxima that are fitted.
const MOST_FITS: usize = 2 * MOST_LINES;
/// A fit that leaves more than this share of the height is no line.
const MOST_MISFIT: f64 = 0.12;
/// Rounds in which every line is fitted again beside the others.
const PASSES: usize = 3;
/// Steepest slope looked for, radians over the spectrum's width.
const STEEPEST: f64 = 4.0 * TAU;
/// Lines nearer to each other, in widths of the spectrum, lie together.
const TOGETHER: f64 = 0.01;
/// Weight of a clear line when the slope is searched.
const FULL_WEIGHT: f64 = 200.0;
/// Error of a line's phase that remains at any height, radians.
const FLOOR: f64 = 0.035;
/// Slopes are this small unless the lines say otherwise, radians.
const USUAL_SLOPE: f64 = 1.0;

/// Finds the phase of a spectrum. With `both_signs` lines may point up or down (DEPT, APT) and
/// the phase is found up to half a turn.
pub fn automatic(spectrum: &[Complex64], noise: f64, both_signs: bool) -> Phase {
    let mut lines = strong_lines(spectrum, noise, LEAST_SIGNAL_TO_NOISE);
    if places(&lines, spectrum.len()) < ENOUGH_PLACES {
        lines = strong_lines(spectrum, noise, LEAST_SIGNAL_TO_NOISE_OF_FEW);
    }
    let observed = observations(&lines, spectrum.len(), noise);
    if observed.is_empty() {
        return Phase { zero: 0.0, first: 0.0, lines: 0, spread: 0.0 };
    }
    let folds = if both_signs { 2.0 } else { 1.0 };
    let slope = search_slope(&observed, folds);
    regress(&observed, slope, folds)
}

/// How many places of a spectrum the lines lie at.
fn places(lines: &[Line], length: usize) -> usize {
    let mut centres: Vec<f64> = lines.iter().map(|line| line.centre / length as f64).collect();
    centres.sort_by(f64::total_cmp);
    centres.chunk_by(|a, b| b - a < TOGETHER).count()
}

/// A line's place (-1/2 to 1/2), phase, and weight.
struct Observation {
    x: f64,
    phase: f64,
    weight: f64,
}

fn observations(lines: &[Line], length: usize, noise: f64) -> Vec<Observation> {
    lines
        .iter()
        .map(|line| {
            let uncertain = noise / line.height.norm() + line.misfit / 4.0;
            Observation {
                x: line.centre / length as f64 - 0.5,
                phase: line.height.arg(),
                weight: 1.0 / (uncertain * uncertain + FLOOR * FLOOR),
            }
        })
        .collect()
}

/// The strongest lines with a Lorentzian's shape, each fitted with the others' wings taken off:
/// these would bend its phase.
fn strong_lines(spectrum: &[Complex64], noise: f64, least: f64) -> Vec<Line> {
    // Real and imaginary noise leave this much of a perfect fit too.
    let excusable = |line: &Line| MOST_MISFIT + 1.4 * noise / line.height.norm();
    let mut rest = spectrum.to_vec();
    let mut lines: Vec<Line> = Vec::new();
    let mut fits = 0;
    for peak in strong_maxima(spectrum, least * noise) {
        // What is left at the foot of a taller line is its shape, not a line.
        let at_foot = lines.iter().any(|line| {
            let apart = (line.centre - peak as f64) / line.half_width;
            line.height.norm_sqr() / (1.0 + apart * apart) > 0.1 * spectrum[peak].norm_sqr()
                && apart.abs() > 3.0
        });
        if at_foot {
            continue;
        }
        fits += 1;
        if let Some(line) =
            line::fit(&rest, peak).filter(|line| line.misfit < 3.0 * excusable(line))
        {
            add(&mut rest, &line, -1.0);
            lines.push(line);
        }
        if lines.len() == MOST_LINES || fits == MOST_FITS {
            break;
        }
    }
    for _ in 0..PASSES {
        for line in &mut lines {
            add(&mut rest, line, 1.0);
            let peak = line.centre.round() as usize;
            match line::fit(&rest, peak) {
                Some(fitted) => *line = fitted,
                None => line.misfit = f64::INFINITY,
            }
            if line.misfit.is_finite() {
                add(&mut rest, line, -1.0);
            }
        }
        lines.retain(|line| line.misfit.is_finite());
    }
    lines.retain(|line| line.misfit < excusable(line));
    lines
}

/// Places of the tallest maxima of the magnitude above `least`, tallest first.
fn strong_maxima(spectrum: &[Complex64], least: f64) -> Vec<usize> {
    let power: Vec<f64> = spectrum.iter().map(Complex64::norm_sqr).collect();
    let least = least * least;
    let margin = (spectrum.len() / 100).max(2);
    let mut maxima: Vec<usize> = (margin..spectrum.len().saturating_sub(margin))
        .filter(|&i| {
            let value = power[i];
            value > least
                && value > power[i - 1]
                && value >= power[i + 1]
                && value > power[i - 2]
                && value > power[i + 2]
        })
        .collect();
    maxima.sort_by(|&a, &b| power[b].total_cmp(&power[a]).then(a.cmp(&b)));
    maxima.truncate(MOST_MAXIMA);
    maxima
}

/// Adds `times` a line's shape, as far as it matters.
fn add(spectrum: &mut [Complex64], line: &Line, times: f64) {
    let reach = (60.0 * line.half_width).clamp(60.0, 600.0);
    let first = (line.centre - reach).max(0.0) as usize;
    let last = ((line.centre + reach) as usize).min(spectrum.len());
    let height = line.height * times;
    let step = 1.0 / line.half_width;
    let start = (first as f64 - line.centre) * step;
    for (index, point) in spectrum[first.min(last)..last].iter_mut().enumerate() {
        *point += height * line::shape(start + index as f64 * step);
    }
}

/// The slope over which the phases agree best.
fn search_slope(observed: &[Observation], folds: f64) -> f64 {
    let steps = 400i32;
    let step = STEEPEST / f64::from(steps);
    // A solvent's strong multiplet, its lines side by side, tells nothing of the slope: what lies
    // together shares the weight of about one line.
    let weights: Vec<f64> = observed
        .iter()
        .map(|o| {
            let together: f64 = observed
                .iter()
                .filter(|other| (other.x - o.x).abs() < TOGETHER)
                .map(|other| other.weight)
                .sum();
            o.weight * (FULL_WEIGHT / together).min(1.0)
        })
        .collect();
    let total: f64 = weights.iter().sum();
    // Each phase at the slope under trial, and what a step of the slope turns it by.
    let mut turned: Vec<Complex64> = observed
        .iter()
        .zip(&weights)
        .map(|(o, weight)| Complex64::from_polar(*weight, folds * (o.phase + STEEPEST * o.x)))
        .collect();
    let turns: Vec<Complex64> =
        observed.iter().map(|o| Complex64::from_polar(1.0, -folds * step * o.x)).collect();
    let mut best = (f64::NEG_INFINITY, 0.0);
    for slope in (-steps..=steps).map(|count| f64::from(count) * step) {
        let score = turned.iter().sum::<Complex64>().norm() / total - 0.004 * slope.abs();
        if score >= best.0 {
            best = (score, slope);
        }
        turned.iter_mut().zip(&turns).for_each(|(phase, turn)| *phase *= turn);
    }
    best.1
}

/// Weighted regression of phases over frequency, outliers losing their weight.
fn regress(observed: &[Observation], slope: f64, folds: f64) -> Phase {
    let turned: Complex64 = observed
        .iter()
        .map(|o| Complex64::from_polar(o.weight, folds * (o.phase - slope * o.x)))
        .sum();
    let (mut zero, mut first) = (turned.arg() / folds, slope);
    let period = TAU / folds;
    // Whole points of delay that nobody wrote down make slopes beyond a turn.
    let usual = if slope.abs() > TAU { slope } else { 0.0 };
    let rest = |o: &Observation, zero: f64, first: f64| {
        let rest = o.phase - zero - first * o.x;
        rest - period * (rest / period).round()
    };
    for _ in 0..20 {
        let (mut w, mut wx, mut wxx, mut wr, mut wxr) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for o in observed {
            let rest = rest(o, zero, first);
            let weight = o.weight / (1.0 + (rest / (2.0 * FLOOR)).powi(2));
            w += weight;
            wx += weight * o.x;
            wxx += weight * o.x * o.x;
            wr += weight * rest;
            wxr += weight * o.x * rest;
        }
        let prior = 1.0 / (USUAL_SLOPE * USUAL_SLOPE);
        wxx += prior;
        wxr -= prior * (first - usual);
        let determinant = w * wxx - wx * wx;
        if determinant <= 0.0 || !determinant.is_finite() {
            break;
        }
        let (dz, df) = ((wr * wxx - wxr * wx) / determinant, (wxr * w - wr * wx) / determinant);
        zero += dz;
        first += df;
        if dz.abs() + df.abs() < 1e-7 {
            break;
        }
    }
    let mut rests: Vec<(f64, f64)> =
        observed.iter().map(|o| (rest(o, zero, first).abs(), o.weight)).collect();
    rests.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Median by weight: a weak line's phase is mostly noise.
    let mut left = rests.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let middle = rests.iter().find(|(_, weight)| {
        left -= weight;
        left <= 0.0
    });
    let spread = middle.map_or(0.0, |(rest, _)| *rest);
    Phase { zero: wrapped(zero), first, lines: observed.len(), spread }
}

fn wrapped(angle: f64) -> f64 {
    angle - TAU * ((angle + PI) / TAU).floor()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spectrum::transform;

    fn lines(places: &[f64], signs: &[f64]) -> Vec<Complex64> {
        (0..16384)
            .map(|i| {
                places
                    .iter()
                    .zip(signs)
                    .map(|(&place, &sign)| {
                        100.0 * sign / Complex64::new(1.0, (f64::from(i) - place) / 3.0)
                    })
                    .sum()
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_phase_is_found_again(zero in -3.1..3.1f64, first in -8.0..8.0f64, edited: bool) {
            let places = [1500.3, 3000.0, 4100.7, 6000.2, 9000.0, 9900.4, 12000.0, 14500.9];
            let signs = if edited { [1.0, -1.0, 1.0, 1.0, -1.0, 1.0, -1.0, 1.0] } else { [1.0; 8] };
            let mut spectrum = lines(&places, &signs);
            transform::rotate(&mut spectrum, -zero, -first);
            let phase = automatic(&spectrum, 0.01, edited);
            transform::rotate(&mut spectrum, phase.zero, phase.first);
            let turn = spectrum[3000].re.signum() * signs[1];
            prop_assert!(edited || turn > 0.0);
            for (&place, sign) in places.iter().zip(signs) {
                let angle = (spectrum[place.round() as usize] * turn * sign).arg();
                // The nearest point to a line's top may be up to half a point off it.
                prop_assert!(angle.abs() < 0.25, "{place}: {angle}");
            }
        }
    }

    #[test]
    fn without_lines_nothing_is_turned() {
        let phase = automatic(&[Complex64::ZERO; 4096], 1.0, false);
        assert_eq!((phase.zero, phase.first, phase.lines), (0.0, 0.0, 0));
    }
}
