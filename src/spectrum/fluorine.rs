//! Carbons split by a CF3 group: a quartet 1:3:3:1 that stands for one carbon. Where there is
//! such a group, carbons farther from it are split by a few Hz as well.

use super::picking::RawPeak;

/// Couplings of carbon to the three fluorines, over one and over two bonds, Hz.
const COUPLINGS: [(f64, f64); 2] = [(255.0, 295.0), (25.0, 42.0)];

/// Lines nearer than this belong to one carbon coupled over three or more bonds, Hz.
const LONG_RANGE: f64 = 6.0;

/// A list longer than this is no single compound's.
const MOST_PEAKS: usize = 256;

/// Replaces the lines of each multiplet by one peak at its centre.
pub fn join(peaks: Vec<RawPeak>, reference_mhz: f64) -> Vec<RawPeak> {
    let before = peaks.len();
    if before > MOST_PEAKS {
        return peaks;
    }
    let joined = join_quartets(peaks, reference_mhz);
    if joined.len() == before { joined } else { join_close(&joined, reference_mhz) }
}

/// Joins neighbours a small coupling apart.
fn join_close(peaks: &[RawPeak], reference_mhz: f64) -> Vec<RawPeak> {
    peaks
        .chunk_by(|a, b| (b.ppm - a.ppm) * reference_mhz < LONG_RANGE)
        .map(|lines| {
            let area: f64 = lines.iter().map(|line| line.area).sum();
            let centre = lines.iter().map(|line| line.ppm * line.area).sum::<f64>() / area;
            RawPeak {
                ppm: centre,
                height: lines.iter().map(|line| line.height).sum(),
                width_hz: lines.iter().map(|line| line.width_hz).sum::<f64>() / lines.len() as f64,
                area,
            }
        })
        .collect()
}

fn join_quartets(peaks: Vec<RawPeak>, reference_mhz: f64) -> Vec<RawPeak> {
    let mut joined = peaks;
    let mut start = 0;
    while start < joined.len() {
        match quartet(&joined, start, reference_mhz) {
            Some(lines) => {
                let centre = one_peak(&joined, &lines);
                let mut index = 0;
                joined.retain(|_| {
                    index += 1;
                    !lines.contains(&(index - 1))
                });
                let at = joined.partition_point(|peak| peak.ppm < centre.ppm);
                joined.insert(at, centre);
                start = 0;
            }
            None => start += 1,
        }
    }
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
        assert!((joined[1].ppm - 123.4).abs() < 0.01 && (joined[1].height - 8.1).abs() < 1e-9);
    }

    #[test]
    fn two_lines_a_coupling_apart_are_two_carbons() {
        let peaks = vec![peak(30.0, 3.0), peak(30.0 + 33.0 / 125.76, 3.0)];
        assert_eq!(join(peaks.clone(), 125.76), peaks);
    }
}
