//! Splitting: each group of n equal neighbours splits every line into n + 1, one coupling constant
//! apart, with binomial heights.
//!
//! Where the shift of the neighbours is known, lines lean towards them as those of two coupled spins
//! do (AB): with the neighbour d hertz away and D = sqrt(d^2 + J^2), the inner line is
//! (1 + J/D) / (1 - J/D) times as high as the outer one, and both stand (D - d) / 2 farther from the
//! neighbour. More neighbours are taken one after the other. Equal shifts leave a single line.

use super::{ProtonSignal, Stick};

/// Lines closer than this are one, Hz.
const APART_HZ: f64 = 0.02;
/// With more lines than this, closer ones are joined until it holds.
const MOST_LINES: usize = 256;
/// More equal neighbours than any proton has.
const MOST_NEIGHBOURS: u8 = 12;

/// The lines of a signal on a spectrometer of so many MHz (of 1H).
#[must_use]
pub fn split(signal: &ProtonSignal, mhz: f64) -> Vec<Stick> {
    let mut lines = vec![(0.0, signal.protons)];
    for coupling in &signal.couplings {
        let neighbours = coupling.neighbours.min(MOST_NEIGHBOURS);
        let away = coupling.partner_ppm.map(|partner| (partner - signal.ppm) * mhz);
        let (lean, pushed) = away.map_or((0.0, 0.0), |away| lean(away, coupling.hertz));
        let pattern = binomial(neighbours, 0.5 * (1.0 + lean));
        let first = f64::from(neighbours) * (pushed - 0.5 * coupling.hertz);
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

/// How much a doublet leans towards a neighbour `away` hertz from it, -1 to 1, and by how much it is
/// pushed away from it, hertz.
fn lean(away: f64, hertz: f64) -> (f64, f64) {
    let apart = away.hypot(hertz);
    if !apart.is_normal() {
        return (0.0, 0.0);
    }
    (away.signum() * hertz.abs() / apart, -away.signum() * (apart - away.abs()) / 2.0)
}

/// Shares of the n + 1 lines, each neighbour sending `up` of a line to the higher side.
fn binomial(n: u8, up: f64) -> Vec<f64> {
    let mut row = vec![1.0];
    for _ in 0..n {
        let mut next = vec![0.0; row.len() + 1];
        for (k, share) in row.iter().enumerate() {
            next[k] += share * (1.0 - up);
            next[k + 1] += share * up;
        }
        row = next;
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
