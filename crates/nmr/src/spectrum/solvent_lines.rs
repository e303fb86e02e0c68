//! Where solvents show lines, and water and silicone grease in them.
//!
//! Shifts are those of Fulmer et al. (Organometallics 2010, 29, 2176) and Babij et al. (Org. Process
//! Res. Dev. 2016, 20, 661), for solvents they do not have those of makers' charts.

use crate::fid::{Nucleus, Solvent};

/// One line or multiplet of a solvent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SolventLine {
    /// Centre, ppm.
    pub ppm: f64,
    /// Lines of the multiplet: 3, 5 or 7 by coupling to deuterium (2nI + 1), 4 by that to the
    /// fluorine of CF3.
    pub lines: u8,
    /// Coupling constant, Hz.
    pub coupling_hz: f64,
}

/// What is known of one solvent.
struct Known {
    /// The one to reference to first.
    carbon: &'static [SolventLine],
    proton: &'static [SolventLine],
    /// 1H of water, ppm; it moves with temperature and concentration.
    water: f64,
    /// 1H of silicone grease, ppm.
    grease: Option<f64>,
}

const fn line(ppm: f64, lines: u8, coupling_hz: f64) -> SolventLine {
    SolventLine { ppm, lines, coupling_hz }
}

const fn single(ppm: f64) -> SolventLine {
    line(ppm, 1, 0.0)
}

/// A solvent's lines on the TMS scale at room temperature, the one to reference to first.
#[must_use]
pub fn lines(solvent: Solvent, nucleus: &Nucleus) -> &'static [SolventLine] {
    match nucleus {
        Nucleus::Carbon => known(solvent).carbon,
        Nucleus::Proton => known(solvent).proton,
        Nucleus::Other(_) => &[],
    }
}

/// Where water shows in a 1H spectrum; it moves with temperature and concentration.
#[must_use]
pub fn water(solvent: Solvent) -> f64 {
    known(solvent).water
}

/// Where silicone grease, easily taken for TMS, shows in a 1H spectrum.
#[must_use]
pub fn grease(solvent: Solvent) -> Option<f64> {
    known(solvent).grease
}

/// The solvents that are looked for without a word of the header, in the order in which they are
/// tried. The others are rare, and some of them show what these do.
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

fn known(solvent: Solvent) -> &'static Known {
    macro_rules! known {
        ($carbon:expr, $proton:expr, $water:expr, $grease:expr) => {
            const { &Known { carbon: &$carbon, proton: &$proton, water: $water, grease: $grease } }
        };
    }
    match solvent {
        // Lists in print are tied to 77.0 or 77.16. By the unified scale, with the residual proton
        // at 7.26, the carbon of seven real samples stands at 77.04.
        Solvent::Chloroform => {
            known!([line(77.04, 3, 32.0)], [single(7.26)], 1.56, Some(0.07))
        }
        Solvent::DimethylSulfoxide => {
            known!([line(39.52, 7, 21.0)], [line(2.50, 5, 1.9)], 3.33, Some(-0.06))
        }
        Solvent::Methanol => {
            known!([line(49.00, 7, 21.4)], [line(3.31, 5, 1.65)], 4.87, Some(0.10))
        }
        Solvent::Water => known!([], [single(4.79)], 4.79, None),
        Solvent::Acetone => {
            known!([line(29.84, 7, 19.4), single(206.26)], [line(2.05, 5, 2.2)], 2.84, Some(0.13))
        }
        Solvent::Benzene => known!([line(128.06, 3, 24.3)], [single(7.16)], 0.40, Some(0.29)),
        Solvent::Acetonitrile => {
            known!([line(1.32, 7, 20.7), single(118.26)], [line(1.94, 5, 2.5)], 2.13, Some(0.08))
        }
        Solvent::Pyridine => known!(
            [line(123.87, 3, 25.0), line(135.91, 3, 24.5), line(150.35, 3, 27.5)],
            [single(8.74), single(7.58), single(7.22)],
            4.90,
            None
        ),
        Solvent::Dichloromethane => {
            known!([line(53.84, 5, 27.2)], [line(5.32, 3, 1.1)], 1.52, Some(0.09))
        }
        Solvent::Toluene => known!(
            [
                line(20.43, 7, 19.0),
                single(137.48),
                line(128.87, 3, 23.0),
                line(127.96, 3, 24.0),
                line(125.13, 3, 24.0)
            ],
            [line(2.08, 5, 2.3), single(6.97), single(7.01), single(7.09)],
            0.43,
            Some(0.26)
        ),
        Solvent::Tetrahydrofuran => known!(
            [line(67.21, 5, 22.2), line(25.31, 5, 20.2)],
            [single(3.58), single(1.72)],
            2.46,
            Some(0.11)
        ),
        Solvent::Dimethylformamide => known!(
            [line(34.89, 7, 21.0), line(29.76, 7, 21.1), line(163.15, 3, 29.4)],
            [line(2.75, 5, 1.9), line(2.92, 5, 1.9), single(8.03)],
            3.49,
            None
        ),
        Solvent::Chlorobenzene => known!(
            [line(129.26, 3, 24.0), line(128.25, 3, 24.5), line(125.96, 3, 24.5), single(134.19)],
            [single(7.14), single(6.99), single(6.96)],
            1.03,
            Some(0.14)
        ),
        Solvent::Dichlorobenzene => known!(
            [line(130.04, 3, 24.0), line(127.19, 3, 25.0), single(132.39)],
            [single(7.19), single(6.93)],
            1.2,
            None
        ),
        Solvent::Tetrachloroethane => known!([line(73.78, 3, 28.0)], [single(6.00)], 1.55, None),
        Solvent::Dioxane => known!([line(66.66, 5, 21.9)], [single(3.53)], 2.4, None),
        Solvent::TrifluoroaceticAcid => {
            known!([line(116.6, 4, 283.0), line(164.2, 4, 44.0)], [single(11.50)], 11.5, None)
        }
        Solvent::AceticAcid => known!(
            [line(20.0, 7, 20.0), single(178.99)],
            [line(2.04, 5, 2.2), single(11.65)],
            11.5,
            None
        ),
        // The CD2 of trifluoroethanol is split by fluorine as well: its middle lines alone.
        Solvent::Trifluoroethanol => known!(
            [line(61.50, 5, 22.0), line(126.28, 4, 277.0)],
            [single(3.88), single(5.02)],
            3.66,
            None
        ),
        Solvent::Nitromethane => known!([line(62.8, 7, 22.0)], [line(4.33, 5, 2.0)], 2.2, None),
        Solvent::Cyclohexane => known!([line(26.43, 5, 19.0)], [single(1.38)], 0.80, None),
        Solvent::Ethanol => known!(
            [line(56.96, 5, 22.0), line(17.31, 7, 19.0)],
            [single(3.56), single(1.11), single(5.29)],
            5.29,
            None
        ),
        Solvent::Nitrobenzene => known!(
            [line(123.5, 3, 26.0), line(129.5, 3, 25.0), line(134.8, 3, 24.5), single(148.6)],
            [single(8.11), single(7.67), single(7.50)],
            2.2,
            None
        ),
    }
}

impl SolventLine {
    /// Offsets of the multiplet's lines in units of the coupling, with relative heights
    /// (couplings to one, two or three deuterons, or to three fluorines).
    #[must_use]
    pub fn pattern(&self) -> &'static [(f64, f64)] {
        match self.lines {
            3 => &[(-1.0, 1.0), (0.0, 1.0), (1.0, 1.0)],
            4 => &[(-1.5, 1.0), (-0.5, 3.0), (0.5, 3.0), (1.5, 1.0)],
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
