//! Splitting patterns that a group of hydrogens cannot show.
//!
//! First order, by the hydrogens on neighbouring carbons: a methyl beside none is a singlet,
//! beside one a doublet, and so on (any textbook). What is not read, or is compound, contradicts
//! nothing.

use super::hydrogen_group::{DoubleBond, HydrogenGroup};
use super::signal::Signal;
use crate::splitting::SplittingPattern as Pattern;

/// Couplings below this are long-range, Hz.
const LONG_RANGE_HZ: f64 = 2.0;
/// Couplings above these are vicinal: between aromatic hydrogens, and over single bonds, Hz.
const AROMATIC_HZ: f64 = 6.0;
const VICINAL_HZ: f64 = 5.0;
/// E couplings lie above the one, Z couplings below the other (Pretsch et al., 1H NMR, alkenes), Hz.
const LEAST_E_HZ: f64 = 13.0;
const MOST_Z_HZ: f64 = 14.0;

/// How much a signal's pattern speaks against its being a methyl group's, in spreads of a shift.
pub(super) fn methyl(group: &HydrogenGroup, signal: &Signal) -> f64 {
    const PLAINLY: f64 = 2.5;
    let small = signal.coupling_hz.is_some_and(|hz| hz < LONG_RANGE_HZ);
    match (group.neighbours, signal.pattern) {
        (_, Pattern::Unread)
        | (0, Pattern::Singlet)
        | (1, Pattern::Doublet)
        | (2, Pattern::Triplet)
        | (3, Pattern::Quartet) => 0.0,
        (0, Pattern::Doublet) if small => 0.0,
        (0, _) | (_, Pattern::Singlet) => PLAINLY,
        (1..=3, _) => 1.0,
        _ => 0.0,
    }
}

/// The same for a group that is no methyl.
pub(super) fn other(group: &HydrogenGroup, signal: &Signal) -> f64 {
    let above = |hz: f64| signal.coupling_hz.is_none_or(|own| own > hz);
    let pattern = signal.pattern;
    if pattern == Pattern::Unread {
        return 0.0;
    }
    if group.flat {
        return match (group.neighbours, pattern) {
            (0, Pattern::Triplet | Pattern::Quartet) if above(VICINAL_HZ) => 1.0,
            (0, Pattern::Singlet) => 0.0,
            (0, _) if signal.coupling_hz.is_some_and(|hz| hz > AROMATIC_HZ) => 1.0,
            (1.., Pattern::Singlet) => 1.0,
            (1, Pattern::Triplet | Pattern::Quartet) if above(VICINAL_HZ) => 0.5,
            (2, Pattern::Doublet) => 0.7,
            _ => 0.0,
        };
    }
    match (group.neighbours, pattern) {
        (0, Pattern::Triplet | Pattern::Quartet) | (1.., Pattern::Singlet) => 1.0,
        _ if group.hydrogens != 2 => 0.0,
        (1 | 2, Pattern::Quartet)
        | (3, Pattern::Doublet | Pattern::Triplet)
        | (4.., Pattern::Doublet) => 0.7,
        _ => 0.0,
    }
}

/// Whether a group of hydrogens cannot show the signal's pattern.
pub(super) fn contradicts(group: &HydrogenGroup, signal: &Signal) -> bool {
    let cost = if group.is_methyl() { methyl(group, signal) } else { other(group, signal) };
    cost > 0.0
}

/// Whether the largest coupling is that of the other configuration.
pub(super) fn other_configuration(group: &HydrogenGroup, signal: &Signal) -> bool {
    match (group.double_bond, signal.coupling_hz) {
        (Some(DoubleBond::E), Some(hz)) => hz > AROMATIC_HZ && hz < LEAST_E_HZ,
        (Some(DoubleBond::Z), Some(hz)) => hz > MOST_Z_HZ,
        _ => false,
    }
}
