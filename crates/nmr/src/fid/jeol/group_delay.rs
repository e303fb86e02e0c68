//! How many points of a JEOL FID are the digital filter's build-up.

/// The chain of filters, each followed by decimation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DigitalFilter {
    /// Taps and decimation of each stage, the first being nearest to the receiver.
    stages: Vec<(f64, f64)>,
}

impl DigitalFilter {
    /// From `orders` ("2 54 73": the number of stages, then their taps) and `factors` ("8 2").
    pub fn from_text(orders: &str, factors: &str) -> Option<Self> {
        let orders = numbers(orders)?;
        let factors = numbers(factors)?;
        let (&count, orders) = orders.split_first()?;
        let whole = count as usize == orders.len() && orders.len() == factors.len();
        whole.then(|| Self { stages: orders.iter().copied().zip(factors).collect() })
    }

    /// Delay in points of the FID. A filter of `n` taps delays by `(n - 1) / 2` of its input's
    /// points, which all later decimations, its own included, make that many fewer.
    pub fn delay(&self) -> f64 {
        let mut decimation = 1.0;
        let mut delay = 0.0;
        for (taps, factor) in self.stages.iter().rev() {
            decimation *= factor;
            delay += (taps - 1.0) / 2.0 / decimation;
        }
        delay
    }
}

fn numbers(text: &str) -> Option<Vec<f64>> {
    let positive = |word: &str| word.parse::<u16>().ok().filter(|&n| n > 0).map(f64::from);
    text.split_whitespace().map(positive).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_is_that_of_linear_phase_filters_in_a_row() {
        let filter = DigitalFilter::from_text("2 54 73", "8  2").unwrap();
        assert!((filter.delay() - 19.656_25).abs() < 1e-12);
        let filter = DigitalFilter::from_text("2 41 73", "6  2").unwrap();
        assert!((filter.delay() - 19.666_666_666_7).abs() < 1e-9);
    }

    #[test]
    fn chains_cut_off_or_senseless_are_not_guessed_at() {
        for (orders, factors) in
            [("3 54 73", "8 2"), ("2 54 73", "8"), ("", ""), ("2 54 x", "8 2"), ("1 9", "0")]
        {
            assert_eq!(DigitalFilter::from_text(orders, factors), None, "{orders} {factors}");
        }
    }
}
