//! A spectrum as wide as the picture.

/// The lowest and highest value of each of at most `columns` stretches, in the order in which they
/// occur, with their places: drawn, they look like all points do.
pub(super) fn envelope(values: &[f32], columns: usize) -> Vec<(usize, f32)> {
    let width = values.len().div_ceil(columns.max(1)).max(1);
    let mut points = Vec::with_capacity(2 * columns);
    for (column, stretch) in values.chunks(width).enumerate() {
        let (mut low, mut high) = (0, 0);
        for (place, value) in stretch.iter().enumerate() {
            if *value < stretch[low] {
                low = place;
            }
            if *value > stretch[high] {
                high = place;
            }
        }
        let start = column * width;
        for place in [low.min(high), low.max(high)] {
            points.push((start + place, stretch[place]));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::envelope;

    #[test]
    fn no_peak_is_lost_and_order_is_kept() {
        let mut values = vec![0.0f32; 131_072];
        values[70_001] = 5.0;
        values[70_003] = -2.0;
        let points = envelope(&values, 1000);
        assert!(points.len() <= 2000);
        assert!(points.contains(&(70_001, 5.0)) && points.contains(&(70_003, -2.0)));
        assert!(points.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }
}
