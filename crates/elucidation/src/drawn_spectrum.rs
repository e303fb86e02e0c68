//! A spectrum as networks see it: its lines of the compound, drawn on whatever axis they take.

use larmor_networks::{CARBON_WINDOW, PROTON_WINDOW, SpectrumPair};
use larmor_nmr::spectrum::simulation::{LineShape, Stick, Window, draw};
use larmor_nmr::spectrum::{Peak, PeakClass};

/// Lines narrower than this are drawn this wide, Hz.
const LEAST_WIDTH_HZ: f64 = 0.3;

/// The compound's lines of a spectrum, with areas and widths. What lies between them, noise and
/// solvent, is left out, so that a spectrum read back from a database is the same as a fresh one.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnSpectrum {
    sticks: Vec<Stick>,
    mhz: f64,
}

impl DrawnSpectrum {
    /// From the peaks of a spectrum recorded at so many MHz; `None` without a line of the
    /// compound. Lines an edited spectrum shows downward count upright.
    #[must_use]
    pub fn of(peaks: &[Peak], mhz: f64) -> Option<Self> {
        let sticks: Vec<Stick> = peaks
            .iter()
            .filter(|peak| peak.class == PeakClass::Compound && peak.area.is_finite())
            .map(|peak| Stick {
                ppm: peak.ppm,
                area: peak.area.abs(),
                width_hz: Some(peak.width_hz.max(LEAST_WIDTH_HZ)),
            })
            .collect();
        Self::of_sticks(sticks, mhz)
    }

    /// From lines that are known otherwise; `None` without any.
    #[must_use]
    pub fn of_sticks(sticks: Vec<Stick>, mhz: f64) -> Option<Self> {
        (!sticks.is_empty() && mhz > 0.0).then_some(Self { sticks, mhz })
    }

    /// With the 13C spectrum of the same sample, as SpecMol takes them; `self` is of 1H.
    #[must_use]
    pub fn pair_with(&self, carbon: &Self) -> Option<SpectrumPair> {
        SpectrumPair::new(self.trace(&PROTON_WINDOW), carbon.trace(&CARBON_WINDOW))
    }

    /// Drawn on a window.
    #[must_use]
    pub fn trace(&self, window: &Window) -> Vec<f32> {
        let shape = LineShape { width_hz: LEAST_WIDTH_HZ, gaussian_share: 0.0 };
        draw(&self.sticks, self.mhz, &shape, window)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn peak(ppm: f64, area: f64, class: PeakClass) -> Peak {
        Peak {
            ppm,
            intensity: area,
            width_hz: 1.0,
            area,
            signal_to_noise: 50.0,
            class,
            multiplicity: None,
            errors: None,
            splitting: None,
            substance: None,
        }
    }

    #[test]
    fn the_compounds_lines_are_drawn_upright_and_nothing_else() {
        let peaks = [
            peak(1.2, 3.0, PeakClass::Compound),
            peak(3.7, -2.0, PeakClass::Compound),
            peak(7.26, 9.0, PeakClass::Solvent),
        ];
        let window = Window::proton(4_096);
        let trace = DrawnSpectrum::of(&peaks, 400.0).unwrap().trace(&window);
        let area = |from: f64, to: f64| -> f64 {
            let inside = |&(i, _): &(usize, &f32)| (from..to).contains(&window.ppm(i));
            let sum: f64 =
                trace.iter().enumerate().filter(inside).map(|(_, &v)| f64::from(v)).sum();
            sum * window.step_ppm()
        };
        assert!((area(1.0, 1.4) - 3.0).abs() < 0.01 && (area(3.5, 3.9) - 2.0).abs() < 0.01);
        assert!(area(7.0, 7.5).abs() < 0.01);
    }

    #[test]
    fn without_a_line_of_the_compound_there_is_nothing_to_draw() {
        assert_eq!(DrawnSpectrum::of(&[peak(7.26, 9.0, PeakClass::Solvent)], 400.0), None);
        assert_eq!(DrawnSpectrum::of(&[peak(1.0, f64::NAN, PeakClass::Compound)], 400.0), None);
    }
}
