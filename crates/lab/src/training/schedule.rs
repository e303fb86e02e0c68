//! Learning rate over a run.

/// One-cycle schedule: a rise over the first tenth, then a cosine fall to almost nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OneCycle {
    /// Highest learning rate.
    pub(crate) peak: f64,
    /// Steps of the whole run.
    pub(crate) steps: i64,
}

impl OneCycle {
    /// Learning rate of a step, counted from 0.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn rate(self, step: i64) -> f64 {
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

/// The learning rate of a run.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rate {
    /// The same at every step.
    Constant(f64),
    /// One cycle up to this and down again.
    OneCycle(f64),
}

impl Rate {
    /// One cycle up to a rate, unless it is to stay as it is.
    pub(crate) fn new(rate: f64, constant: bool) -> Self {
        if constant { Self::Constant(rate) } else { Self::OneCycle(rate) }
    }

    /// Learning rate of a step, counted from 0, of a run of so many.
    pub(crate) fn at(self, step: i64, steps: i64) -> f64 {
        match self {
            Self::Constant(rate) => rate,
            Self::OneCycle(peak) => OneCycle { peak, steps }.rate(step),
        }
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
