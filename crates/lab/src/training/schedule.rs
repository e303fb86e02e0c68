//! Learning rate over a run.

/// One-cycle schedule: a rise over the first tenth, then a cosine fall to almost nothing.
#[derive(Debug, Clone, Copy)]
pub struct OneCycle {
    /// Highest learning rate.
    pub peak: f64,
    /// Steps of the whole run.
    pub steps: i64,
}

impl OneCycle {
    /// Learning rate of a step, counted from 0.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn rate(self, step: i64) -> f64 {
        let at = step as f64 / self.steps.max(1) as f64;
        let rise = 0.1;
        let share = if at < rise {
            at / rise
        } else {
            0.5 * (1.0 + (std::f64::consts::PI * ((at - rise) / (1.0 - rise)).min(1.0)).cos())
        };
        self.peak * share.max(1e-3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_then_falls() {
        let cycle = OneCycle { peak: 1.0, steps: 1000 };
        assert!(cycle.rate(0) < 0.01 && (cycle.rate(100) - 1.0).abs() < 1e-9);
        assert!(cycle.rate(550) < 0.6 && cycle.rate(999) < 0.01);
    }
}
