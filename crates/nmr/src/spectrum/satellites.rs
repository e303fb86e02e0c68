//! Small companions of tall 1H lines: 13C satellites and spinning sidebands; and solvent or water
//! lines that are the compound's after all.

use super::peak::{Peak, PeakClass};

/// Half the coupling to 13C over one bond, Hz.
const SATELLITE_HZ: std::ops::Range<f64> = 55.0..112.0;
/// One in 180 molecules has its 13C there; half of it stands on each side.
const SATELLITE_SHARE: std::ops::Range<f64> = 0.0030..0.0090;
/// 13C moves the hydrogen's own frequency by little, ppm; the centre of a pair lies within.
const ISOTOPE_SHIFT: f64 = 0.006;
/// Sample tubes are spun at some ten turns a second.
const SPINNING_HZ: std::ops::Range<f64> = 10.0..42.0;
/// Sidebands are at most this share of their line.
const SIDEBAND_SHARE: f64 = 0.03;
/// Both companions have the same area within this factor.
const ALIKE: f64 = 1.7;

/// Classes the compound's peaks that are pairs about a far taller line.
pub fn mark(peaks: &mut [Peak], frequency_mhz: f64) {
    let satellites =
        pairs(peaks, frequency_mhz, &SATELLITE_HZ, |share| SATELLITE_SHARE.contains(&share));
    // Sidebands stand at the same distance about every line: about two at least.
    let bands = pairs(peaks, frequency_mhz, &SPINNING_HZ, |share| share < SIDEBAND_SHARE);
    let told_twice = |pair: &Pair| {
        bands.iter().any(|other| {
            other.tall != pair.tall && (other.distance_hz - pair.distance_hz).abs() < 0.5
        })
    };
    let sidebands: Vec<Pair> = bands.iter().copied().filter(told_twice).collect();
    for (pairs, class) in [(satellites, PeakClass::Satellite), (sidebands, PeakClass::Sideband)] {
        for place in pairs.iter().flat_map(|pair| pair.companions) {
            if peaks[place].class == PeakClass::Compound {
                peaks[place].class = class;
            }
        }
    }
}

/// Two companions at equal distances about a tall line.
#[derive(Debug, Clone, Copy)]
struct Pair {
    tall: usize,
    companions: [usize; 2],
    distance_hz: f64,
}

fn pairs(
    peaks: &[Peak],
    frequency_mhz: f64,
    distances: &std::ops::Range<f64>,
    is_share: impl Fn(f64) -> bool,
) -> Vec<Pair> {
    let within = |from: f64, to: f64| {
        let start = peaks.partition_point(|peak| peak.ppm < from);
        let end = peaks.partition_point(|peak| peak.ppm <= to);
        start..end.max(start)
    };
    let mut found = Vec::new();
    for (tall, line) in peaks.iter().enumerate() {
        let small = |place: usize| {
            let peak = &peaks[place];
            let narrow = peak.width_hz < 3.0 * line.width_hz;
            narrow && peak.area > 0.0 && is_share(peak.area / line.area)
        };
        let (nearest, furthest) = (distances.start / frequency_mhz, distances.end / frequency_mhz);
        for left in within(line.ppm - furthest, line.ppm - nearest).filter(|&k| small(k)) {
            let across = 2.0 * line.ppm - peaks[left].ppm;
            let tolerance =
                if distances.start < 50.0 { 0.6 / frequency_mhz } else { ISOTOPE_SHIFT };
            let alike = |k: &usize| {
                let ratio = peaks[*k].area / peaks[left].area;
                small(*k) && (1.0 / ALIKE..ALIKE).contains(&ratio)
            };
            let right = within(across - tolerance, across + tolerance).find(alike);
            if let Some(right) = right {
                let distance_hz = (peaks[right].ppm - peaks[left].ppm) / 2.0 * frequency_mhz;
                found.push(Pair { tall, companions: [left, right], distance_hz });
            }
        }
    }
    found
}

/// A solvent with one line, or water, has one line: others within the margin of its place that
/// are not far smaller are the compound's.
pub fn reclaim(peaks: &mut [Peak], single_solvent: Option<f64>, water: Option<f64>) {
    for (class, place) in [(PeakClass::Solvent, single_solvent), (PeakClass::Impurity, water)] {
        let Some(place) = place else { continue };
        let near: Vec<usize> = (0..peaks.len())
            .filter(|&k| peaks[k].class == class && (peaks[k].ppm - place).abs() < 0.06)
            .collect();
        let tallest = near.iter().map(|&k| peaks[k].intensity).fold(0.0, f64::max);
        let weighty: Vec<usize> =
            near.into_iter().filter(|&k| peaks[k].intensity > 0.15 * tallest).collect();
        let own = match class {
            // The solvent's place is known well.
            PeakClass::Solvent => weighty.iter().copied().min_by(|&a, &b| {
                let off = |k: usize| (peaks[k].ppm - place).abs();
                off(a).total_cmp(&off(b))
            }),
            // Water's is not: among lines of a height there is no telling.
            _ => weighty.first().copied().filter(|_| weighty.len() == 1),
        };
        for k in weighty {
            if Some(k) != own {
                peaks[k].class = PeakClass::Compound;
                peaks[k].substance = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peak(hz: f64, area: f64) -> Peak {
        Peak {
            ppm: hz / 500.0,
            intensity: area,
            width_hz: 1.0,
            area,
            signal_to_noise: 1000.0 * area,
            class: PeakClass::Compound,
            multiplicity: None,
            errors: None,
            splitting: None,
            substance: None,
        }
    }

    fn classes(peaks: &[Peak]) -> Vec<PeakClass> {
        peaks.iter().map(|peak| peak.class).collect()
    }

    #[test]
    fn a_pair_of_the_right_height_is_satellites() {
        use PeakClass::{Compound, Satellite};
        let mut peaks =
            [peak(1828.0, 0.0055), peak(1860.0, 0.0055), peak(1900.0, 1.0), peak(1972.5, 0.0056)];
        mark(&mut peaks, 500.0);
        assert_eq!(classes(&peaks), [Satellite, Compound, Compound, Satellite]);
    }

    #[test]
    fn sidebands_are_told_by_two_lines() {
        use PeakClass::{Compound, Sideband};
        let about = |hz: f64, height: f64| {
            [peak(hz - 20.0, 0.01 * height), peak(hz, height), peak(hz + 20.1, 0.01 * height)]
        };
        let mut one = about(1000.0, 1.0);
        mark(&mut one, 500.0);
        assert_eq!(classes(&one), [Compound; 3]);
        let mut two = [about(1000.0, 1.0), about(2000.0, 0.6)].concat();
        mark(&mut two, 500.0);
        let pair = [Sideband, Compound, Sideband];
        assert_eq!(classes(&two), [pair, pair].concat());
    }

    #[test]
    fn of_several_lines_at_the_solvents_place_one_is_its() {
        use PeakClass::{Compound, Solvent};
        let mut peaks = [peak(3622.0, 0.5), peak(3630.0, 1.0), peak(3636.0, 0.4)];
        peaks.iter_mut().for_each(|peak| peak.class = Solvent);
        reclaim(&mut peaks, Some(7.26), None);
        assert_eq!(classes(&peaks), [Compound, Solvent, Compound]);
    }
}
