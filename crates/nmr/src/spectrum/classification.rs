//! What each peak is taken to come from.

use super::peak::PeakClass;
use super::picking::RawPeak;
use super::{glitches, sidebands, solvent_lines};
use crate::fid::{Nucleus, Solvent};

/// What is known of a spectrum when its peaks are classed.
#[derive(Debug, Clone, Copy)]
pub struct ClassificationContext<'a> {
    /// Observed nucleus.
    pub nucleus: &'a Nucleus,
    /// True where lines point up or down by design (DEPT, APT, DEPTQ).
    pub edited: bool,
    /// Solvent, seen or named.
    pub solvent: Option<Solvent>,
    /// Frequency that stands for 0 ppm, MHz.
    pub reference_mhz: f64,
    /// Where the carrier lies on the referenced axis, ppm.
    pub carrier_ppm: f64,
}

/// Classes of peaks on a referenced axis, in their order.
pub fn classify(peaks: &[RawPeak], context: &ClassificationContext<'_>) -> Vec<PeakClass> {
    let &ClassificationContext { nucleus, edited, solvent, reference_mhz, carrier_ppm } = context;
    let carbon = *nucleus == Nucleus::Carbon;
    let of_solvent = match solvent {
        Some(solvent) if carbon => carbon_solvent(peaks, solvent, reference_mhz),
        Some(solvent) => proton_solvent(peaks, solvent, reference_mhz),
        None => vec![false; peaks.len()],
    };
    let glitches = glitches::find(peaks, carrier_ppm, reference_mhz);
    let pairs = sidebands::find(peaks, carbon, reference_mhz);
    let mut classes: Vec<PeakClass> = peaks
        .iter()
        .enumerate()
        .map(|(index, peak)| {
            if of_solvent[index] {
                PeakClass::Solvent
            } else if glitches[index] {
                PeakClass::Artifact
            } else if is_usual_impurity(peak, peaks, carbon, solvent, reference_mhz) {
                PeakClass::Impurity
            } else if let Some(class) = pairs[index] {
                class
            } else if is_foot(peak, peaks, reference_mhz)
                || (edited && is_dip(peak, peaks, reference_mhz))
            {
                PeakClass::Artifact
            } else if !carbon && is_satellite(peak, peaks, reference_mhz) {
                PeakClass::Satellite
            } else {
                PeakClass::Compound
            }
        })
        .collect();
    if carbon && !edited {
        drop_strays(peaks, &mut classes);
    }
    classes
}

fn proton_solvent(peaks: &[RawPeak], solvent: Solvent, reference_mhz: f64) -> Vec<bool> {
    const MARGIN: f64 = 0.012;
    let lines = solvent_lines::lines(solvent, &Nucleus::Proton);
    let within = |peak: &RawPeak| {
        lines
            .iter()
            .any(|line| (peak.ppm - line.ppm).abs() <= line.half_span_ppm(reference_mhz) + MARGIN)
    };
    peaks.iter().map(within).collect()
}

/// The solvent's multiplets with what stands beside them: its molecules with a hydrogen in place
/// of a deuterium, up to half a ppm downfield and far weaker. A single line of the solvent (the
/// carbonyl of acetone) moves with the sample, so that the tallest peak about it is taken for it.
fn carbon_solvent(peaks: &[RawPeak], solvent: Solvent, reference_mhz: f64) -> Vec<bool> {
    const MARGIN: f64 = 0.06;
    const RESIDUAL_REACH: f64 = 0.5;
    const RESIDUAL_SHARE: f64 = 0.08;
    const SINGLE_REACH: f64 = 0.35;
    let mut found = vec![false; peaks.len()];
    for line in solvent_lines::lines(solvent, &Nucleus::Carbon) {
        if line.lines == 1 {
            let tallest = (0..peaks.len())
                .filter(|&i| (peaks[i].ppm - line.ppm).abs() < SINGLE_REACH)
                .max_by(|&a, &b| peaks[a].height.abs().total_cmp(&peaks[b].height.abs()));
            tallest.into_iter().for_each(|index| found[index] = true);
            continue;
        }
        let reach = line.half_span_ppm(reference_mhz) + MARGIN;
        let tallest = peaks
            .iter()
            .filter(|peak| (peak.ppm - line.ppm).abs() <= reach)
            .map(|peak| peak.height.abs())
            .fold(0.0, f64::max);
        for (found, peak) in found.iter_mut().zip(peaks) {
            let off = peak.ppm - line.ppm;
            let residual = (0.0..reach + RESIDUAL_REACH).contains(&off)
                && peak.height.abs() < RESIDUAL_SHARE * tallest;
            *found |= off.abs() <= reach || residual;
        }
    }
    found
}

/// TMS and water: single lines in their places.
fn is_usual_impurity(
    peak: &RawPeak,
    peaks: &[RawPeak],
    carbon: bool,
    solvent: Option<Solvent>,
    reference_mhz: f64,
) -> bool {
    if carbon {
        return peak.ppm.abs() < 0.15;
    }
    let water = solvent.is_some_and(|solvent| {
        let place = solvent_lines::water(solvent);
        (peak.ppm - place).abs() < 0.05 && peak.width_hz < 60.0
    });
    // A line of a multiplet has neighbours of its size a coupling away.
    let alone = || {
        peaks.iter().all(|other| {
            let apart = (other.ppm - peak.ppm).abs() * reference_mhz;
            !(1.5..=16.0).contains(&apart) || !(0.15..6.0).contains(&(other.height / peak.height))
        })
    };
    peak.ppm.abs() < 0.03 || (water && alone())
}

/// The far side of a line whose phase is its own: couplings that differ from the one an editing
/// sequence was set for turn single lines.
fn is_dip(peak: &RawPeak, peaks: &[RawPeak], reference_mhz: f64) -> bool {
    peaks.iter().any(|tall| {
        let apart = (tall.ppm - peak.ppm).abs() * reference_mhz;
        let share = peak.height / tall.height;
        share < 0.0 && share > -0.25 && apart < 2.5 * tall.width_hz.max(1.0)
    })
}

/// Carbons of one compound differ in height by their hydrogens and their relaxation, some tenfold.
/// One or two lines far below all others come from something else in the tube. Carbons without
/// hydrogen relax worst where they are unsaturated: there a line counts for longer.
fn drop_strays(peaks: &[RawPeak], classes: &mut [PeakClass]) {
    const MOST_STRAYS: usize = 2;
    const LEAST_LINES: usize = 5;
    const GAP: f64 = 4.0;
    let most_share = |ppm: f64| if ppm < 66.0 { 0.06 } else { 0.03 };
    let mut order: Vec<usize> = (0..peaks.len())
        .filter(|&i| classes[i] == PeakClass::Compound && peaks[i].height > 0.0)
        .collect();
    order.sort_by(|&a, &b| peaks[a].height.total_cmp(&peaks[b].height));
    let Some(tallest) = order.last().map(|&i| peaks[i].height) else { return };
    // What is far below any compound's lines is left out by its height later on.
    order.retain(|&i| peaks[i].height > 0.015 * tallest);
    if order.len() < LEAST_LINES {
        return;
    }
    let middle = peaks[order[order.len() / 2]].height;
    for strays in (1..=MOST_STRAYS).rev() {
        let (low, next) = (peaks[order[strays - 1]].height, peaks[order[strays]].height);
        let far_below = |&i: &usize| peaks[i].height < most_share(peaks[i].ppm) * middle;
        if next > GAP * low && order[..strays].iter().all(far_below) {
            order[..strays].iter().for_each(|&i| classes[i] = PeakClass::Impurity);
            return;
        }
    }
}

/// Ripples and imperfect shim at the foot of a far taller line.
fn is_foot(peak: &RawPeak, peaks: &[RawPeak], reference_mhz: f64) -> bool {
    peaks.iter().any(|tall| {
        let apart = (tall.ppm - peak.ppm).abs() * reference_mhz;
        let share = peak.height.abs() / tall.height.abs();
        (apart < 12.0 * tall.width_hz.max(0.8) && share < 0.02)
            || (apart < 5.0 * tall.width_hz && share < 0.05)
    })
}

/// Two small lines at equal distances about a tall one: its molecules with one 13C.
fn is_satellite(peak: &RawPeak, peaks: &[RawPeak], reference_mhz: f64) -> bool {
    let is_small = |small: f64, tall: f64| (0.002..0.012).contains(&(small / tall));
    peaks.iter().any(|tall| {
        let apart = (peak.ppm - tall.ppm) * reference_mhz;
        if !(55.0..110.0).contains(&apart.abs()) || !is_small(peak.height, tall.height) {
            return false;
        }
        peaks.iter().any(|other| {
            let across = (other.ppm - tall.ppm) * reference_mhz;
            (across + apart).abs() < 3.0 && is_small(other.height, tall.height)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peak(ppm: f64, height: f64) -> RawPeak {
        RawPeak { ppm, height, width_hz: 1.5, area: height }
    }

    fn classes(peaks: &[RawPeak], edited: bool) -> Vec<PeakClass> {
        let context = ClassificationContext {
            nucleus: &Nucleus::Carbon,
            edited,
            solvent: None,
            reference_mhz: 100.6,
            carrier_ppm: 100.0,
        };
        classify(peaks, &context)
    }

    /// Six carbons of one compound, of usual heights.
    fn compound() -> Vec<RawPeak> {
        [(14.0, 6.0), (22.7, 8.0), (31.6, 10.0), (60.2, 7.0), (128.4, 9.0), (166.5, 2.0)]
            .map(|(ppm, height)| peak(ppm, height))
            .to_vec()
    }

    #[test]
    fn one_or_two_lines_far_below_all_others_are_of_something_else() {
        for strays in [vec![(40.3, 0.2)], vec![(40.3, 0.2), (45.8, 0.22)]] {
            let mut peaks = compound();
            peaks.extend(strays.iter().map(|&(ppm, height)| peak(ppm, height)));
            let found = classes(&peaks, false);
            assert!(found[..6].iter().all(|&class| class == PeakClass::Compound), "{found:?}");
            assert!(found[6..].iter().all(|&class| class == PeakClass::Impurity), "{found:?}");
        }
    }

    #[test]
    fn carbons_that_relax_badly_and_short_lists_are_left_alone() {
        // Unsaturated carbons without hydrogen count for longer.
        let mut peaks = compound();
        peaks.push(peak(139.0, 0.4));
        assert!(classes(&peaks, false).iter().all(|&class| class == PeakClass::Compound));
        // Three of a kind are no strays, and among four lines none is.
        let mut peaks = compound();
        peaks.extend([peak(40.3, 0.2), peak(41.9, 0.21), peak(45.8, 0.22)]);
        assert!(classes(&peaks, false).iter().all(|&class| class == PeakClass::Compound));
        let few = [peak(14.0, 6.0), peak(31.6, 10.0), peak(60.2, 7.0), peak(40.3, 0.2)];
        assert!(classes(&few, false).iter().all(|&class| class == PeakClass::Compound));
    }

    #[test]
    fn the_far_side_of_an_edited_line_is_no_carbon() {
        let mut peaks = compound();
        let beside = 31.6 + 3.0 / 100.6;
        peaks.push(peak(beside, -1.2));
        assert_eq!(classes(&peaks, true)[6], PeakClass::Artifact);
        // Farther off, or as tall as a methylene beside a methine, it is one.
        for (ppm, height) in [(31.6 + 6.0 / 100.6, -1.2), (beside, -4.0)] {
            peaks[6] = peak(ppm, height);
            assert_eq!(classes(&peaks, true)[6], PeakClass::Compound, "{ppm} {height}");
        }
    }
}
