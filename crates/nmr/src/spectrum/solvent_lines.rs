//! Where solvents and what usually comes with them show lines.

use crate::fid::{Nucleus, Solvent};

/// One line or multiplet of a solvent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SolventLine {
    /// Centre, ppm.
    pub ppm: f64,
    /// Lines of the multiplet (coupling to deuterium: 2nI + 1).
    pub lines: u8,
    /// Coupling to deuterium, Hz.
    pub coupling_hz: f64,
}

const fn line(ppm: f64, lines: u8, coupling_hz: f64) -> SolventLine {
    SolventLine { ppm, lines, coupling_hz }
}

/// A solvent's lines on the TMS scale at room temperature, the one to reference to first.
#[must_use]
pub fn lines(solvent: Solvent, nucleus: &Nucleus) -> &'static [SolventLine] {
    match nucleus {
        Nucleus::Carbon => carbon(solvent),
        Nucleus::Proton => proton(solvent),
        Nucleus::Other(_) => &[],
    }
}

/// Every solvent, in the order in which they are tried.
pub const ALL: [Solvent; 12] = [
    Solvent::Chloroform,
    Solvent::DimethylSulfoxide,
    Solvent::Methanol,
    Solvent::Acetone,
    Solvent::Benzene,
    Solvent::Acetonitrile,
    Solvent::Pyridine,
    Solvent::Dichloromethane,
    Solvent::Toluene,
    Solvent::Tetrahydrofuran,
    Solvent::Dimethylformamide,
    Solvent::Water,
];

fn carbon(solvent: Solvent) -> &'static [SolventLine] {
    match solvent {
        // Lists in print are tied to 77.0 or 77.16. By the unified scale, with the residual proton
        // at 7.26, the carbon of seven real samples stands at 77.04.
        Solvent::Chloroform => const { &[line(77.04, 3, 32.0)] },
        Solvent::DimethylSulfoxide => const { &[line(39.52, 7, 21.0)] },
        Solvent::Methanol => const { &[line(49.00, 7, 21.4)] },
        Solvent::Water => &[],
        Solvent::Acetone => const { &[line(29.84, 7, 19.4), line(206.26, 1, 0.0)] },
        Solvent::Benzene => const { &[line(128.06, 3, 24.3)] },
        Solvent::Acetonitrile => const { &[line(1.32, 7, 20.7), line(118.26, 1, 0.0)] },
        Solvent::Pyridine => {
            const { &[line(123.87, 3, 25.0), line(135.91, 3, 24.5), line(150.35, 3, 27.5)] }
        }
        Solvent::Dichloromethane => const { &[line(53.84, 5, 27.2)] },
        Solvent::Toluene => {
            const {
                &[
                    line(20.43, 7, 19.0),
                    line(137.48, 1, 0.0),
                    line(128.87, 3, 23.0),
                    line(127.96, 3, 24.0),
                    line(125.13, 3, 24.0),
                ]
            }
        }
        Solvent::Tetrahydrofuran => const { &[line(67.21, 5, 22.2), line(25.31, 5, 20.2)] },
        Solvent::Dimethylformamide => {
            const { &[line(34.89, 7, 21.0), line(29.76, 7, 21.1), line(163.15, 3, 29.4)] }
        }
    }
}

fn proton(solvent: Solvent) -> &'static [SolventLine] {
    match solvent {
        Solvent::Chloroform => const { &[line(7.26, 1, 0.0)] },
        Solvent::DimethylSulfoxide => const { &[line(2.50, 5, 1.9)] },
        Solvent::Methanol => const { &[line(3.31, 5, 1.65)] },
        Solvent::Water => const { &[line(4.79, 1, 0.0)] },
        Solvent::Acetone => const { &[line(2.05, 5, 2.2)] },
        Solvent::Benzene => const { &[line(7.16, 1, 0.0)] },
        Solvent::Acetonitrile => const { &[line(1.94, 5, 2.5)] },
        Solvent::Pyridine => {
            const { &[line(8.74, 1, 0.0), line(7.58, 1, 0.0), line(7.22, 1, 0.0)] }
        }
        Solvent::Dichloromethane => const { &[line(5.32, 3, 1.1)] },
        Solvent::Toluene => {
            const { &[line(2.08, 5, 2.3), line(6.97, 1, 0.0), line(7.01, 1, 0.0), line(7.09, 1, 0.0)] }
        }
        Solvent::Tetrahydrofuran => const { &[line(3.58, 1, 0.0), line(1.72, 1, 0.0)] },
        Solvent::Dimethylformamide => {
            const { &[line(2.75, 5, 1.9), line(2.92, 5, 1.9), line(8.03, 1, 0.0)] }
        }
    }
}

/// Where water shows in a 1H spectrum; it moves with temperature and concentration.
#[must_use]
pub fn water(solvent: Solvent) -> f64 {
    match solvent {
        Solvent::Chloroform => 1.56,
        Solvent::DimethylSulfoxide => 3.33,
        Solvent::Methanol => 4.87,
        Solvent::Water => 4.79,
        Solvent::Acetone => 2.84,
        Solvent::Benzene => 0.40,
        Solvent::Acetonitrile => 2.13,
        Solvent::Pyridine => 4.90,
        Solvent::Dichloromethane => 1.52,
        Solvent::Toluene => 0.43,
        Solvent::Tetrahydrofuran => 2.46,
        Solvent::Dimethylformamide => 3.49,
    }
}

/// Where silicone grease, easily taken for TMS, shows in a 1H spectrum (Fulmer et al.,
/// Organometallics 2010, 29, 2176).
#[must_use]
pub fn grease(solvent: Solvent) -> Option<f64> {
    match solvent {
        Solvent::Chloroform => Some(0.07),
        Solvent::DimethylSulfoxide => Some(-0.06),
        Solvent::Methanol => Some(0.10),
        Solvent::Acetone => Some(0.13),
        Solvent::Benzene => Some(0.29),
        Solvent::Acetonitrile => Some(0.08),
        Solvent::Dichloromethane => Some(0.09),
        Solvent::Toluene => Some(0.26),
        Solvent::Tetrahydrofuran => Some(0.11),
        Solvent::Pyridine | Solvent::Dimethylformamide | Solvent::Water => None,
    }
}

impl SolventLine {
    /// Offsets of the multiplet's lines in units of the coupling, with relative heights
    /// (couplings to one, two or three deuterons).
    #[must_use]
    pub fn pattern(&self) -> &'static [(f64, f64)] {
        match self.lines {
            3 => &[(-1.0, 1.0), (0.0, 1.0), (1.0, 1.0)],
            5 => &[(-2.0, 1.0), (-1.0, 2.0), (0.0, 3.0), (1.0, 2.0), (2.0, 1.0)],
            7 => &[
                (-3.0, 1.0),
                (-2.0, 3.0),
                (-1.0, 6.0),
                (0.0, 7.0),
                (1.0, 6.0),
                (2.0, 3.0),
                (3.0, 1.0),
            ],
            _ => &[(0.0, 1.0)],
        }
    }

    /// Distance from the centre to the outermost line, ppm.
    #[must_use]
    pub fn half_span_ppm(&self, reference_mhz: f64) -> f64 {
        f64::from(self.lines - 1) / 2.0 * self.coupling_hz / reference_mhz
    }
}
