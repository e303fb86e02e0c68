//! Which 1H signal is whose, by the hydrogens brought under the signals.

use super::hydrogen_group::HydrogenGroup;
use super::proton::ProtonFit;
use super::transport::pair;
use crate::query::Query;
use larmor_nmr::elucidation::PeakAssignment;
use larmor_nmr::fid::Nucleus;

/// Every atom with hydrogens under a signal. Both hydrogens of a CH2 may have one of their own.
///
/// The probability of a pair is its share among all signals by what they cost, as if each atom chose
/// alone, times the share of the atom's hydrogens that are under the signal.
pub(super) fn assignments(fit: &ProtonFit, query: &Query) -> Vec<PeakAssignment> {
    let mut under: Vec<(usize, usize, f64)> = Vec::new();
    for &(group, signal) in &fit.transport.signal_of {
        let Some(signal) = signal else { continue };
        match under.iter_mut().find(|one| (one.0, one.1) == (group, signal)) {
            Some(one) => one.2 += 1.0,
            None => under.push((group, signal, 1.0)),
        }
    }
    let found = under.into_iter().filter_map(|(place, signal, hydrogens)| {
        let group = fit.groups.get(place)?;
        let seen = query.h1.get(fit.signals.get(signal)?.place)?;
        let share = hydrogens / f64::from(group.hydrogens.max(1));
        Some(PeakAssignment {
            atom: group.atom.into(),
            nucleus: Nucleus::Proton,
            ppm: seen.ppm,
            predicted_ppm: group.ppm,
            probability: share * chosen(group, signal, fit),
        })
    });
    let mut found: Vec<PeakAssignment> = found.collect();
    found.sort_by(|a, b| a.atom.cmp(&b.atom).then(a.ppm.total_cmp(&b.ppm)));
    found
}

/// Share of one signal among all, by what the group costs under each.
fn chosen(group: &HydrogenGroup, signal: usize, fit: &ProtonFit) -> f64 {
    let weight = |signal| (-pair(group, signal)).exp();
    let all: f64 = fit.signals.iter().map(weight).sum();
    fit.signals.get(signal).map_or(0.0, |own| weight(own) / all.max(f64::MIN_POSITIVE))
}
