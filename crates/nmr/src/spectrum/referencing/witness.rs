//! A line that may be one whose place is known.

use super::ReferenceMethod;

/// One reading of lines: these are the ones that belong to `place`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    /// What they would be.
    pub method: ReferenceMethod,
    /// Where they belong, ppm.
    pub place: f64,
    /// Where they are, ppm.
    pub ppm: f64,
    /// How well their shape fits, 0 to 1.
    pub fit: f64,
    /// How often chance puts the like of them somewhere, per ppm.
    pub by_chance: f64,
}

impl Reading {
    /// The offset it proposes, ppm.
    pub fn shift(&self) -> f64 {
        self.place - self.ppm
    }
}

/// All readings of what one substance should show at one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expectation {
    /// How often such lines are seen where the substance is.
    visible: f64,
    /// Standard deviation of their place from tube to tube, ppm.
    pub deviation: f64,
    /// What may be they, in ascending order of the offset they propose.
    readings: Vec<Reading>,
}

impl Expectation {
    pub fn new(visible: f64, deviation: f64, mut readings: Vec<Reading>) -> Self {
        readings.sort_by(|a, b| a.shift().total_cmp(&b.shift()));
        Self { visible, deviation, readings }
    }

    /// Offsets proposed, with how far they scatter, ppm.
    pub fn shifts(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.readings.iter().map(|reading| (reading.shift(), self.deviation))
    }

    /// How much more probable the lines are with the substance there and the axis off by `shift`
    /// than without it.
    pub fn likelihood(&self, shift: f64) -> f64 {
        let seen = self.near(shift).map(|reading| self.weight(reading, shift)).fold(0.0, f64::max);
        1.0 - self.visible + self.visible * seen
    }

    /// The reading that supports the offset best, if one does.
    pub fn supporting(&self, shift: f64) -> Option<&Reading> {
        self.near(shift)
            .max_by(|a, b| self.weight(a, shift).total_cmp(&self.weight(b, shift)))
            .filter(|_| self.likelihood(shift) > 1.0)
    }

    fn near(&self, shift: f64) -> impl Iterator<Item = &Reading> {
        let reach = 4.0 * self.deviation;
        let first = self.readings.partition_point(|reading| reading.shift() < shift - reach);
        self.readings[first..].iter().take_while(move |reading| reading.shift() <= shift + reach)
    }

    fn weight(&self, reading: &Reading, shift: f64) -> f64 {
        reading.fit * normal(shift - reading.shift(), self.deviation) / reading.by_chance
    }
}

/// Density of the normal distribution.
pub(super) fn normal(x: f64, deviation: f64) -> f64 {
    let z = x / deviation;
    (-0.5 * z * z).exp() / (deviation * (2.0 * std::f64::consts::PI).sqrt())
}
