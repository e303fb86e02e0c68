//! From shifts and heights to pixels.

/// A window on a spectrum and where it lies in the figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    /// The ends of the axis, ppm; the higher one is at the left.
    pub(crate) low_ppm: f64,
    pub(crate) high_ppm: f64,
    /// Heights at the lower and the upper edge, relative to the tallest compound peak.
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Edges, pixels.
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

impl Scale {
    /// Pixels from the left edge of the figure.
    pub(crate) fn x(&self, ppm: f64) -> f64 {
        self.left + (self.high_ppm - ppm) * self.per_ppm()
    }

    /// Pixels from the top edge of the figure; what lies beyond the window is cut off.
    pub(crate) fn y(&self, height: f64) -> f64 {
        let share = ((height - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.bottom - share * (self.bottom - self.top)
    }

    /// Pixels a ppm.
    pub(crate) fn per_ppm(&self) -> f64 {
        (self.right - self.left) / (self.high_ppm - self.low_ppm)
    }

    /// True of a shift on the axis.
    pub(crate) fn shows(&self, ppm: f64) -> bool {
        (self.low_ppm..=self.high_ppm).contains(&ppm)
    }
}
