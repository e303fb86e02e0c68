//! The shape of a line: a Lorentzian, or one mixed with a Gaussian of the same width.

use std::f64::consts::{LN_2, PI};

/// One line, in units of spectrum points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Position, points.
    pub centre: f64,
    /// Half width at half height, points.
    pub half_width: f64,
    /// Height.
    pub height: f64,
}

/// Half widths beyond which nothing is left of a Gaussian.
pub(super) const GAUSSIAN_REACH: f64 = 6.0;

/// The unit Gaussian.
pub(super) fn gaussian(u: f64) -> f64 {
    if u.abs() > GAUSSIAN_REACH { 0.0 } else { (-LN_2 * u * u).exp() }
}

/// Value of the unit shape at `u` half widths from its centre, the slope of that value over `u`,
/// and its slope over the Lorentzian's share (pseudo-Voigt: `share L + (1 - share) G`).
pub(super) fn unit(u: f64, share: f64) -> (f64, f64, f64) {
    let (lorentzian, gaussian) = (1.0 / (1.0 + u * u), gaussian(u));
    let rest = 1.0 - share;
    let value = share * lorentzian + rest * gaussian;
    let slope = -2.0 * u * (share * lorentzian * lorentzian + rest * LN_2 * gaussian);
    (value, slope, lorentzian - gaussian)
}

/// Value alone.
pub(super) fn value(u: f64, share: f64) -> f64 {
    let lorentzian = 1.0 / (1.0 + u * u);
    if share >= 1.0 {
        return lorentzian;
    }
    share * lorentzian + (1.0 - share) * gaussian(u)
}

/// Area of the unit shape of half width 1.
pub(super) fn unit_area(share: f64) -> f64 {
    share * PI + (1.0 - share) * (PI / LN_2).sqrt()
}

/// Slope of [`unit_area`] over the share.
pub(super) fn unit_area_slope() -> f64 {
    PI - (PI / LN_2).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_the_value() {
        let d = 1e-6;
        for share in [0.0, 0.4, 1.0] {
            for u in [-3.0, -0.5, 0.0, 1.0, 7.0, 12.0] {
                let (value, slope, by_share) = unit(u, share);
                assert!((value - super::value(u, share)).abs() < 1e-12);
                let numeric = (super::value(u + d, share) - super::value(u - d, share)) / (2.0 * d);
                assert!((slope - numeric).abs() < 1e-6, "{share} {u}");
                if share < 1.0 {
                    let numeric = (super::value(u, share + d) - value) / d;
                    assert!((by_share - numeric).abs() < 1e-6, "{share} {u}");
                }
            }
        }
    }

    #[test]
    fn half_the_height_is_left_at_the_half_width() {
        for share in [0.0, 0.3, 1.0] {
            assert!((value(1.0, share) - 0.5).abs() < 1e-12);
            let step = 0.01;
            let sum: f64 = (-2_000_000..2_000_000).map(|i| value(f64::from(i) * step, share)).sum();
            assert!((sum * step / unit_area(share) - 1.0).abs() < 1e-3);
        }
    }
}
