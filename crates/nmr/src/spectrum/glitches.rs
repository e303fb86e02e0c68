//! What the receiver adds of its own: a spike at the carrier, and mirror images of strong lines
//! where its two channels are not quite alike.

use super::picking::RawPeak;

/// A spike stands this near the carrier, Hz...
const CENTRE_REACH: f64 = 1.5;
/// ...and is this much narrower than the spectrum's lines.
const SPIKE_WIDTH: f64 = 0.6;
/// Share of its line an image has at most.
const MOST_IMAGE: f64 = 0.03;

/// Tells of each peak whether the receiver made it.
pub fn find(peaks: &[RawPeak], carrier_ppm: f64, reference_mhz: f64) -> Vec<bool> {
    let usual = usual_width(peaks);
    peaks
        .iter()
        .map(|peak| {
            let off_centre = (peak.ppm - carrier_ppm).abs() * reference_mhz;
            let spike = off_centre < CENTRE_REACH && peak.width_hz < SPIKE_WIDTH * usual;
            spike || is_image(peak, peaks, carrier_ppm, reference_mhz)
        })
        .collect()
}

/// An image mirrors place and width of a line far taller.
fn is_image(peak: &RawPeak, peaks: &[RawPeak], carrier_ppm: f64, reference_mhz: f64) -> bool {
    let mirrored = 2.0 * carrier_ppm - peak.ppm;
    let tolerance = (0.6 * peak.width_hz).clamp(0.5, 1.5) / reference_mhz;
    peaks.iter().any(|tall| {
        (tall.ppm - mirrored).abs() < tolerance
            && peak.height.abs() < MOST_IMAGE * tall.height.abs()
            && (peak.width_hz / tall.width_hz).ln().abs() < 0.5
    })
}

fn usual_width(peaks: &[RawPeak]) -> f64 {
    let mut widths: Vec<f64> = peaks.iter().map(|peak| peak.width_hz).collect();
    let middle = widths.len() / 2;
    if widths.is_empty() {
        return 0.0;
    }
    *widths.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peak(ppm: f64, height: f64, width_hz: f64) -> RawPeak {
        RawPeak { ppm, height, width_hz, area: height }
    }

    #[test]
    fn spike_and_image_are_known_and_lines_are_not() {
        let peaks = [
            peak(20.0, 100.0, 2.0),
            peak(60.0, 40.0, 2.0),
            peak(100.0, 5.0, 0.7),
            // 0.4 Hz beside where the line at 20 ppm is mirrored; 3 % of that at 60 ppm is less.
            peak(140.0, 3.0, 1.9),
            peak(180.004, 1.5, 2.1),
        ];
        assert_eq!(find(&peaks, 100.0, 100.0), [false, false, true, false, true]);
        // A broad line at the carrier is a line.
        assert!(!find(&[peak(100.0, 5.0, 2.0)], 100.0, 100.0)[0]);
    }
}
