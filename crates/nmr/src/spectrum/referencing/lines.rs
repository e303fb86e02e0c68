//! Picked lines, looked up by place.

use crate::spectrum::picking::RawPeak;

/// Lines in ascending order of shift.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'a> {
    pub peaks: &'a [RawPeak],
    /// Height of the tallest.
    pub tallest: f64,
    /// Width in the middle of all, or of the lines of note where that is larger: noise that was
    /// picked is narrow. Hz.
    pub usual_width_hz: f64,
    /// Width that one in four of the lines of note does not reach, Hz.
    pub narrow_width_hz: f64,
}

impl<'a> Lines<'a> {
    pub fn new(peaks: &'a [RawPeak]) -> Self {
        let tallest = peaks.iter().map(|peak| peak.height.abs()).fold(0.0, f64::max);
        let of_note = |peak: &&RawPeak| peak.height.abs() > 0.01 * tallest;
        Self {
            peaks,
            tallest,
            usual_width_hz: width_at(peaks.iter(), 0.5)
                .max(width_at(peaks.iter().filter(of_note), 0.5)),
            narrow_width_hz: width_at(peaks.iter().filter(of_note), 0.25),
        }
    }

    /// Lines from `low` to `high`, ppm.
    pub fn between(&self, low: f64, high: f64) -> &'a [RawPeak] {
        let first = self.peaks.partition_point(|peak| peak.ppm < low);
        let last = self.peaks.partition_point(|peak| peak.ppm <= high);
        self.peaks.get(first..last).unwrap_or_default()
    }

    /// Lines within `reach` of a place, ppm.
    pub fn about(&self, ppm: f64, reach: f64) -> &'a [RawPeak] {
        self.between(ppm - reach, ppm + reach)
    }

    /// Lines per ppm about a line that are not far below it, itself not counted.
    pub fn density(&self, line: &RawPeak, reach: f64) -> f64 {
        let least = 0.3 * line.height.abs();
        let near = self.about(line.ppm, reach);
        let count = near.iter().filter(|peak| peak.height.abs() >= least).count();
        count.saturating_sub(1) as f64 / (2.0 * reach)
    }

    /// The same for a line whose tips, split by an imperfect shim, are one: those within `one_hz`
    /// are not counted.
    pub fn density_beyond(&self, line: &RawPeak, one_hz: f64, reach: f64, mhz: f64) -> f64 {
        let least = 0.3 * line.height.abs();
        let near = self.about(line.ppm, reach).iter();
        let other = |peak: &&RawPeak| (peak.ppm - line.ppm).abs() * mhz > one_hz;
        let count = near.filter(other).filter(|peak| peak.height.abs() >= least).count();
        count as f64 / (2.0 * reach)
    }

    /// The same for a line that stands alone: others that do.
    pub fn density_alone(&self, line: &RawPeak, reach: f64, mhz: f64) -> f64 {
        let least = 0.3 * line.height.abs();
        let near = self.about(line.ppm, reach);
        let count = near
            .iter()
            .filter(|peak| peak.height.abs() >= least && self.is_alone(peak, 1.0, 20.0, mhz))
            .count();
        count.saturating_sub(1) as f64 / (2.0 * reach)
    }

    /// Whether a line stands alone: nothing of note from `span_hz` to `reach_hz` beside it.
    pub fn is_alone(&self, line: &RawPeak, span_hz: f64, reach_hz: f64, mhz: f64) -> bool {
        self.about(line.ppm, reach_hz / mhz).iter().all(|other| {
            (other.ppm - line.ppm).abs() < span_hz / mhz || other.height < 0.6 * line.height
        })
    }

    /// Height of a line over that of the tallest about it.
    pub fn prominence(&self, line: &RawPeak, reach: f64) -> f64 {
        let near = self.about(line.ppm, reach).iter().map(|peak| peak.height.abs());
        line.height.abs() / near.fold(f64::MIN_POSITIVE, f64::max)
    }
}

/// The width that a share of the lines does not reach, Hz.
fn width_at<'a>(peaks: impl Iterator<Item = &'a RawPeak>, share: f64) -> f64 {
    let mut widths: Vec<f64> = peaks.map(|peak| peak.width_hz).collect();
    if widths.is_empty() {
        return 1.0;
    }
    let place = ((widths.len() - 1) as f64 * share) as usize;
    *widths.select_nth_unstable_by(place, f64::total_cmp).1
}
