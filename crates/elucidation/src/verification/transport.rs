//! Which hydrogens of a structure are under which signal: the cheapest way to bring all hydrogens
//! under the signals, each signal holding as many as its integral says.

use super::exchanging::ExchangingSignal;
use super::hydrogen_group::HydrogenGroup;
use super::pattern_check;
use super::signal::Signal;
use crate::scoring::solver::assign;
use crate::splitting::SplittingPattern;

/// A hydrogen without a signal, one that exchanges without one, and one that exchanges under one,
/// in spreads of a shift.
const WITHOUT: f64 = 4.0;
const EXCHANGED: f64 = 0.3;
const EXCHANGING: f64 = 1.2;
/// A signal's hydrogen that no group has, and a group's hydrogen too many under a signal.
pub(super) const LEFT: f64 = 3.0;
const TOO_MANY: f64 = 1.5;
/// A methyl under a signal of one or two hydrogens, and an E coupling at a Z bond.
const PART_OF_METHYL: f64 = 2.0;
const OTHER_CONFIGURATION: f64 = 2.0;
/// Strain up to which it counts in full, and what no pair costs more than.
const STRAINED: f64 = 3.0;
const MOST_STRAINED: f64 = 8.0;
/// A broad signal is seldom that of hydrogens that stay, and what exchanges fast is not split.
const BROAD: f64 = 0.5;
const SPLIT: f64 = 1.5;
/// Largest problem that is solved; beyond it nothing is said.
const MOST_UNITS: usize = 400;

/// Hydrogens brought under signals.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Transport {
    /// For each hydrogen its group, and the signal it is under.
    pub signal_of: Vec<(usize, Option<usize>)>,
    /// Hydrogens of each signal that no group has.
    pub left: Vec<f64>,
    /// Cost of it all, in spreads.
    pub cost: f64,
}

/// Room under a signal for one hydrogen.
struct Slot {
    signal: usize,
    /// Cost of leaving it empty, and of filling it.
    empty: f64,
    full: f64,
}

/// Brings the hydrogens under the signals; `None` of a structure or list beyond all size.
pub(super) fn transport(
    groups: &[HydrogenGroup],
    signals: &[Signal],
    counted: bool,
) -> Option<Transport> {
    let units: Vec<usize> = groups
        .iter()
        .enumerate()
        .flat_map(|(place, group)| std::iter::repeat_n(place, usize::from(group.hydrogens)))
        .collect();
    if units.len() > MOST_UNITS {
        return None;
    }
    let slots = slots(signals, counted)?;
    let mut costs = Vec::with_capacity(units.len() * slots.len());
    for (row, &unit) in units.iter().enumerate() {
        if row > 0 && units[row - 1] == unit {
            let start = costs.len() - slots.len();
            costs.extend_from_within(start..);
            continue;
        }
        let pairs: Vec<f64> = signals.iter().map(|signal| pair(&groups[unit], signal)).collect();
        costs.extend(slots.iter().map(|slot| pairs[slot.signal] + slot.full - slot.empty));
    }
    let skip: Vec<f64> =
        units.iter().map(|&unit| if groups[unit].stays() { WITHOUT } else { EXCHANGED }).collect();
    let chosen = assign(&costs, slots.len(), &skip);
    let mut empty: Vec<bool> = vec![true; slots.len()];
    let mut cost: f64 = slots.iter().map(|slot| slot.empty).sum();
    let mut signal_of = Vec::with_capacity(units.len());
    for (row, (&unit, slot)) in units.iter().zip(&chosen).enumerate() {
        cost += slot.map_or(skip[row], |slot| costs[row * slots.len() + slot]);
        if let Some(slot) = *slot {
            empty[slot] = false;
        }
        signal_of.push((unit, slot.map(|slot| slots[slot].signal)));
    }
    let mut left = vec![0.0; signals.len()];
    for (slot, _) in slots.iter().zip(&empty).filter(|(_, empty)| **empty) {
        left[slot.signal] += slot.empty / LEFT;
    }
    Some(Transport { signal_of, left, cost })
}

/// Integrals are inexact: near its end a signal's room may stay empty or be exceeded for less.
/// `None` of more than can be solved.
fn slots(signals: &[Signal], counted: bool) -> Option<Vec<Slot>> {
    let mut slots = Vec::new();
    for (signal, one) in signals.iter().enumerate() {
        let holds = one.hydrogens.clamp(0.0, 1e4);
        let error = if counted { 0.03 * holds + 0.05 } else { 0.12 * holds + 0.15 };
        let most = (holds + error + 1.0).floor() as usize;
        if slots.len() + most > 2 * MOST_UNITS {
            return None;
        }
        slots.extend((1..=most).map(|number| {
            let number = number as f64;
            Slot {
                signal,
                empty: LEFT * (holds - error - (number - 1.0)).clamp(0.0, 1.0),
                full: TOO_MANY * (number - holds - error).clamp(0.0, 1.0),
            }
        }));
    }
    Some(slots)
}

/// What one hydrogen of a group under a signal costs.
pub(super) fn pair(group: &HydrogenGroup, signal: &Signal) -> f64 {
    let off = (signal.ppm - group.ppm).abs();
    if let Some(expected) = &group.exchanges {
        return EXCHANGING + exchanging(expected, signal, off);
    }
    let broad = if signal.broad { BROAD } else { 0.0 };
    let strain = (off - group.half_apart).max(0.0) / group.spread;
    let strain = if strain < STRAINED {
        strain
    } else {
        (STRAINED + 0.5 * (strain - STRAINED)).min(MOST_STRAINED)
    };
    let pattern = if group.is_methyl() {
        let part = if signal.hydrogens < 2.4 { PART_OF_METHYL } else { 0.0 };
        part + pattern_check::methyl(group, signal)
    } else {
        pattern_check::other(group, signal)
    };
    let configuration =
        if pattern_check::other_configuration(group, signal) { OTHER_CONFIGURATION } else { 0.0 };
    strain + pattern + configuration + broad
}

/// What speaks against a signal's being that of hydrogens that exchange.
pub(super) fn exchanging(expected: &ExchangingSignal, signal: &Signal, off_ppm: f64) -> f64 {
    let outside = (expected.from_ppm - signal.ppm).max(signal.ppm - expected.to_ppm).max(0.0);
    let far = 0.15 * (off_ppm - 1.5).max(0.0);
    let split = match signal.pattern {
        SplittingPattern::Unread | SplittingPattern::Singlet => 0.0,
        _ if expected.splits => 0.2,
        _ => SPLIT,
    };
    (outside + far).min(2.5) + split
}
