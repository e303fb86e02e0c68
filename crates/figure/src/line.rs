//! The spectrum itself.

use svg::node::element::Path;

use larmor_nmr::trace::{Drawn, Trace};

use crate::ink::{self, BLACK};
use crate::scale::Scale;

/// Columns a pixel: paper shows more than a screen.
const COLUMNS: f64 = 2.0;

/// The points of a trace in a window, no line of them lost.
pub(crate) fn draw(trace: &Trace, scale: &Scale) -> Path {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let columns = (COLUMNS * (scale.right - scale.left)).max(1.0) as usize;
    let window = trace.window(scale.low_ppm, scale.high_ppm, columns);
    let x = |place: usize| {
        let ppm = window.first_ppm + place as f64 * window.step_ppm;
        scale.x(ppm).clamp(scale.left, scale.right)
    };
    let y = |height: &f32| scale.y(f64::from(*height));
    let points: Vec<(f64, f64)> = match &window.drawn {
        Drawn::Points(points) => {
            points.iter().enumerate().map(|(place, height)| (x(place), y(height))).collect()
        }
        // Down one column and up the next: the line between two columns stays short.
        Drawn::Columns(columns) => columns
            .iter()
            .enumerate()
            .flat_map(|(place, [low, high])| {
                let ends = if place % 2 == 0 { [low, high] } else { [high, low] };
                ends.map(|height| (x(place), y(height)))
            })
            .collect(),
    };
    ink::stroke(points, BLACK, 0.7)
}
