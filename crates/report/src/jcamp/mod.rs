//! A processed spectrum as JCAMP-DX 5.01 (Davies and Lampen, Appl. Spectrosc. 1993, 47, 1093; Lampen
//! and others, Pure Appl. Chem. 1999, 71, 1549): real points in Hz from 0 ppm, the highest frequency
//! first, packed as differences.

mod one_line;
mod packing;
#[cfg(test)]
mod tests;

use std::fmt::Write;

use larmor_nmr::fid::Experiment;
use larmor_nmr::trace::Trace;

use crate::ReportedSpectrum;
use one_line::one_line;

/// Why a spectrum cannot be written.
#[derive(Debug, thiserror::Error, Clone, Copy, PartialEq)]
pub enum JcampError {
    /// It has no points.
    #[error("the points of the spectrum were not kept: process its acquisition again")]
    NoPoints,
    /// Its axis is none.
    #[error("no axis: {step_ppm} ppm from point to point at {frequency_mhz} MHz")]
    Axis {
        /// From one point to the next, ppm.
        step_ppm: f64,
        /// Spectrometer frequency, MHz.
        frequency_mhz: f64,
    },
    /// Its heights are none.
    #[error("no heights: their unit is {0}")]
    Unit(f64),
}

/// Writes a spectrum of `sample`. What readers take for the axis, either the points in Hz from 0 ppm
/// or the shift of the first point (`.SHIFT REFERENCE`), gives the same shifts. Heights are relative
/// to the tallest compound peak.
///
/// ```
/// use larmor_nmr::fid::{Experiment, Nucleus};
/// use larmor_nmr::trace::Trace;
/// use larmor_report::{ReportedSpectrum, jcamp::jcamp};
///
/// let spectrum = ReportedSpectrum {
///     nucleus: Nucleus::Proton,
///     experiment: Experiment::Plain,
///     frequency_mhz: 400.0,
///     solvent: Some("CDCl3".to_owned()),
///     peaks: Vec::new(),
///     multiplets: Vec::new(),
///     trace: Some(Trace::new(7.0, 0.01, 0.8, &[0.0, 1.0, 0.0])),
///     acquired_at: None,
/// };
/// let text = jcamp("2026-114", &spectrum)?;
/// assert!(text.starts_with("##TITLE= 2026-114\n"));
/// assert!(text.contains("##FIRSTX= 2808.0") && text.contains("##NPOINTS= 3\n"));
/// # Ok::<(), larmor_report::jcamp::JcampError>(())
/// ```
///
/// # Errors
/// [`JcampError`] of a spectrum whose points were not kept or have no axis.
pub fn jcamp(sample: &str, spectrum: &ReportedSpectrum) -> Result<String, JcampError> {
    let trace = spectrum.trace.as_ref().filter(|trace| !trace.is_empty());
    let trace = trace.ok_or(JcampError::NoPoints)?;
    let axis = Axis::of(trace, spectrum.frequency_mhz)?;
    let unit = trace.unit();
    if !(unit.is_finite() && unit > 0.0) {
        return Err(JcampError::Unit(unit));
    }
    // Counts are whole numbers below 2^24 in all but damaged traces; the cast saturates.
    #[allow(clippy::cast_possible_truncation)]
    let count = |height: f32| (f64::from(height) / unit).round() as i32;
    let mut counts: Vec<i64> = trace.heights().map(|height| count(height).into()).collect();
    counts.reverse();

    let mut text = String::with_capacity(1_000 + 3 * counts.len());
    // Nothing can go wrong on the way to memory.
    let mut put = |label: &str, value: &str| {
        let _ = writeln!(text, "##{label}= {value}");
    };
    let title = one_line(sample);
    put("TITLE", if title.is_empty() { "untitled" } else { &title });
    put("JCAMP-DX", "5.01");
    put("DATA TYPE", "NMR SPECTRUM");
    put("DATA CLASS", "XYDATA");
    put("ORIGIN", concat!("Larmor ", env!("CARGO_PKG_VERSION")));
    put("OWNER", "not stated");
    if let Some(time) = spectrum.acquired_at {
        put("LONGDATE", &time.format("%Y/%m/%d %H:%M:%S+0000").to_string());
    }
    put(".OBSERVE FREQUENCY", &spectrum.frequency_mhz.to_string());
    put(".OBSERVE NUCLEUS", &format!("^{}", one_line(&spectrum.nucleus.to_string())));
    let solvent = spectrum.solvent.as_deref().map(one_line).filter(|name| !name.is_empty());
    if let Some(solvent) = &solvent {
        put(".SOLVENT NAME", solvent);
    }
    if spectrum.experiment != Experiment::Plain {
        put(".PULSE SEQUENCE", &spectrum.experiment.to_string());
    }
    // Some programs put the first point at this shift whatever point is named: it is the first.
    let internal = solvent.as_deref().unwrap_or_default().replace([',', '(', ')', ';'], " ");
    put(".SHIFT REFERENCE", &format!("INTERNAL, {internal}, 1, {:.9}", axis.first_ppm));
    put("XUNITS", "HZ");
    put("YUNITS", "ARBITRARY UNITS");
    put("XFACTOR", "1");
    put("YFACTOR", &format!("{unit:E}"));
    put("FIRSTX", &format!("{:.9}", axis.hz(0)));
    put("LASTX", &format!("{:.9}", axis.hz(counts.len() - 1)));
    put("DELTAX", &format!("{:.12}", -axis.step_hz));
    put("NPOINTS", &counts.len().to_string());
    put("FIRSTY", &format!("{:E}", counts[0] as f64 * unit));
    let ends = counts.iter().min().zip(counts.iter().max());
    if let Some((&least, &most)) = ends {
        put("MINY", &format!("{:E}", least as f64 * unit));
        put("MAXY", &format!("{:E}", most as f64 * unit));
    }
    put("XYDATA", "(X++(Y..Y))");
    packing::pack(&counts, |place| axis.hz(place), &mut text);
    text.push_str("##END=\n");
    Ok(text)
}

/// No axis of a spectrometer reaches so far from 0 ppm.
const MOST_HZ: f64 = 1e12;

/// The axis from its high end.
struct Axis {
    first_ppm: f64,
    step_hz: f64,
    first_hz: f64,
}

impl Axis {
    fn of(trace: &Trace, frequency_mhz: f64) -> Result<Self, JcampError> {
        let step_ppm = trace.step_ppm();
        let first_ppm = trace.first_ppm() + (trace.len() - 1) as f64 * step_ppm;
        let (first_hz, step_hz) = (first_ppm * frequency_mhz, step_ppm * frequency_mhz);
        let is_written = |hz: f64| hz.abs() < MOST_HZ;
        if step_hz > 0.0 && frequency_mhz > 0.0 && is_written(step_hz) && is_written(first_hz) {
            Ok(Self { first_ppm, step_hz, first_hz })
        } else {
            Err(JcampError::Axis { step_ppm, frequency_mhz })
        }
    }

    fn hz(&self, place: usize) -> f64 {
        self.first_hz - place as f64 * self.step_hz
    }
}
