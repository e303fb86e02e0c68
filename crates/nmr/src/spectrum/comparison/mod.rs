//! Two spectra of one acquisition held against each other: how far their axes are apart, whether
//! one is the mirror image of the other, and how their phases differ.
//!
//! Magnitudes are compared, which no phase changes, so that a spectrum whose author phased it badly
//! or not at all is a witness to the axis like any other.

mod alignment;
mod lines;
mod profile;

use alignment::Alignment;
use profile::Profile;

use super::picking::RawPeak;
use super::{Axis, transform};

/// Below this the two have nothing in common that could be told from chance.
const LEAST_CORRELATION: f64 = 0.4;
/// A mirror image has to fit better than the spectrum itself by this much.
const MIRROR_MARGIN: f64 = 0.1;

/// A spectrum on an axis; shifts ascending.
#[derive(Debug, Clone)]
pub struct Compared<'a> {
    /// Shift of the first point, ppm.
    pub first_ppm: f64,
    /// Shift from one point to the next, ppm.
    pub step_ppm: f64,
    /// The real part.
    pub real: &'a [f64],
    /// The imaginary part, either way round, where it is known.
    pub imaginary: Option<&'a [f64]>,
}

/// How one spectrum stands to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Shifts of the first less those of the second, ppm.
    pub difference_ppm: f64,
    /// Standard error of that, ppm.
    pub uncertainty_ppm: f64,
    /// Lines found in both.
    pub lines: usize,
    /// From 0 (nothing in common) to 1 (the same).
    pub correlation: f64,
    /// The second is the mirror image of the first.
    pub mirrored: bool,
    /// Phase of the second less that of the first, the middle one of all lines, degrees.
    pub phase_deg: Option<f64>,
}

/// Compares two spectra; `None` where they have nothing in common. `reference_mhz` is about the
/// frequency of 0 ppm.
#[must_use]
pub fn spectra(
    first: &Compared<'_>,
    second: &Compared<'_>,
    reference_mhz: f64,
) -> Option<Comparison> {
    let complex = [first, second].map(|one| lines::complex(one.real, one.imaginary));
    let magnitudes = complex.each_ref().map(|points| profile::magnitudes(points));
    let step = first.step_ppm.max(second.step_ppm);
    let profiles = [(first, &magnitudes[0]), (second, &magnitudes[1])]
        .map(|(one, magnitudes)| Profile::of_points(one.first_ppm, one.step_ppm, magnitudes, step));
    let found = alignment(&profiles[0], &profiles[1])?;
    let axes = [first, second].map(|one| Axis {
        first_ppm: one.first_ppm,
        step_ppm: one.step_ppm,
        reference_mhz,
    });
    let peaks: [Vec<RawPeak>; 2] =
        std::array::from_fn(|i| lines::strongest(&magnitudes[i], &axes[i]));
    let pairs = lines::pairs(&peaks[0], &peaks[1], &found, step);
    let phases = |of: usize, ppm: f64| lines::phase(&complex[of], &axes[of], ppm);
    let turned = if found.mirrored { -1.0 } else { 1.0 };
    let differences = pairs
        .iter()
        .filter_map(|pair| Some(turned * phases(1, pair.second)? - phases(0, pair.first)?));
    Some(comparison(&found, &pairs, step, lines::middle_angle(differences.collect())))
}

/// Compares two lists of peaks, each a shift in ppm and a height; lines nearer than `width_ppm`
/// count as one.
#[must_use]
pub fn peaks(first: &[(f64, f64)], second: &[(f64, f64)], width_ppm: f64) -> Option<Comparison> {
    let step = width_ppm / 4.0;
    let profiles = [first, second].map(|list| Profile::of_peaks(list, width_ppm, step));
    let found = alignment(profiles[0].as_ref()?, profiles[1].as_ref()?)?;
    let raw = |list: &[(f64, f64)]| -> Vec<RawPeak> {
        let peak = |&(ppm, height): &(f64, f64)| RawPeak { ppm, height, width_hz: 1.0, area: 0.0 };
        list.iter().map(peak).collect()
    };
    let pairs = lines::pairs(&raw(first), &raw(second), &found, width_ppm / 2.0);
    Some(comparison(&found, &pairs, step, None))
}

fn alignment(first: &Profile, second: &Profile) -> Option<Alignment> {
    let direct = alignment::best(first, second, false)?;
    let turned = alignment::best(first, second, true)?;
    let best =
        if turned.correlation > direct.correlation + MIRROR_MARGIN { turned } else { direct };
    (best.correlation >= LEAST_CORRELATION).then_some(best)
}

fn comparison(
    found: &Alignment,
    pairs: &[lines::Pair],
    step: f64,
    phase_deg: Option<f64>,
) -> Comparison {
    let (difference_ppm, uncertainty_ppm) =
        lines::difference(pairs, found).unwrap_or((found.difference_ppm, step));
    Comparison {
        difference_ppm,
        uncertainty_ppm,
        lines: pairs.len(),
        correlation: found.correlation,
        mirrored: found.mirrored,
        phase_deg,
    }
}

/// The complex spectrum with the given real part.
fn analytic(real: &[f64]) -> Vec<num_complex::Complex64> {
    transform::analytic(real)
}

#[cfg(test)]
mod tests;
