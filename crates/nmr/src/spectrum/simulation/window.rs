//! The stretch of the ppm axis a vector stands for.

/// Evenly spaced points, ascending in shift; each stands for the stretch of one step around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Shift of the first point, ppm.
    pub low_ppm: f64,
    /// Shift of the last point, ppm.
    pub high_ppm: f64,
    /// Points.
    pub points: usize,
}

impl Window {
    /// The 1H window of ACML, 0 to 12 ppm.
    #[must_use]
    pub const fn proton(points: usize) -> Self {
        Self { low_ppm: 0.0, high_ppm: 12.0, points }
    }

    /// The 13C window most spectra fill, 0 to 230 ppm.
    #[must_use]
    pub const fn carbon(points: usize) -> Self {
        Self { low_ppm: 0.0, high_ppm: 230.0, points }
    }

    /// Shift from one point to the next, ppm.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn step_ppm(&self) -> f64 {
        (self.high_ppm - self.low_ppm) / self.points.saturating_sub(1).max(1) as f64
    }

    /// Shift of a point.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn ppm(&self, point: usize) -> f64 {
        self.low_ppm + point as f64 * self.step_ppm()
    }

    /// Place of a shift, in points; may lie outside.
    #[must_use]
    pub fn place(&self, ppm: f64) -> f64 {
        (ppm - self.low_ppm) / self.step_ppm()
    }

    /// Points whose stretch meets the one between two shifts.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn between(&self, from_ppm: f64, to_ppm: f64) -> std::ops::Range<usize> {
        // A cast of a float saturates, and NaN becomes 0.
        let start = (self.place(from_ppm) + 0.5).floor().max(0.0) as usize;
        let end = (self.place(to_ppm) + 0.5).floor() + 1.0;
        start.min(self.points)..(end.max(0.0) as usize).clamp(start.min(self.points), self.points)
    }
}
