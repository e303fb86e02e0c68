//! Pairs of small lines on both sides of strong ones: spinning sidebands, which stand at the same
//! distance about every line, and in 13C the satellites of molecules with two 13C side by side,
//! whose distance is half a coupling and differs from carbon to carbon.

use super::PeakClass;
use super::picking::RawPeak;

/// Spinning rates, Hz.
const RATES: std::ops::RangeInclusive<f64> = 10.0..=60.0;
/// Sidebands of higher order are looked for up to this multiple of the rate.
const MOST_ORDERS: u32 = 2;
/// Share of the line a sideband has at most.
const MOST_SHARE: f64 = 0.06;
/// Distances about different lines agree within this, Hz.
const SAME_RATE: f64 = 0.5;
/// Lines with sidebands at one rate that prove the rate.
const LEAST_HOSTS: usize = 3;
/// Half of a one-bond coupling between carbons, Hz, and the share such a satellite has.
const HALF_COUPLING: std::ops::RangeInclusive<f64> = 14.0..=45.0;
const SATELLITE_SHARE: std::ops::RangeInclusive<f64> = 0.003..=0.015;

/// A small line on either side of a strong one.
struct Pair {
    host: usize,
    lines: [usize; 2],
    apart_hz: f64,
    share: f64,
}

/// Class of each peak that belongs to such a pair.
pub fn find(peaks: &[RawPeak], carbon: bool, reference_mhz: f64) -> Vec<Option<PeakClass>> {
    let mut classes = vec![None; peaks.len()];
    let pairs = pairs(peaks, reference_mhz);
    if let Some(rate) = spinning_rate(&pairs) {
        for pair in pairs.iter().filter(|pair| order(pair.apart_hz, rate).is_some()) {
            pair.lines.iter().for_each(|&line| classes[line] = Some(PeakClass::Sideband));
        }
    }
    if carbon {
        for pair in pairs {
            let bonded = HALF_COUPLING.contains(&pair.apart_hz);
            if bonded && SATELLITE_SHARE.contains(&pair.share) {
                pair.lines
                    .iter()
                    .for_each(|&line| classes[line] = classes[line].or(Some(PeakClass::Satellite)));
            }
        }
    }
    classes
}

/// Every pair of nearly equal small lines at equal distances from a line far taller.
fn pairs(peaks: &[RawPeak], reference_mhz: f64) -> Vec<Pair> {
    let reach = RATES.end() * f64::from(MOST_ORDERS) / reference_mhz;
    let mut pairs = Vec::new();
    for (host, line) in peaks.iter().enumerate() {
        let small = |peak: &RawPeak| {
            let share = peak.height / line.height;
            share > 0.0 && share <= MOST_SHARE
        };
        let first = peaks.partition_point(|peak| peak.ppm < line.ppm - reach);
        for low in first..host {
            let apart = line.ppm - peaks[low].ppm;
            if !small(&peaks[low]) || apart * reference_mhz < *RATES.start() {
                continue;
            }
            let tolerance = 1.5f64.max(0.5 * peaks[low].width_hz) / reference_mhz;
            let mirrored = peaks[host..].iter().enumerate().find(|(_, peak)| {
                (peak.ppm - line.ppm - apart).abs() < tolerance
                    && small(peak)
                    && (peak.height / peaks[low].height).ln().abs() < 0.6
            });
            if let Some((offset, high)) = mirrored {
                pairs.push(Pair {
                    host,
                    lines: [low, host + offset],
                    apart_hz: (high.ppm - peaks[low].ppm) / 2.0 * reference_mhz,
                    share: f64::midpoint(high.height, peaks[low].height) / line.height,
                });
            }
        }
    }
    pairs
}

/// The rate at which most lines have sidebands, if enough of them do.
fn spinning_rate(pairs: &[Pair]) -> Option<f64> {
    let hosts = |rate: f64| {
        let mut hosts: Vec<usize> = pairs
            .iter()
            .filter(|pair| order(pair.apart_hz, rate).is_some())
            .map(|pair| pair.host)
            .collect();
        hosts.dedup();
        hosts.len()
    };
    pairs
        .iter()
        .map(|pair| pair.apart_hz)
        .filter(|rate| RATES.contains(rate))
        .map(|rate| (hosts(rate), rate))
        .filter(|(hosts, _)| *hosts >= LEAST_HOSTS)
        .max_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)))
        .map(|(_, rate)| rate)
}

/// Which multiple of the rate a distance is.
fn order(apart_hz: f64, rate: f64) -> Option<u32> {
    (1..=MOST_ORDERS).find(|&order| (apart_hz - f64::from(order) * rate).abs() < SAME_RATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MHZ: f64 = 100.0;

    fn spectrum(lines: &[(f64, f64)]) -> Vec<RawPeak> {
        let mut peaks: Vec<RawPeak> = lines
            .iter()
            .map(|&(hz, height)| RawPeak { ppm: hz / MHZ, height, width_hz: 1.5, area: height })
            .collect();
        peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        peaks
    }

    fn with_pairs(distances: [f64; 3], share: f64) -> Vec<RawPeak> {
        let hosts = [(2000.0, 100.0), (5000.0, 80.0), (9000.0, 90.0)];
        let lines: Vec<(f64, f64)> = hosts
            .iter()
            .zip(distances)
            .flat_map(|(&(hz, height), apart)| {
                [(hz - apart, share * height), (hz, height), (hz + apart, share * height)]
            })
            .collect();
        spectrum(&lines)
    }

    fn count(peaks: &[RawPeak], carbon: bool, class: PeakClass) -> usize {
        find(peaks, carbon, MHZ).iter().filter(|found| **found == Some(class)).count()
    }

    #[test]
    fn one_distance_about_every_line_is_the_rate_of_spinning() {
        let peaks = with_pairs([20.0, 20.1, 19.9], 0.02);
        assert_eq!(count(&peaks, true, PeakClass::Sideband), 6);
    }

    #[test]
    fn distances_of_their_own_are_couplings_between_carbons() {
        let peaks = with_pairs([17.0, 28.0, 20.5], 0.006);
        assert_eq!(count(&peaks, true, PeakClass::Satellite), 6);
        assert_eq!(count(&peaks, true, PeakClass::Sideband), 0);
        assert_eq!(count(&peaks, false, PeakClass::Satellite), 0);
    }

    #[test]
    fn unequal_or_lonely_neighbours_are_lines_of_their_own() {
        let peaks = spectrum(&[(980.0, 5.0), (1000.0, 100.0), (1020.0, 1.0), (1060.0, 4.0)]);
        assert!(find(&peaks, true, MHZ).iter().all(Option::is_none));
    }
}
