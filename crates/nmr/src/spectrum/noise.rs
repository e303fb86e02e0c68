//! How large the noise is.

/// Standard deviation of the noise in a real spectrum: the spread in most of the regions is
/// noise's, lines being few or crowded together.
pub fn standard_deviation(real: &[f64]) -> f64 {
    let width = (real.len() / 64).max(16);
    // The outermost regions lie where the receiver's filter cuts off.
    let regions: Vec<&[f64]> = real.chunks_exact(width).collect();
    let inner = if regions.len() > 8 { &regions[2..regions.len() - 2] } else { &regions[..] };
    let mut spreads: Vec<f64> = inner.iter().map(|region| spread(region)).collect();
    if spreads.is_empty() {
        return spread(real);
    }
    let rank = spreads.len() / 4;
    *spreads.select_nth_unstable_by(rank, f64::total_cmp).1
}

/// Standard deviation from the median absolute difference of points some distance apart, which
/// neither lines nor a sloping baseline disturb much. Zero filling and apodization make
/// neighbours alike: the distance has to exceed that.
fn spread(values: &[f64]) -> f64 {
    let apart = (values.len() / 24).max(7);
    let mut differences: Vec<f64> =
        values.iter().zip(values.iter().skip(apart)).map(|(a, b)| (a - b).abs()).collect();
    if differences.is_empty() {
        return 0.0;
    }
    let middle = differences.len() / 2;
    let median = *differences.select_nth_unstable_by(middle, f64::total_cmp).1;
    median * 1.4826 / std::f64::consts::SQRT_2
}
