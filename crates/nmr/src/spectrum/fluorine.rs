//! Carbons split by fluorine, which carbon spectra are not decoupled from: CF3 makes a quartet
//! 1:3:3:1 of one carbon, a fluorine on a ring doublets of most of its carbons. Lines that belong
//! to one carbon become one peak that keeps the coupling. Couplings to 31P are as large as those
//! of two near carbons are apart and have no such pattern: their lines are left as they are.

use super::Splitting;
use super::picking::RawPeak;

/// Couplings of carbon to the three fluorines, over one and over two bonds, Hz.
const COUPLINGS: [(f64, f64); 2] = [(255.0, 295.0), (25.0, 42.0)];

/// Lines nearer than this belong to one carbon coupled over three or more bonds, Hz.
const LONG_RANGE: f64 = 6.0;

/// A list longer than this is no single compound's.
const MOST_PEAKS: usize = 256;

/// Couplings of an aromatic carbon to its fluorine, Hz, and where such carbons lie, ppm.
const ARYL_FLUORIDE: (f64, f64) = (235.0, 265.0);
const ARYL_PLACE: (f64, f64) = (140.0, 172.0);
/// Couplings over two and three bonds, and over four, in a ring.
const RING_COUPLINGS: [(f64, f64); 3] = [(14.0, 27.0), (5.5, 13.0), (2.2, 5.5)];
/// Shifts of ring carbons, ppm.
const RING_PLACE: (f64, f64) = (95.0, 160.0);
/// Heights and widths of a doublet's lines agree within these (logarithms).
const SAME_HEIGHT: f64 = 0.12;
const SAME_WIDTH: f64 = 0.35;
/// Doublets beside that of the carbon bound to fluorine that prove the ring: a stray pair of
/// carbons looks like one doublet, hardly like three that fit.
const LEAST_DOUBLETS: usize = 2;
/// Share of the lines where rings show theirs that pair up: a compound with many lines there has
/// pairs that fit by chance.
const LEAST_PAIRED: f64 = 0.7;

/// A peak, and the splitting that was taken together into it.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// The peak at the centre.
    pub peak: RawPeak,
    /// The splitting, where there is one.
    pub splitting: Option<Splitting>,
}

impl Joined {
    fn single(peak: RawPeak) -> Self {
        Self { peak, splitting: None }
    }
}

/// Replaces the lines of each multiplet by one peak at its centre.
pub fn join(peaks: Vec<RawPeak>, reference_mhz: f64) -> Vec<Joined> {
    if peaks.len() > MOST_PEAKS {
        return peaks.into_iter().map(Joined::single).collect();
    }
    let doublets = ring_doublets(&peaks, reference_mhz);
    if !doublets.is_empty() {
        return join_doublets(peaks, &doublets, reference_mhz);
    }
    let before = peaks.len();
    let joined = join_quartets(peaks, reference_mhz);
    if joined.len() == before { joined } else { join_close(joined, reference_mhz) }
}

/// Pairs of lines that are doublets of a fluorinated ring; none without proof of such a ring.
fn ring_doublets(peaks: &[RawPeak], reference_mhz: f64) -> Vec<[usize; 2]> {
    let pairs = |(low, high): (f64, f64), place: (f64, f64), used: &[usize]| {
        let mut pairs: Vec<(f64, [usize; 2])> = Vec::new();
        for first in 0..peaks.len() {
            for second in first + 1..peaks.len() {
                let (a, b) = (&peaks[first], &peaks[second]);
                let coupling = (b.ppm - a.ppm) * reference_mhz;
                if coupling > high {
                    break;
                }
                let centre = f64::midpoint(a.ppm, b.ppm);
                let unlike = unlikeness(a, b);
                let free = !used.contains(&first) && !used.contains(&second);
                if coupling >= low && place.0 < centre && centre < place.1 && free {
                    pairs.extend(unlike.map(|unlike| (unlike, [first, second])));
                }
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        pairs.into_iter().map(|(_, pair)| pair).collect::<Vec<_>>()
    };
    let mut best: Vec<[usize; 2]> = Vec::new();
    for bound in pairs(ARYL_FLUORIDE, ARYL_PLACE, &[]) {
        let mut found = vec![bound];
        let mut used = bound.to_vec();
        // Close pairs first: they are the least likely to be two carbons.
        for range in RING_COUPLINGS.into_iter().rev() {
            for pair in pairs(range, RING_PLACE, &used) {
                if !used.contains(&pair[0]) && !used.contains(&pair[1]) {
                    used.extend(pair);
                    found.push(pair);
                }
            }
        }
        if found.len() > best.len() {
            best = found;
        }
    }
    let in_place = |peak: &&RawPeak| (RING_PLACE.0..ARYL_PLACE.1).contains(&peak.ppm);
    let of_rings = peaks.iter().filter(in_place).count();
    let paired = 2.0 * best.len() as f64 >= LEAST_PAIRED * of_rings as f64;
    if best.len() > LEAST_DOUBLETS && paired { best } else { Vec::new() }
}

/// How far two lines are from being a doublet's; `None` where they cannot be one's.
fn unlikeness(a: &RawPeak, b: &RawPeak) -> Option<f64> {
    if a.height * b.height <= 0.0 {
        return None;
    }
    let height = (a.height / b.height).ln().abs();
    let width = (a.width_hz / b.width_hz).ln().abs();
    (height < SAME_HEIGHT && width < SAME_WIDTH).then_some(height + 0.3 * width)
}

fn join_doublets(peaks: Vec<RawPeak>, doublets: &[[usize; 2]], reference_mhz: f64) -> Vec<Joined> {
    let mut joined: Vec<Joined> = peaks
        .iter()
        .enumerate()
        .filter(|(index, _)| !doublets.iter().any(|pair| pair.contains(index)))
        .map(|(_, peak)| Joined::single(*peak))
        .collect();
    joined.extend(doublets.iter().map(|&[first, second]| {
        let lines = [peaks[first], peaks[second]];
        let coupling_hz = (lines[1].ppm - lines[0].ppm) * reference_mhz;
        Joined { peak: together(&lines), splitting: Some(by_fluorine(2, coupling_hz)) }
    }));
    joined.sort_by(|a, b| a.peak.ppm.total_cmp(&b.peak.ppm));
    joined
}

fn by_fluorine(lines: u8, coupling_hz: f64) -> Splitting {
    Splitting { by: "19F".to_owned(), lines, coupling_hz }
}

/// One peak at the centre of gravity, as high as all lines together.
fn together(lines: &[RawPeak]) -> RawPeak {
    let area: f64 = lines.iter().map(|line| line.area).sum();
    RawPeak {
        ppm: lines.iter().map(|line| line.ppm * line.area).sum::<f64>() / area,
        height: lines.iter().map(|line| line.height).sum(),
        width_hz: lines.iter().map(|line| line.width_hz).sum::<f64>() / lines.len() as f64,
        area,
    }
}

/// Joins neighbours a small coupling apart; what is already joined stays.
fn join_close(peaks: Vec<Joined>, reference_mhz: f64) -> Vec<Joined> {
    peaks
        .chunk_by(|a, b| {
            let close = (b.peak.ppm - a.peak.ppm) * reference_mhz < LONG_RANGE;
            let alike_signed = a.peak.height * b.peak.height > 0.0;
            close && alike_signed && a.splitting.is_none() && b.splitting.is_none()
        })
        .map(|lines| match lines {
            [one] => one.clone(),
            lines => {
                let raw: Vec<RawPeak> = lines.iter().map(|line| line.peak).collect();
                let span = (raw[raw.len() - 1].ppm - raw[0].ppm) * reference_mhz;
                let count = u8::try_from(lines.len()).unwrap_or(u8::MAX);
                let coupling_hz = span / f64::from(count - 1);
                Joined { peak: together(&raw), splitting: Some(by_fluorine(count, coupling_hz)) }
            }
        })
        .collect()
}

fn join_quartets(peaks: Vec<RawPeak>, reference_mhz: f64) -> Vec<Joined> {
    let mut rest = peaks;
    let mut joined = Vec::new();
    let mut start = 0;
    while start < rest.len() {
        match quartet(&rest, start, reference_mhz) {
            Some(lines) => {
                let coupling_hz = (rest[lines[2]].ppm - rest[lines[1]].ppm) * reference_mhz;
                joined.push(Joined {
                    peak: one_peak(&rest, &lines),
                    splitting: Some(by_fluorine(4, coupling_hz)),
                });
                let mut index = 0;
                rest.retain(|_| {
                    index += 1;
                    !lines.contains(&(index - 1))
                });
                start = 0;
            }
            None => start += 1,
        }
    }
    joined.extend(rest.into_iter().map(Joined::single));
    joined.sort_by(|a, b| a.peak.ppm.total_cmp(&b.peak.ppm));
    joined
}

/// Indices of the four lines, `inner` being the second.
fn quartet(peaks: &[RawPeak], inner: usize, reference_mhz: f64) -> Option<[usize; 4]> {
    let first = &peaks[inner];
    let hz = |a: &RawPeak, b: &RawPeak| (b.ppm - a.ppm) * reference_mhz;
    for (low, high) in COUPLINGS {
        for second in inner + 1..peaks.len() {
            let coupling = hz(first, &peaks[second]);
            if coupling > high {
                break;
            }
            let alike = (peaks[second].height / first.height).ln().abs() < 0.35;
            if coupling < low || !alike {
                continue;
            }
            let outer = |from: usize, direction: f64| {
                let place = peaks[from].ppm + direction * coupling / reference_mhz;
                let tolerance = 1.5f64.max(0.4 * first.width_hz) / reference_mhz;
                (0..peaks.len()).find(|&i| {
                    let share = peaks[i].height / first.height;
                    (peaks[i].ppm - place).abs() < tolerance && (0.15..0.62).contains(&share)
                })
            };
            let (below, above) = (outer(inner, -1.0), outer(second, 1.0));
            if let (Some(below), Some(above)) = (below, above) {
                return Some([below, inner, second, above]);
            }
        }
    }
    None
}

fn one_peak(peaks: &[RawPeak], lines: &[usize; 4]) -> RawPeak {
    let lines = lines.map(|index| peaks[index]);
    RawPeak {
        ppm: f64::midpoint(lines[1].ppm, lines[2].ppm),
        height: lines.iter().map(|line| line.height).sum(),
        width_hz: f64::midpoint(lines[1].width_hz, lines[2].width_hz),
        area: lines.iter().map(|line| line.area).sum(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn peak(ppm: f64, height: f64) -> RawPeak {
        RawPeak { ppm, height, width_hz: 2.0, area: height * 2.0 }
    }

    #[test]
    fn a_quartet_becomes_its_centre_and_others_stay() {
        let at = |k: f64| 123.4 + k * 272.4 / 125.76;
        let mut peaks = vec![
            peak(111.5, 9.0),
            peak(at(-1.5), 1.1),
            peak(at(-0.5), 3.0),
            peak(at(0.5), 3.1),
            peak(at(1.5), 0.9),
            peak(140.0, 5.0),
        ];
        peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        let joined = join(peaks, 125.76);
        assert_eq!(joined.len(), 3);
        let quartet = &joined[1];
        assert!((quartet.peak.ppm - 123.4).abs() < 0.01);
        assert!((quartet.peak.height - 8.1).abs() < 1e-9);
        let splitting = quartet.splitting.as_ref().unwrap();
        assert_eq!((splitting.by.as_str(), splitting.lines), ("19F", 4));
        assert!((splitting.coupling_hz - 272.4).abs() < 0.1);
    }

    #[test]
    fn two_lines_a_coupling_apart_are_two_carbons() {
        let peaks = vec![peak(30.0, 3.0), peak(30.0 + 33.0 / 125.76, 3.0)];
        let joined = join(peaks.clone(), 125.76);
        assert!(joined.iter().all(|joined| joined.splitting.is_none()));
        assert_eq!(joined.iter().map(|joined| joined.peak).collect::<Vec<_>>(), peaks);
    }

    fn doublet(ppm: f64, coupling: f64, height: f64) -> [RawPeak; 2] {
        let half = coupling / 125.76 / 2.0;
        [peak(ppm - half, height), peak(ppm + half, 1.03 * height)]
    }

    #[test]
    fn the_doublets_of_a_fluorinated_ring_keep_their_couplings() {
        let mut peaks: Vec<RawPeak> = [
            doublet(161.6, 244.0, 2.0),
            doublet(127.1, 8.0, 10.0),
            doublet(115.0, 21.0, 9.5),
            doublet(143.5, 3.2, 2.1),
        ]
        .concat();
        peaks.extend([peak(50.5, 5.0), peak(25.8, 5.2)]);
        peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        let couplings: Vec<_> = join(peaks, 125.76)
            .iter()
            .map(|joined| joined.splitting.as_ref().map(|s| s.coupling_hz.round() as i32))
            .collect();
        assert_eq!(couplings, [None, None, Some(21), Some(8), Some(3), Some(244)]);
    }

    #[test]
    fn pairs_among_many_lines_are_chance() {
        let mut peaks: Vec<RawPeak> =
            [doublet(157.0, 244.0, 9.8), doublet(127.1, 8.0, 10.0), doublet(115.0, 21.0, 9.5)]
                .concat();
        peaks.extend((0..8).map(|i| peak(96.3 + 2.3 * f64::from(i), 5.0 + f64::from(i))));
        peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        assert_eq!(join(peaks, 125.76).len(), 14);
    }

    #[test]
    fn doublets_without_a_carbon_bound_to_fluorine_are_carbons() {
        let mut peaks: Vec<RawPeak> =
            [doublet(127.1, 8.0, 10.0), doublet(115.0, 21.0, 9.5), doublet(143.5, 3.2, 2.1)]
                .concat();
        peaks.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
        assert_eq!(join(peaks, 125.76).len(), 6);
    }
}
