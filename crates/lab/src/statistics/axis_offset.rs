//! How far two axes lie apart: lists in the literature are often referenced otherwise, or not.

/// What has to be added to `truth` so that most of it has a line in `found` within `tolerance`,
/// nearest to none and at most `most`, ppm; zero without lines. The middle of those that do
/// equally well.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]
pub fn axis_offset(found: &[f64], truth: &[f64], tolerance: f64, most: f64) -> f64 {
    if found.is_empty() || truth.is_empty() {
        return 0.0;
    }
    let step = tolerance / 10.0;
    let steps = (most / step) as i32;
    let near = |offset: f64| -> Vec<f64> {
        truth
            .iter()
            .filter_map(|shift| nearest(shift + offset, found))
            .filter(|rest| rest.abs() < tolerance)
            .collect()
    };
    let hits = |at: i32| near(f64::from(at) * step).len();
    let best = (-steps..=steps).max_by_key(|&at| (hits(at), -at.abs())).unwrap_or(0);
    let reach = |way: i32| (1..=steps).take_while(|i| hits(best + way * i) == hits(best)).count();
    let (up, down) = (reach(1) as i32, reach(-1) as i32);
    step * (f64::from(best) + f64::from(up - down) / 2.0)
}

/// Difference to the nearest of a list, with its sign.
fn nearest(shift: f64, among: &[f64]) -> Option<f64> {
    among.iter().map(|line| line - shift).min_by(|a, b| a.abs().total_cmp(&b.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_axis_is_found_and_a_sound_one_left_alone() {
        let truth = [170.1, 129.4, 77.3, 21.0];
        let moved = truth.map(|ppm| ppm + 1.07);
        assert!((axis_offset(&moved, &truth, 0.3, 2.0) - 1.07).abs() < 0.03);
        let stranger = [170.1, 129.4, 77.3, 21.0, 128.0];
        assert!(axis_offset(&stranger, &truth, 0.3, 2.0).abs() < 0.03);
        assert!(axis_offset(&[], &truth, 0.3, 2.0).abs() < f64::EPSILON);
    }
}
