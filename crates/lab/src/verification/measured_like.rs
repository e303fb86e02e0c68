//! Printed 1H lists as if they had been measured: what exchanges is often lost, integrals are
//! inexact, patterns unread, neighbours run into one another, and strangers are there.

use rand::RngExt;

use larmor_chemistry::{Molecule, exchanges};
use larmor_elucidation::{ObservedMultiplet, ObservedPeak, Query, SplittingPattern};

/// Share of the signals of exchanging hydrogens that are lost.
const LOST: f64 = 0.6;
/// Standard deviation of an integral: of itself (what relaxes fast is too large by as much where
/// pulses follow fast), and in hydrogens.
const INTEGRAL: f64 = 0.09;
const INTEGRAL_HYDROGENS: f64 = 0.03;
/// Share of patterns that cannot be read.
const UNREAD: f64 = 0.3;
/// Signals closer than this run into one another as often as this, ppm.
const NEAR_PPM: f64 = 0.03;
const RUN_TOGETHER: f64 = 0.7;
/// Strangers: as many as any of these, each of so many hydrogens.
const STRANGERS: [usize; 6] = [0, 0, 0, 1, 1, 2];
const STRANGER: std::ops::Range<f64> = 0.3..0.8;
const STRANGER_PPM: std::ops::Range<f64> = 0.8..8.5;
/// Where exchanging hydrogens have their signals, ppm.
const EXCHANGING_PPM: f64 = 4.5;

/// The same query with its 1H list as it would have been measured: areas in place of counts.
pub(super) fn measured_like(query: &Query, right: &Molecule, random: &mut impl RngExt) -> Query {
    let mut left: f64 = (0..right.graph.len())
        .filter(|&atom| exchanges(&right.graph, atom))
        .map(|atom| f64::from(right.graph.hydrogens[atom]))
        .sum();
    let mut signals: Vec<(f64, ObservedMultiplet)> = Vec::new();
    for peak in &query.h1 {
        let Some(&shape) = peak.as_multiplet() else { continue };
        let Some(hydrogens) = shape.hydrogens else { continue };
        let plain = matches!(shape.splitting, SplittingPattern::Singlet | SplittingPattern::Unread);
        let may_exchange = plain && (shape.broad || peak.ppm > EXCHANGING_PPM);
        if may_exchange && hydrogens <= left {
            left -= hydrogens;
            if random.random::<f64>() < LOST {
                continue;
            }
        }
        let area =
            hydrogens * (INTEGRAL * normal(random)).exp() + INTEGRAL_HYDROGENS * normal(random);
        let mut shape = ObservedMultiplet { hydrogens: None, area: Some(area.max(0.3)), ..shape };
        if random.random::<f64>() < UNREAD {
            (shape.splitting, shape.largest_coupling_hz) = (SplittingPattern::Unread, None);
        }
        signals.push((peak.ppm, shape));
    }
    signals.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut whole: Vec<(f64, ObservedMultiplet)> = Vec::new();
    for (ppm, shape) in signals {
        let near = whole.last().is_some_and(|last| ppm - last.0 < NEAR_PPM);
        if near
            && random.random::<f64>() < RUN_TOGETHER
            && let Some((before, other)) = whole.pop()
        {
            let [a, b] = [other, shape].map(|shape| shape.area.unwrap_or(0.0));
            let area = Some(a + b);
            let middle = (before * a + ppm * b) / (a + b);
            whole.push((middle, ObservedMultiplet { area, ..ObservedMultiplet::default() }));
        } else {
            whole.push((ppm, shape));
        }
    }
    for _ in 0..STRANGERS[random.random_range(0..STRANGERS.len())] {
        let area = Some(random.random_range(STRANGER));
        whole.push((
            random.random_range(STRANGER_PPM),
            ObservedMultiplet { area, ..ObservedMultiplet::default() },
        ));
    }
    let peak = |(ppm, multiplet)| ObservedPeak::of_multiplet(ppm, multiplet);
    Query { h1: whole.into_iter().map(peak).collect(), ..query.clone() }
}

/// A draw from the normal distribution, by Box and Muller.
fn normal(random: &mut impl RngExt) -> f64 {
    let a: f64 = random.random::<f64>().max(1e-12);
    let b: f64 = random.random();
    (-2.0_f64 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}
