//! A stretch of a trace as a screen shows it.

use super::Trace;

/// Most columns, or points, of one answer.
const MOST: usize = 1 << 18;

/// A stretch of a spectrum.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Shift of the first point or of the middle of the first column, ppm.
    pub first_ppm: f64,
    /// To the next point or column, ppm; positive.
    pub step_ppm: f64,
    /// What there is to draw.
    pub drawn: Drawn,
}

/// Heights, relative to the tallest compound peak, in ascending order of shift.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawn {
    /// Every point.
    Points(Vec<f32>),
    /// The lowest and the highest point of each column, of which all are equally wide. A line drawn
    /// down each column looks as if every point had been drawn.
    Columns(Vec<[f32; 2]>),
}

impl Trace {
    /// From one shift to the other (ppm, whichever is the larger first) in at most `width` columns;
    /// every point where there are no more than two for a column. One point more on either side is
    /// taken in, so that a drawn line runs to the edge. Empty where nothing was measured there.
    #[must_use]
    pub fn window(&self, from_ppm: f64, to_ppm: f64, width: usize) -> Window {
        let width = width.clamp(1, MOST);
        let (low, high) = (from_ppm.min(to_ppm), from_ppm.max(to_ppm));
        // A cast of a float saturates, and takes what is no number for zero.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let place = |ppm: f64| ((ppm - self.first_ppm) / self.step_ppm).max(0.0) as usize;
        let begin = place(low).min(self.counts.len());
        let end = place(high).saturating_add(2).min(self.counts.len());
        let missed = high < self.first_ppm || low.is_nan() || high.is_nan();
        let counts = if missed || begin >= end { &[][..] } else { &self.counts[begin..end] };
        let first_ppm = self.first_ppm + begin as f64 * self.step_ppm;
        if counts.len() <= 2 * width {
            let points = counts.iter().map(|&count| self.height(count)).collect();
            return Window { first_ppm, step_ppm: self.step_ppm, drawn: Drawn::Points(points) };
        }
        let each = counts.len().div_ceil(width);
        let columns = counts.chunks(each).map(|column| {
            let ends = (i32::MAX, i32::MIN);
            let (low, high) = column.iter().fold(ends, |(l, h), &c| (l.min(c), h.max(c)));
            [self.height(low), self.height(high)]
        });
        Window {
            first_ppm: first_ppm + 0.5 * (each - 1) as f64 * self.step_ppm,
            step_ppm: each as f64 * self.step_ppm,
            drawn: Drawn::Columns(columns.collect()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn trace(points: usize) -> Trace {
        let heights: Vec<f32> = (0..points).map(|k| (k as f32 * 0.37).sin()).collect();
        Trace::new(2.0, 0.01, 0.001, &heights)
    }

    #[test]
    fn a_wide_stretch_comes_in_columns_and_a_narrow_one_point_by_point() {
        let trace = trace(10_000);
        let whole = trace.window(200.0, -10.0, 500);
        let Drawn::Columns(columns) = &whole.drawn else { panic!("{whole:?}") };
        assert_eq!(columns.len(), 500);
        assert!((whole.step_ppm - 0.2).abs() < 1e-9 && (whole.first_ppm - 2.095).abs() < 1e-9);
        let near = trace.window(50.0, 50.5, 500);
        let Drawn::Points(points) = &near.drawn else { panic!("{near:?}") };
        assert!((50..=53).contains(&points.len()), "{}", points.len());
        assert!((near.first_ppm - 50.0).abs() < 0.011);
    }

    #[test]
    fn nothing_lies_beyond_the_ends() {
        let trace = trace(100);
        for (from, to) in [(-5.0, 1.0), (50.0, 60.0), (f64::NAN, 3.0)] {
            assert_eq!(trace.window(from, to, 10).drawn, Drawn::Points(Vec::new()), "{from} {to}");
        }
        assert_eq!(trace.window(f64::NEG_INFINITY, f64::INFINITY, 100).first_ppm, 2.0);
    }

    proptest! {
        #[test]
        fn no_point_of_the_stretch_is_lost(
            points in 1_usize..3000, from in 0.0_f64..40.0, to in 0.0_f64..40.0, width in 1_usize..400
        ) {
            let trace = trace(points);
            let window = trace.window(from, to, width);
            let (low, high) = (from.min(to), from.max(to));
            let inside = trace.heights().enumerate().filter(|(k, _)| {
                (low..=high).contains(&(2.0 + *k as f64 * 0.01))
            });
            let most = inside.map(|(_, height)| height).fold(f32::NEG_INFINITY, f32::max);
            let drawn = match &window.drawn {
                Drawn::Points(points) => points.iter().copied().fold(f32::NEG_INFINITY, f32::max),
                Drawn::Columns(columns) => {
                    prop_assert!(columns.len() <= width);
                    columns.iter().map(|c| c[1]).fold(f32::NEG_INFINITY, f32::max)
                }
            };
            prop_assert!(drawn >= most);
        }
    }
}
