//! Numbers with as many decimals as they need: files stay small.

/// Most decimals.
const MOST: i32 = 15;

/// Rounds to decimals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rounding {
    scale: f64,
}

impl Rounding {
    /// To the coarsest decimal place that is no coarser than `error`.
    pub fn to(error: f64) -> Self {
        let decimals = -error.log10();
        let decimals = if decimals.is_finite() { decimals.ceil() } else { MOST.into() };
        // Within a few digits of zero, whatever the error was.
        #[allow(clippy::cast_possible_truncation)]
        let decimals = decimals.clamp(0.0, MOST.into()) as i32;
        Self { scale: 10_f64.powi(decimals) }
    }

    /// The nearest number of so many decimals; zero for what is no number.
    pub fn rounded(self, value: f64) -> f64 {
        let rounded = (value * self.scale).round() / self.scale;
        if rounded.is_finite() { rounded } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_decimals_that_it_needs() {
        assert_eq!(Rounding::to(3e-4).rounded(7.264_999_1), 7.265);
        assert_eq!(Rounding::to(1e-3).rounded(-0.000_61), -0.001);
        assert_eq!(Rounding::to(5.0).rounded(2.4), 2.0);
        for error in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
            assert!((Rounding::to(error).rounded(0.1) - 0.1).abs() < 1e-15, "{error}");
        }
        assert_eq!(Rounding::to(0.1).rounded(f64::NAN), 0.0);
    }
}
