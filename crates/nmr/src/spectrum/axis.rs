//! The ppm axis.

/// Ascending, evenly spaced shifts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// Shift of the first point, ppm.
    pub first_ppm: f64,
    /// Shift from one point to the next, ppm.
    pub step_ppm: f64,
    /// Frequency that stands for 0 ppm, MHz.
    pub reference_mhz: f64,
}

impl Axis {
    /// The axis of a spectrum of `length` points centred at the carrier.
    #[must_use]
    pub fn new(carrier_mhz: f64, reference_mhz: f64, sweep_width_hz: f64, length: usize) -> Self {
        let step_ppm = sweep_width_hz / length as f64 / reference_mhz;
        let carrier_ppm = (carrier_mhz - reference_mhz) / reference_mhz * 1e6;
        Self { first_ppm: carrier_ppm - (length / 2) as f64 * step_ppm, step_ppm, reference_mhz }
    }

    /// Shift at a place between points.
    #[must_use]
    pub fn ppm(&self, place: f64) -> f64 {
        self.first_ppm + place * self.step_ppm
    }

    /// Hz from one point to the next.
    #[must_use]
    pub fn step_hz(&self) -> f64 {
        self.step_ppm * self.reference_mhz
    }

    /// Moves every shift by `ppm`.
    pub fn shift(&mut self, ppm: f64) {
        self.first_ppm += ppm;
    }
}
