//! A stretch of the axis drawn wider.

use svg::node::element::{Group, Rectangle};

use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::{Peak, PeakClass};

use crate::axis;
use crate::crowded::Crowd;
use crate::figure::{Figure, extent};
use crate::ink::{self, GREY};
use crate::integrals;
use crate::labels::{self, Wanted};
use crate::line;
use crate::scale::Scale;

/// Share of a stretch that is shown on either side of it, and least width, ppm and pixels of the
/// whole axis.
const MARGIN: f64 = 0.18;
const LEAST: f64 = 6.0;
/// Room for the labels above and the axis below, pixels.
const LABELS: f64 = 44.0;
const AXIS: f64 = 24.0;
const SIZE: f64 = 8.5;
const LABEL_ROOM: f64 = 9.5;
const REACH: f64 = 40.0;
/// Between the edge of the box and what is in it, pixels.
const INDENT: f64 = 6.0;

/// Where an inset lies, pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Draws a stretch into a box of its own, the tallest line of it as high as there is room.
pub(crate) fn draw(crowd: &Crowd, place: &Place, figure: &Figure<'_>, per_ppm: f64) -> Group {
    let width = (crowd.high_ppm - crowd.low_ppm).max(LEAST / per_ppm);
    let middle = 0.5 * (crowd.high_ppm + crowd.low_ppm);
    let half = (0.5 + MARGIN) * width;
    let lines = || figure.shown().filter(|peak| (peak.ppm - middle).abs() <= half);
    let [down, up] = extent(lines());
    let whole = (up - down).max(f64::MIN_POSITIVE);
    let scale = Scale {
        low_ppm: middle - half,
        high_ppm: middle + half,
        low: down - 0.06 * whole,
        high: up + 0.05 * whole,
        left: place.left + INDENT,
        right: place.left + place.width - INDENT,
        top: place.top + LABELS,
        bottom: place.top + place.height - AXIS,
    };
    let frame = Rectangle::new()
        .set("x", ink::tenth(place.left))
        .set("y", ink::tenth(place.top))
        .set("width", ink::tenth(place.width))
        .set("height", ink::tenth(place.height))
        .set("fill", "none")
        .set("stroke", "#bbb");
    let mut inset = Group::new()
        .set("class", "inset")
        .add(frame)
        .add(line::draw(figure.trace, &scale))
        .add(axis::draw(&scale, scale.bottom + 2.0, 46.0))
        .add(integrals::curves(&figure.multiplets(), figure.trace, &scale));
    let decimals = if *figure.nucleus == Nucleus::Proton { 3 } else { 2 };
    let lines: Vec<&Peak> = lines().collect();
    let wanted: Vec<Wanted> = lines
        .iter()
        .map(|peak| Wanted {
            at: scale.x(peak.ppm),
            importance: f64::from(peak.class == PeakClass::Compound) + peak.intensity.abs(),
        })
        .collect();
    let foot = scale.top - 9.0;
    for (label, x) in labels::place(&wanted, [scale.left, scale.right], LABEL_ROOM, REACH) {
        let peak = lines[label];
        let at = scale.x(peak.ppm);
        let text = format!("{:.decimals$}", peak.ppm);
        inset = inset
            .add(ink::upright(&text, x, foot - 2.0, SIZE).set("fill", ink::colour(peak.class)))
            .add(ink::stroke([(x, foot), (at, foot + 6.0), (at, foot + 9.0)], GREY, 0.5));
    }
    inset
}
