//! Lines that stand together.

use std::ops::Range;

use crate::spectrum::picking::RawPeak;

/// Runs of lines no farther from each other than `gap_hz`.
pub(in crate::spectrum::classification) fn signals(
    peaks: &[RawPeak],
    gap_hz: f64,
    reference_mhz: f64,
) -> Vec<Range<usize>> {
    let mut signals: Vec<Range<usize>> = Vec::new();
    for (place, peak) in peaks.iter().enumerate() {
        match signals.last_mut() {
            Some(last) if (peak.ppm - peaks[place - 1].ppm) * reference_mhz <= gap_hz => {
                last.end = place + 1;
            }
            _ => signals.push(place..place + 1),
        }
    }
    signals
}
