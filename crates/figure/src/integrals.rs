//! Integrals: a curve over each multiplet and the hydrogens below the axis.

use svg::node::element::Group;

use larmor_nmr::spectrum::{Multiplet, PeakClass};
use larmor_nmr::trace::{Drawn, Trace};

use crate::ink::{self, GREEN};
use crate::labels::{self, Wanted};
use crate::scale::Scale;

/// Height of the highest curve, and of its foot over the base line, as shares of the window.
const HIGHEST: f64 = 0.28;
const FOOT: f64 = 0.03;
/// Room a number needs, and how far it may stand from its multiplet, pixels.
const ROOM: f64 = 11.0;
const REACH: f64 = 45.0;
const SIZE: f64 = 10.0;
/// Most points of a curve.
const POINTS: usize = 120;

/// Height that the numbers below the axis take, pixels.
pub(crate) const BAND: f64 = 44.0;

/// Multiplets whose integral is written: the compound's, where hydrogens were counted.
pub(crate) fn counted<'a>(multiplets: &[&'a Multiplet]) -> Vec<(&'a Multiplet, f64)> {
    let compound = multiplets.iter().copied().filter(|one| one.class == PeakClass::Compound);
    compound
        .filter_map(|one| Some((one, one.hydrogens.filter(|h| h.is_finite() && *h > 0.0)?)))
        .collect()
}

/// A curve over each multiplet that lies in the window whole.
pub(crate) fn curves(multiplets: &[&Multiplet], trace: &Trace, scale: &Scale) -> Group {
    let mut counted = counted(multiplets);
    counted.retain(|(one, _)| scale.shows(one.from_ppm) && scale.shows(one.to_ppm));
    let most = counted.iter().map(|(_, hydrogens)| *hydrogens).fold(0.0, f64::max);
    let window = scale.bottom - scale.top;
    let foot = scale.y(0.0) - FOOT * window;
    let curves = counted.iter().map(|(one, hydrogens)| {
        let rise = HIGHEST * window * hydrogens / most;
        let points = curve(one, trace).into_iter();
        ink::stroke(points.map(|(ppm, share)| (scale.x(ppm), foot - share * rise)), GREEN, 0.8)
    });
    curves.fold(Group::new().set("class", "integrals"), Group::add)
}

/// Hydrogens below the axis, from `y` down, each with the stretch that was summed.
pub(crate) fn numbers(multiplets: &[&Multiplet], scale: &Scale, y: f64) -> Group {
    let counted = counted(multiplets);
    let wanted: Vec<Wanted> = counted
        .iter()
        .map(|(one, hydrogens)| Wanted { at: scale.x(one.ppm), importance: *hydrogens })
        .collect();
    let mut drawn = Group::new().set("class", "hydrogens");
    for (label, x) in labels::place(&wanted, [scale.left, scale.right], ROOM, REACH) {
        let (one, hydrogens) = counted[label];
        let (left, right) = (scale.x(one.to_ppm), scale.x(one.from_ppm));
        let text = format!("{hydrogens:.2}");
        // Written upwards: its end is at the bracket.
        let foot = y + 12.0 + ink::length(&text, SIZE);
        let bracket = [(left, y), (left, y + 3.0), (right, y + 3.0), (right, y)];
        drawn = drawn
            .add(ink::stroke(bracket, GREEN, 0.8))
            .add(ink::stroke([(scale.x(one.ppm), y + 3.0), (x, y + 10.0)], GREEN, 0.5))
            .add(ink::upright(&text, x, foot, SIZE).set("fill", GREEN));
    }
    drawn
}

/// The integral from the higher end of a multiplet to the lower, as shares of the whole.
fn curve(one: &Multiplet, trace: &Trace) -> Vec<(f64, f64)> {
    // So many columns that every point comes by itself.
    let window = trace.window(one.from_ppm, one.to_ppm, trace.len().max(1));
    let Drawn::Points(points) = window.drawn else { return Vec::new() };
    let whole: f64 = points.iter().map(|&height| f64::from(height)).sum();
    if whole.is_nan() || whole <= 0.0 {
        return Vec::new();
    }
    let every = points.len().div_ceil(POINTS).max(1);
    let mut sum = 0.0;
    let mut curve = Vec::new();
    for (place, &height) in points.iter().enumerate().rev() {
        sum += f64::from(height);
        if place % every == 0 || place + 1 == points.len() {
            curve.push((window.first_ppm + place as f64 * window.step_ppm, sum / whole));
        }
    }
    curve
}
