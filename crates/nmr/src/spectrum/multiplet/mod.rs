//! 1H multiplets: which lines belong together, and what pattern they make.

mod first_order;
mod grouping;
mod integral;
mod modulation;
mod partners;
mod pattern;
mod refine;

use serde::{Deserialize, Serialize};

use super::axis::Axis;
use super::peak::{Peak, PeakClass};
use first_order::{Component, Explanation};
use grouping::Group;

/// Lines of one kind of hydrogen, taken together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Multiplet {
    /// Centre, ppm.
    pub ppm: f64,
    /// Lower end of the region it fills, ppm.
    pub from_ppm: f64,
    /// Upper end, ppm.
    pub to_ppm: f64,
    /// Integral over the region, relative to the sum over compound multiplets.
    pub area: f64,
    /// Pattern as chemists write it: `s`, `d`, `t`, `q`, `dd`, `ddd`, `dt` ...; `m` where no
    /// first-order pattern explains the lines.
    pub pattern: String,
    /// Coupling constants, Hz, largest first; empty for `s` and `m`.
    pub couplings_hz: Vec<f64>,
    /// What it is taken to be.
    pub class: PeakClass,
    /// Places of its lines in the spectrum's peak list.
    pub peaks: Vec<usize>,
    /// Hydrogens, where the integrals of all compound multiplets are nearly whole multiples of
    /// one: the ratio as measured, not rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hydrogens: Option<f64>,
}

/// Where others are whole hydrogens, what has less than this is a trace of something else.
const LEAST_HYDROGENS: f64 = 0.35;
/// A single line broader than this is called broad, Hz.
const BROAD_HZ: f64 = 6.0;

/// The multiplets that are told of a compound: where hydrogens were counted those of at least a third
/// of one.
#[must_use]
pub fn of_compound(multiplets: &[Multiplet]) -> Vec<&Multiplet> {
    let compound = || multiplets.iter().filter(|one| one.class == PeakClass::Compound);
    let counts = compound().filter_map(|one| one.hydrogens);
    let counted = counts.into_iter().any(|hydrogens| hydrogens > 1.0 - LEAST_HYDROGENS);
    let is_told =
        |one: &&Multiplet| !counted || one.hydrogens.is_some_and(|h| h >= LEAST_HYDROGENS);
    compound().filter(is_told).collect()
}

impl Multiplet {
    /// Whether it is one broad line; `peaks` are the spectrum's.
    #[must_use]
    pub fn is_broad(&self, peaks: &[Peak]) -> bool {
        let lines = self.peaks.iter().filter_map(|&place| peaks.get(place));
        self.peaks.len() == 1 && lines.map(|line| line.width_hz).all(|width| width > BROAD_HZ)
    }
}

/// Multiplets of a plain 1H spectrum, in order of shift. Every class is grouped by itself;
/// satellites, sidebands and artifacts are left out.
///
/// # Examples
/// ```
/// use larmor_nmr::spectrum::{Axis, Peak, PeakClass, multiplet};
///
/// // Two hydrogens that split each other by 7 Hz, at 400 MHz, as picking finds their lines.
/// let axis = Axis::new(400.0, 400.0, 4000.0, 32_768);
/// let lines = [-3.5, 3.5, 796.5, 803.5].map(|hz: f64| hz / 400.0);
/// let absorption = |ppm: f64| -> f64 {
///     lines.iter().map(|line| 1.0 / (1.0 + ((ppm - line) * 400.0 / 0.5).powi(2))).sum()
/// };
/// let real: Vec<f64> =
///     (0..32_768).map(|k| absorption(axis.first_ppm + k as f64 * axis.step_ppm)).collect();
/// let peaks = lines.map(|ppm| Peak {
///     ppm,
///     intensity: 1.0,
///     width_hz: 1.0,
///     area: 0.25,
///     signal_to_noise: 1000.0,
///     class: PeakClass::Compound,
///     multiplicity: None,
///     errors: None,
///     splitting: None,
///     substance: None,
/// });
/// let multiplets = multiplet::find(&peaks, &real, &axis);
/// assert_eq!(multiplets[0].pattern, "d");
/// assert!((multiplets[0].couplings_hz[0] - 7.0).abs() < 0.05);
/// ```
#[must_use]
pub fn find(peaks: &[Peak], real: &[f64], axis: &Axis) -> Vec<Multiplet> {
    let scale = scale(peaks, real, axis);
    let mut all: Vec<Component> = components(peaks, axis.reference_mhz, |_| true);
    all.iter_mut().for_each(|line| line.area *= scale);
    let usual_width = usual_width(peaks);
    let mut multiplets = Vec::new();
    for class in [PeakClass::Compound, PeakClass::Solvent, PeakClass::Impurity] {
        let of_class = |line: &Component| peaks[line.place].class == class;
        let lines: Vec<Component> = all.iter().copied().filter(of_class).collect();
        let mut groups = grouping::group(&lines);
        let count = |areas: &[f64]| match integral::hydrogens(areas) {
            Some(counts) if class == PeakClass::Compound => counts.into_iter().map(Some).collect(),
            _ => vec![None; areas.len()],
        };
        for group in &mut groups {
            let split = |found: &&Explanation| !found.couplings.is_empty();
            if let Some(found) = group.explanation.as_ref().filter(split) {
                group.explanation =
                    refine::refine(real, axis, &group.lines, &all, found, usual_width);
            }
        }
        modulation::fit_couplings(&mut groups, real, axis, &all, usual_width);
        let (_, areas) = integrals(&groups, real, axis, &all);
        partners::take_back_unconfirmed(&mut groups, &count(&areas));
        let (regions, areas) = integrals(&groups, real, axis, &all);
        let hydrogens = count(&areas);
        for (k, group) in groups.iter().enumerate() {
            multiplets.push(multiplet(group, class, regions[k], areas[k], hydrogens[k], axis));
        }
    }
    let compound = |multiplet: &&Multiplet| multiplet.class == PeakClass::Compound;
    let whole: f64 = multiplets.iter().filter(compound).map(|multiplet| multiplet.area).sum();
    let whole = if whole > 0.0 { whole } else { 1.0 };
    multiplets.iter_mut().for_each(|multiplet| multiplet.area /= whole);
    multiplets.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    multiplets
}

/// Centres of the compound's multiplets in a 1H peak list, ppm, in order.
#[must_use]
pub fn centres(peaks: &[Peak], frequency_mhz: f64) -> Vec<f64> {
    let lines = components(peaks, frequency_mhz, |peak| peak.class == PeakClass::Compound);
    let mut centres: Vec<f64> =
        grouping::group(&lines).iter().map(|group| centre(group) / frequency_mhz).collect();
    centres.sort_by(f64::total_cmp);
    centres
}

fn components(peaks: &[Peak], mhz: f64, keep: impl Fn(&Peak) -> bool) -> Vec<Component> {
    let mut lines: Vec<Component> = peaks
        .iter()
        .enumerate()
        .filter(|(_, peak)| keep(peak) && peak.area > 0.0)
        .map(|(place, peak)| Component {
            hz: peak.ppm * mhz,
            area: peak.area,
            width_hz: peak.width_hz.max(1e-6),
            place,
        })
        .collect();
    lines.sort_by(|a, b| a.hz.total_cmp(&b.hz));
    lines
}

/// Width of lines that hide no coupling: the narrower ones.
fn usual_width(peaks: &[Peak]) -> f64 {
    let strong = |peak: &&Peak| {
        peak.class == PeakClass::Compound && peak.errors.is_some() && peak.intensity > 0.02
    };
    let mut widths: Vec<f64> = peaks.iter().filter(strong).map(|peak| peak.width_hz).collect();
    widths.sort_by(f64::total_cmp);
    widths.get(widths.len() / 4).copied().unwrap_or(1.0).max(1e-3)
}

/// Frequency of a group, Hz: the pattern's centre, else that of gravity.
fn centre(group: &Group) -> f64 {
    let whole: f64 = group.lines.iter().map(|line| line.area).sum();
    let weighed: f64 = group.lines.iter().map(|line| line.area * line.hz).sum();
    group.explanation.as_ref().map_or(weighed / whole, |found| found.centre_hz)
}

fn regions(groups: &[Group], axis: &Axis) -> Vec<(f64, f64)> {
    (0..groups.len())
        .map(|k| {
            let before = k.checked_sub(1).and_then(|k| groups[k].lines.last()).map(|line| line.hz);
            let after = groups.get(k + 1).and_then(|next| next.lines.first()).map(|line| line.hz);
            integral::region(&groups[k].lines, before, after, axis)
        })
        .collect()
}

/// Regions of groups, and their integrals.
fn integrals(
    groups: &[Group],
    real: &[f64],
    axis: &Axis,
    all: &[Component],
) -> (Vec<(f64, f64)>, Vec<f64>) {
    let regions = regions(groups, axis);
    let areas = groups
        .iter()
        .zip(&regions)
        .map(|(group, &region)| integral::integral(real, axis, region, &group.lines, all).max(0.0))
        .collect();
    (regions, areas)
}

/// Spectrum's area, height times Hz, that a peak area of 1 stands for.
fn scale(peaks: &[Peak], real: &[f64], axis: &Axis) -> f64 {
    let Some(tallest) = peaks.iter().max_by(|a, b| a.intensity.total_cmp(&b.intensity)) else {
        return 0.0;
    };
    let place = (tallest.ppm - axis.first_ppm) / axis.step_ppm;
    let from = (place.round().max(0.0) as usize).saturating_sub(2).min(real.len());
    let height = real[from..(from + 5).min(real.len())].iter().copied().fold(0.0, f64::max);
    let whole = std::f64::consts::FRAC_PI_2 * tallest.width_hz * height;
    if tallest.area > 0.0 { whole / tallest.area } else { 0.0 }
}

fn multiplet(
    group: &Group,
    class: PeakClass,
    (from_ppm, to_ppm): (f64, f64),
    area: f64,
    hydrogens: Option<f64>,
    axis: &Axis,
) -> Multiplet {
    let (pattern, couplings_hz) = match &group.explanation {
        Some(found) => (pattern::name(&found.nuclei), found.couplings.clone()),
        None => ("m".into(), Vec::new()),
    };
    Multiplet {
        ppm: centre(group) / axis.reference_mhz,
        from_ppm,
        to_ppm,
        area,
        pattern,
        couplings_hz,
        class,
        peaks: group.lines.iter().map(|line| line.place).collect(),
        hydrogens,
    }
}

#[cfg(test)]
mod tests;
