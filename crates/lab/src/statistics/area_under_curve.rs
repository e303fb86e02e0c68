//! The area under the receiver operating characteristic.

/// Probability that a pair that matches scores above one that does not, a tie counting half (the
/// area under the receiver operating characteristic; Mann and Whitney, 1947). NaN where one of the
/// two kinds is missing.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn area_under_curve(scored: &[(f64, bool)]) -> f64 {
    let mut sorted: Vec<(f64, bool)> = scored.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum) = (0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let matching = tied.iter().filter(|(_, label)| *label).count() as f64;
        let not = tied.len() as f64 - matching;
        sum += matching * (below + not / 2.0);
        below += not;
    }
    sum / (below * (scored.len() as f64 - below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_counts_pairs_in_the_right_order() {
        let scored = [(0.9, true), (0.8, false), (0.7, true), (0.1, false)];
        assert!((area_under_curve(&scored) - 0.75).abs() < 1e-12);
        let tied = [(0.5, true), (0.5, false)];
        assert!((area_under_curve(&tied) - 0.5).abs() < 1e-12);
        assert!(area_under_curve(&[(0.5, true)]).is_nan());
    }
}
