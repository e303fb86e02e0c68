//! Lines of a 13C spectrum far below all others.

use super::Classed;
use crate::spectrum::peak::PeakClass;
use crate::spectrum::picking::RawPeak;

/// Carbons of one compound differ in height by their hydrogens and their relaxation, some tenfold.
/// One or two lines far below all others come from something else in the tube. Carbons without
/// hydrogen relax worst where they are unsaturated: there a line counts for longer.
pub(super) fn mark(peaks: &[RawPeak], classed: &mut [Classed]) {
    const MOST_STRAYS: usize = 2;
    const LEAST_LINES: usize = 5;
    const GAP: f64 = 4.0;
    let most_share = |ppm: f64| if ppm < 66.0 { 0.06 } else { 0.03 };
    let mut order: Vec<usize> = (0..peaks.len())
        .filter(|&i| classed[i].class == PeakClass::Compound && peaks[i].height > 0.0)
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
            order[..strays].iter().for_each(|&i| classed[i].class = PeakClass::Impurity);
            return;
        }
    }
}
