//! Couplings read from how a multiplet beats in time.
//!
//! Where lines fall together their places no longer tell the couplings. The multiplet's cosine
//! transform about its centre still does: a decay, times one cosine for each partner. What leans
//! towards a partner is odd about the centre and drops out.

mod beat;
mod cosines;
mod couplings;
mod guesses;

use self::beat::Beat;
use self::cosines::Clock;
use super::first_order::Component;
use super::grouping::Group;
use crate::spectrum::axis::Axis;

/// Groups that may be torn pieces of one multiplet, and how far apart their ends may lie, Hz.
const MOST_PIECES: usize = 4;
const GAP: f64 = 12.0;

/// Looks for couplings where no pattern of lines was found, putting pieces together, and where
/// the one that was found does not beat as the multiplet does.
pub(super) fn fit_couplings(
    groups: &mut Vec<Group>,
    real: &[f64],
    axis: &Axis,
    all: &[Component],
    usual_width: f64,
) {
    let clock = Clock::new(usual_width);
    let mut k = 0;
    while k < groups.len() {
        let pieces = pieces(&groups[k..]);
        let found = (1..=pieces).rev().find_map(|count| {
            let unexplained = groups[k..k + count].iter().any(|group| group.explanation.is_none());
            if count > 1 && !unexplained {
                return None;
            }
            let lines: Vec<Component> =
                groups[k..k + count].iter().flat_map(|group| group.lines.clone()).collect();
            let beat = Beat::of(real, axis, &lines, all, &clock)?;
            let single = groups[k].explanation.as_ref().filter(|_| count == 1);
            if single.is_some_and(|found| !beat.contradicts(found)) {
                return None;
            }
            let explanation = beat.explain(&lines)?;
            Some((count, Group { lines, explanation: Some(explanation) }))
        });
        if let Some((count, group)) = found {
            groups.splice(k..k + count, [group]);
        }
        k += 1;
    }
}

/// How many groups from the first on may be one multiplet.
fn pieces(groups: &[Group]) -> usize {
    let split = |group: &Group| group.explanation.as_ref().is_none_or(|f| !f.couplings.is_empty());
    if !groups.first().is_some_and(split) {
        return 0;
    }
    let near = |two: &[Group]| match (two[0].lines.last(), two[1].lines.first()) {
        (Some(last), Some(first)) => first.hz - last.hz < GAP,
        _ => false,
    };
    let joined = groups
        .windows(2)
        .take(MOST_PIECES - 1)
        .take_while(|two| two.iter().all(is_piece) && near(two))
        .count();
    1 + joined
}

/// No pattern, or two lines alone, which may be anything.
fn is_piece(group: &Group) -> bool {
    group.explanation.as_ref().is_none_or(|found| found.nuclei == [1])
}
