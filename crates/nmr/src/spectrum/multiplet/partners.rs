//! Couplings have two ends: a constant found at one must be found at another.

use super::grouping::Group;

/// Constants at the two ends differ by at most this, Hz.
const SAME: f64 = 0.35;
/// Distances of lines in a multiplet without a pattern tell less and have to agree better, Hz.
const SAME_DISTANCE: f64 = 0.2;
/// Doublets wider than this, Hz, are those of one or two hydrogens: of methyl groups, two
/// singlets look the same.
const WIDE: f64 = 9.0;

/// Takes back what two lines alone suggest and nothing else confirms: two singlets, or two
/// halves of different multiplets, look like a doublet. `hydrogens` are those of each group,
/// where known.
pub(super) fn take_back_unconfirmed(groups: &mut Vec<Group>, hydrogens: &[Option<f64>]) {
    let checks: Vec<PartnerCheck> =
        (0..groups.len()).map(|k| check_partners(groups, k, hydrogens[k])).collect();
    let mut next = Vec::with_capacity(groups.len());
    for (mut group, check) in groups.drain(..).zip(checks) {
        match check {
            PartnerCheck::Stands => next.push(group),
            PartnerCheck::Unsure => {
                group.explanation = None;
                next.push(group);
            }
            PartnerCheck::Singlets => next.extend(group.lines.into_iter().map(Group::singlet)),
        }
    }
    *groups = next;
}

enum PartnerCheck {
    Stands,
    Unsure,
    Singlets,
}

fn check_partners(groups: &[Group], k: usize, hydrogens: Option<f64>) -> PartnerCheck {
    let Some(explanation) = &groups[k].explanation else { return PartnerCheck::Stands };
    let [coupling] = explanation.couplings[..] else { return PartnerCheck::Stands };
    if explanation.nuclei != [1] {
        return PartnerCheck::Stands;
    }
    if hydrogens.is_some_and(|count| count > 2.5) && coupling > WIDE {
        return PartnerCheck::Singlets;
    }
    let mut others = groups.iter().enumerate().filter(|(other, _)| *other != k);
    let confirmed = others.any(|(_, other)| {
        has_coupling(other, coupling) || (coupling < WIDE && has_distance(other, coupling))
    });
    if confirmed { PartnerCheck::Stands } else { PartnerCheck::Unsure }
}

fn has_coupling(group: &Group, hz: f64) -> bool {
    group
        .explanation
        .as_ref()
        .is_some_and(|found| found.couplings.iter().any(|other| (other - hz).abs() < SAME))
}

fn has_distance(group: &Group, hz: f64) -> bool {
    group.explanation.is_none()
        && group.lines.len() > 3
        && group.lines.iter().enumerate().any(|(k, line)| {
            group.lines[k + 1..].iter().any(|other| (other.hz - line.hz - hz).abs() < SAME_DISTANCE)
        })
}
