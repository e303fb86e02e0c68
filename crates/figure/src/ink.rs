//! Strokes and words.

use svg::node::element::path::Data;
use svg::node::element::{Path, Text};

use larmor_nmr::spectrum::PeakClass;

/// What is drawn of the compound and of all that has no class.
pub(crate) const BLACK: &str = "#000";
/// Axes and leaders.
pub(crate) const GREY: &str = "#666";
/// Integrals.
pub(crate) const GREEN: &str = "#07733f";

/// Width of a letter, on average, as a share of its height: digits of DejaVu Sans take 0.64.
const LETTER: f64 = 0.62;

pub(crate) fn colour(class: PeakClass) -> &'static str {
    match class {
        PeakClass::Compound => BLACK,
        PeakClass::Solvent => "#b23600",
        PeakClass::Impurity => "#7a5500",
        PeakClass::Satellite | PeakClass::Sideband => "#783ca0",
        PeakClass::Artifact => "#707070",
    }
}

/// Room that a text takes in its direction, pixels.
pub(crate) fn length(text: &str, size: f64) -> f64 {
    LETTER * size * text.chars().count() as f64
}

/// Words from left to right; `anchor` is start, middle or end.
pub(crate) fn words(text: &str, x: f64, y: f64, size: f64, anchor: &str) -> Text {
    Text::new(printable(text))
        .set("x", tenth(x))
        .set("y", tenth(y))
        .set("font-size", size)
        .set("text-anchor", anchor)
}

/// Words that run upwards from a point, centred on its vertical.
pub(crate) fn upright(text: &str, x: f64, y: f64, size: f64) -> Text {
    // Capitals and digits are as high as 0.73 of a letter: half of it puts them on the middle.
    let (x, y) = (tenth(x + 0.36 * size), tenth(y));
    Text::new(printable(text))
        .set("font-size", size)
        .set("transform", format!("translate({x} {y}) rotate(-90)"))
}

/// A line through points.
pub(crate) fn stroke(
    points: impl IntoIterator<Item = (f64, f64)>,
    colour: &str,
    width: f64,
) -> Path {
    let mut data = Data::new();
    for (place, (x, y)) in points.into_iter().enumerate() {
        let to = (tenth(x), tenth(y));
        data = if place == 0 { data.move_to(to) } else { data.line_to(to) };
    }
    Path::new()
        .set("d", data)
        .set("fill", "none")
        .set("stroke", colour)
        .set("stroke-width", width)
        .set("stroke-linejoin", "round")
}

/// To a tenth of a pixel: what nobody sees need not be written.
#[allow(clippy::cast_possible_truncation)]
pub(crate) fn tenth(value: f64) -> f32 {
    ((value * 10.0).round() / 10.0) as f32
}

/// XML knows no control characters, and a figure has room for so many letters.
pub(crate) fn printable(text: &str) -> String {
    const MOST: usize = 180;
    let allowed = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().filter(allowed).take(MOST).collect()
}
