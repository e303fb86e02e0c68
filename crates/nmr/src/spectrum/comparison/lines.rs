//! Lines that stand in both spectra: they tell the difference of the axes more finely than any
//! grid, how sure it is, and how the phases differ.

use num_complex::Complex64;

use super::alignment::Alignment;
use crate::spectrum::picking::{self, RawPeak};
use crate::spectrum::{Axis, line};

/// Lines of each spectrum that are looked at, the tallest.
const MOST_LINES: usize = 64;
/// A line this far below the tallest is left out.
const LEAST_SHARE: f64 = 0.01;
/// Lines are one when they are nearer than this many of their widths once the axes agree.
const REACH_WIDTHS: f64 = 1.0;
/// A line is no clean one when a fit leaves more than this.
const MOST_MISFIT: f64 = 0.08;

/// One line in both, ppm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    pub first: f64,
    pub second: f64,
}

/// A complex spectrum; the imaginary part is turned the way that this program has it.
pub fn complex(real: &[f64], imaginary: Option<&[f64]>) -> Vec<Complex64> {
    let made = super::analytic(real);
    let Some(imaginary) = imaginary.filter(|imaginary| imaginary.len() == real.len()) else {
        return made;
    };
    let along: f64 = made.iter().zip(imaginary).map(|(point, im)| point.im * im).sum();
    let sign = if along < 0.0 { -1.0 } else { 1.0 };
    real.iter().zip(imaginary).map(|(&re, &im)| Complex64::new(re, sign * im)).collect()
}

/// The tallest lines of a magnitude spectrum.
pub fn strongest(magnitudes: &[f64], axis: &Axis) -> Vec<RawPeak> {
    let tallest = magnitudes.iter().copied().fold(0.0, f64::max);
    if tallest <= 0.0 {
        return Vec::new();
    }
    let mut peaks = picking::pick(magnitudes, axis, LEAST_SHARE * tallest, false);
    peaks.sort_by(|a, b| b.height.total_cmp(&a.height));
    peaks.truncate(MOST_LINES);
    peaks
}

/// Lines that are each other's nearest once the axes agree.
pub fn pairs(first: &[RawPeak], second: &[RawPeak], found: &Alignment, step: f64) -> Vec<Pair> {
    let moved = |ppm: f64| {
        if found.mirrored { found.difference_ppm - ppm } else { found.difference_ppm + ppm }
    };
    let nearest = |to: f64, among: &mut dyn Iterator<Item = f64>| {
        among.enumerate().min_by(|a, b| (a.1 - to).abs().total_cmp(&(b.1 - to).abs()))
    };
    let reach = REACH_WIDTHS * 4.0 * step;
    let mut found = Vec::new();
    for (at, one) in second.iter().enumerate() {
        let Some((other, ppm)) = nearest(moved(one.ppm), &mut first.iter().map(|p| p.ppm)) else {
            continue;
        };
        let back = nearest(ppm, &mut second.iter().map(|p| moved(p.ppm)));
        if (ppm - moved(one.ppm)).abs() < reach && back.is_some_and(|(index, _)| index == at) {
            found.push(Pair { first: first[other].ppm, second: one.ppm });
        }
    }
    found
}

/// The middle difference of the pairs, and its standard error; `None` without pairs.
pub fn difference(pairs: &[Pair], found: &Alignment) -> Option<(f64, f64)> {
    let difference = |pair: &Pair| {
        if found.mirrored { pair.first + pair.second } else { pair.first - pair.second }
    };
    let differences: Vec<f64> = pairs.iter().map(difference).collect();
    let middle = middle(differences.clone())?;
    let spread = 1.4826 * self::middle(differences.iter().map(|d| (d - middle).abs()).collect())?;
    let step = differences.iter().map(|d| (d - found.difference_ppm).abs()).fold(0.0, f64::max);
    let error = if pairs.len() < 3 { step.max(spread) } else { spread };
    Some((middle, 1.2533 * error / (pairs.len() as f64).sqrt()))
}

/// Phase of the line at a shift, degrees; `None` where no clean line stands.
pub fn phase(points: &[Complex64], axis: &Axis, ppm: f64) -> Option<f64> {
    let place = ((ppm - axis.first_ppm) / axis.step_ppm).round();
    let place = (place >= 0.0 && place < points.len() as f64).then_some(place as usize)?;
    let line = line::fit(points, place)?;
    (line.misfit < MOST_MISFIT).then(|| line.height.arg().to_degrees())
}

/// The middle of angles in degrees, which know no end.
pub fn middle_angle(angles: Vec<f64>) -> Option<f64> {
    let sum: Complex64 =
        angles.iter().map(|angle| Complex64::from_polar(1.0, angle.to_radians())).sum();
    let mean = sum.arg().to_degrees();
    let about = |angle: f64| (angle - mean + 180.0).rem_euclid(360.0) - 180.0;
    let off = middle(angles.into_iter().map(about).collect())?;
    Some((mean + off + 180.0).rem_euclid(360.0) - 180.0)
}

fn middle(mut values: Vec<f64>) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    Some(if values.len() % 2 == 1 { values[half] } else { 0.5 * (values[half - 1] + values[half]) })
}
