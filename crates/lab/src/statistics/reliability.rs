//! Classes of stated probabilities, in which they are held against what came true.

/// Lower bounds of the classes.
const BOUNDS: [f64; 7] = [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.99];

/// Lower bound of each class, which is in it, and upper bound, which is not.
pub(crate) fn classes() -> impl Iterator<Item = [f64; 2]> {
    let upper = BOUNDS.iter().skip(1).copied().chain([f64::INFINITY]);
    BOUNDS.into_iter().zip(upper).map(|(low, high)| [low, high])
}

/// A class as tables name it.
pub(crate) fn class_name([low, high]: [f64; 2]) -> String {
    format!("{:.0}-{:.0} %", 100.0 * low, 100.0 * high.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_probability_is_in_one_class() {
        for probability in [0.0, 0.3, 0.42, 0.99, 1.0] {
            let of = |[low, high]: &[f64; 2]| (*low..*high).contains(&probability);
            assert_eq!(classes().filter(of).count(), 1, "{probability}");
        }
        assert_eq!(classes().last().map(class_name).as_deref(), Some("99-100 %"));
    }
}
