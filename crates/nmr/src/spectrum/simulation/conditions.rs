//! The context of a measurement: everything of a spectrum that is not the compound's.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::draw::{LineShape, Stick, draw};
use super::{Window, noise};
use crate::fid::{Nucleus, Solvent};
use crate::spectrum::solvent_lines;

/// Frequency of 13C over that of 1H (IUPAC 2001, on TMS).
const CARBON_OVER_PROTON: f64 = 0.251_450_20;
/// Solvents in the order of how often they are used, with the cumulative share of samples [%]
/// that are run in them or one before.
const USUAL: [(Solvent, u32); 7] = [
    (Solvent::Chloroform, 66),
    (Solvent::DimethylSulfoxide, 84),
    (Solvent::Methanol, 92),
    (Solvent::Acetone, 95),
    (Solvent::Water, 97),
    (Solvent::Pyridine, 98),
    (Solvent::Benzene, 100),
];

/// What solvent and water show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SolventTrace {
    /// The solvent.
    pub solvent: Solvent,
    /// Area of its lines, in protons (1H) or intensities (13C) of the compound.
    pub area: f64,
    /// Area of water, in protons; 0 in 13C.
    pub water: f64,
    /// How far water lies from its usual place, ppm.
    pub water_off_ppm: f64,
    /// Width of the water line, Hz.
    pub water_width_hz: f64,
}

/// How a spectrum is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditions {
    /// Field, as the frequency of 1H, MHz.
    pub proton_mhz: f64,
    /// Line shape of the compound and the solvent.
    pub shape: LineShape,
    /// Standard deviation of the noise, relative to the compound's tallest point.
    pub noise: f64,
    /// Solvent and water, where they show.
    pub solvent: Option<SolventTrace>,
    /// Heights of the waves of the baseline, relative to the compound's tallest point; the k-th
    /// has k + 1 half periods in the window.
    pub roll: Vec<f64>,
    /// By how much every shift is off, ppm.
    pub reference_error_ppm: f64,
    /// Seed of the noise.
    pub seed: u64,
}

impl Conditions {
    /// A perfect measurement: lines of the given width and nothing else.
    #[must_use]
    pub fn clean(proton_mhz: f64, width_hz: f64) -> Self {
        Self {
            proton_mhz,
            shape: LineShape { width_hz, gaussian_share: 0.0 },
            noise: 0.0,
            solvent: None,
            roll: Vec::new(),
            reference_error_ppm: 0.0,
            seed: 0,
        }
    }

    /// An everyday measurement of 1H or 13C, in `solvent` or one drawn by how usual it is.
    pub fn draw(nucleus: &Nucleus, solvent: Option<Solvent>, random: &mut impl Rng) -> Self {
        let carbon = *nucleus == Nucleus::Carbon;
        let share = random.random_range(0..100);
        let usual = USUAL.iter().find(|(_, most)| share < *most).map(|(solvent, _)| *solvent);
        let solvent = solvent.or(usual).unwrap_or(Solvent::Chloroform);
        let between = |random: &mut _, from, to| log_uniform(random, from, to);
        let proton_mhz = random.random_range(300.0..=700.0);
        let width_hz = if carbon { between(random, 1.0, 5.0) } else { between(random, 0.6, 4.0) };
        let signal_to_noise =
            if carbon { between(random, 15.0, 1_500.0) } else { between(random, 50.0, 30_000.0) };
        let area = if carbon { between(random, 0.1, 10.0) } else { between(random, 0.02, 3.0) };
        let trace = SolventTrace {
            solvent,
            area,
            water: if carbon { 0.0 } else { between(random, 0.02, 3.0) },
            water_off_ppm: 0.05 * noise::normal(random).0,
            water_width_hz: between(random, 1.5, 8.0),
        };
        let uneven = between(random, 3e-5, 3e-3);
        let roll = (0..4).map(|_| uneven * noise::normal(random).0).collect();
        // One spectrum in ten is referenced badly.
        let badly = if random.random_bool(0.1) { 3.0 } else { 1.0 };
        let off = badly * if carbon { 0.08 } else { 0.012 };
        Self {
            proton_mhz,
            shape: LineShape { width_hz, gaussian_share: random.random_range(0.0..=0.6) },
            noise: 1.0 / signal_to_noise,
            solvent: Some(trace),
            roll,
            reference_error_ppm: off * noise::normal(random).0,
            seed: random.random(),
        }
    }

    /// Frequency of a nucleus in this field, MHz.
    #[must_use]
    pub fn mhz(&self, nucleus: &Nucleus) -> f64 {
        if *nucleus == Nucleus::Carbon {
            self.proton_mhz * CARBON_OVER_PROTON
        } else {
            self.proton_mhz
        }
    }

    /// Draws the lines of a compound as they show under these conditions.
    pub(super) fn measure(&self, sticks: &[Stick], nucleus: &Nucleus, window: &Window) -> Vec<f32> {
        let mhz = self.mhz(nucleus);
        let moved = |stick: &Stick| Stick { ppm: stick.ppm + self.reference_error_ppm, ..*stick };
        let sticks: Vec<Stick> = sticks.iter().map(moved).collect();
        let mut trace = draw(&sticks, mhz, &self.shape, window);
        let tallest = f64::from(trace.iter().copied().fold(0.0_f32, f32::max));
        if let Some(solvent) = &self.solvent {
            let own: Vec<Stick> = solvent.sticks(nucleus, mhz).iter().map(moved).collect();
            let drawn = draw(&own, mhz, &self.shape, window);
            trace.iter_mut().zip(drawn).for_each(|(value, more)| *value += more);
        }
        let roll: Vec<f64> = self.roll.iter().map(|height| height * tallest).collect();
        noise::add_roll(&mut trace, &roll);
        if self.noise > 0.0 {
            let mut random = ChaCha8Rng::seed_from_u64(self.seed);
            noise::add_noise(&mut trace, self.noise * tallest, &mut random);
        }
        trace
    }
}

impl SolventTrace {
    /// Lines of the solvent, and of water where the nucleus is 1H.
    fn sticks(&self, nucleus: &Nucleus, mhz: f64) -> Vec<Stick> {
        let lines = solvent_lines::lines(self.solvent, nucleus);
        let share = self.area / lines.len().max(1) as f64;
        let mut sticks: Vec<Stick> = lines
            .iter()
            .flat_map(|line| {
                let pattern = line.pattern();
                let whole: f64 = pattern.iter().map(|(_, height)| height).sum();
                pattern.iter().map(move |(offset, height)| Stick {
                    ppm: line.ppm + offset * line.coupling_hz / mhz,
                    area: share * height / whole,
                    width_hz: None,
                })
            })
            .collect();
        if self.water > 0.0 {
            sticks.push(Stick {
                ppm: solvent_lines::water(self.solvent) + self.water_off_ppm,
                area: self.water,
                width_hz: Some(self.water_width_hz),
            });
        }
        sticks
    }
}

/// A draw whose logarithm is evenly spread.
pub(super) fn log_uniform(random: &mut impl Rng, from: f64, to: f64) -> f64 {
    random.random_range(from.ln()..=to.ln()).exp()
}
