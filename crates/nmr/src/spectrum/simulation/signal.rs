//! What a spectrum is drawn from.

/// Coupling of a signal to equal neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coupling {
    /// Coupling constant, Hz.
    pub hertz: f64,
    /// How many neighbours of spin 1/2 share it: n of them split a line into n + 1.
    pub neighbours: u8,
    /// Shift of these neighbours, ppm, where it is known: the nearer they are, the more the pattern
    /// leans towards them.
    pub partner_ppm: Option<f64>,
}

impl Coupling {
    /// To neighbours far away, as spectra of the first order have them.
    #[must_use]
    pub const fn first_order(hertz: f64, neighbours: u8) -> Self {
        Self { hertz, neighbours, partner_ppm: None }
    }
}

/// The signal of equivalent protons.
#[derive(Debug, Clone, PartialEq)]
pub struct ProtonSignal {
    /// Shift, ppm.
    pub ppm: f64,
    /// How many protons.
    pub protons: f64,
    /// Couplings to others.
    pub couplings: Vec<Coupling>,
    /// Full width at half height, Hz, where the signal has one of its own (exchanging protons).
    pub width_hz: Option<f64>,
}

/// A line of a decoupled 13C spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CarbonLine {
    /// Shift, ppm.
    pub ppm: f64,
    /// Area under the line.
    pub intensity: f64,
}
