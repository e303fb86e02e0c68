//! The place of the highest value.

/// Place of the highest value; a tie goes to the last, a NaN to nobody.
pub(crate) fn argmax(values: impl Iterator<Item = f64>) -> usize {
    values
        .enumerate()
        .fold(
            (usize::MAX, f64::NEG_INFINITY),
            |best, (at, value)| {
                if value >= best.1 { (at, value) } else { best }
            },
        )
        .0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_wins_and_nan_does_not() {
        assert_eq!(argmax([1.0, 3.0, f64::NAN, 2.0].into_iter()), 1);
    }
}
