//! First-order splitting: each group of n equal neighbours splits every line into n + 1 with
//! binomial heights, one coupling constant apart.

use super::{ProtonSignal, Stick};

/// Lines closer than this are one, Hz.
const APART_HZ: f64 = 0.02;
/// With more lines than this, closer ones are joined until it holds.
const MOST_LINES: usize = 256;
/// More equal neighbours than any proton has.
const MOST_NEIGHBOURS: u8 = 12;

/// The lines of a signal on a spectrometer of so many MHz (of 1H).
#[must_use]
pub fn first_order(signal: &ProtonSignal, mhz: f64) -> Vec<Stick> {
    let mut lines = vec![(0.0, signal.protons)];
    for coupling in &signal.couplings {
        let neighbours = coupling.neighbours.min(MOST_NEIGHBOURS);
        let pattern = binomial(neighbours);
        let first = -0.5 * f64::from(neighbours) * coupling.hertz;
        lines = lines
            .iter()
            .flat_map(|&(at, area)| {
                let mut offset = at + first;
                pattern.iter().map(move |share| {
                    let line = (offset, area * share);
                    offset += coupling.hertz;
                    line
                })
            })
            .collect();
        join(&mut lines, APART_HZ);
        let mut apart = APART_HZ;
        while lines.len() > MOST_LINES {
            apart *= 2.0;
            join(&mut lines, apart);
        }
    }
    let stick =
        |(hertz, area)| Stick { ppm: signal.ppm + hertz / mhz, area, width_hz: signal.width_hz };
    lines.into_iter().map(stick).collect()
}

/// Shares of the n + 1 lines.
fn binomial(n: u8) -> Vec<f64> {
    let mut row = Vec::with_capacity(usize::from(n) + 1);
    let mut share = 0.5_f64.powi(i32::from(n));
    for k in 0..=n {
        row.push(share);
        share *= f64::from(n - k) / f64::from(k + 1);
    }
    row
}

/// Joins neighbours that lie closer than `apart`, at their common centre.
fn join(lines: &mut Vec<(f64, f64)>, apart: f64) {
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    lines.dedup_by(|next, kept| {
        let close = next.0 - kept.0 < apart;
        if close {
            let area = next.1 + kept.1;
            if area > 0.0 {
                kept.0 = (next.0 * next.1 + kept.0 * kept.1) / area;
            }
            kept.1 = area;
        }
        close
    });
}
