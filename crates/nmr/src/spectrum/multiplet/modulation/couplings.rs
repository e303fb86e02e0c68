//! What couplings explain one multiplet's beat.

use super::beat::Beat;
use super::cosines::Set;
use super::guesses::MOST_PARTNERS;
use crate::spectrum::multiplet::first_order::{Component, Explanation};

/// Share of the squares a found set of couplings leaves, at most.
const MOST_LEFT: f64 = 0.006;
/// An explanation that leaves more is examined again.
const DOUBTFUL: f64 = 0.012;
/// A further partner leaves at most this share of what was left, or that one where lines show its
/// coupling as their distance.
const MOST_KEPT: [f64; 2] = [0.3, 0.6];
/// One smaller than a line's width that no lines show leaves at most this share: widths have other
/// causes too.
const MOST_KEPT_BY_HIDDEN: f64 = 0.2;
/// Sets that differ leave at least so many times as much.
const CLEARLY_WORSE: f64 = 2.5;
/// Equal couplings leave at most so many times as much as different ones, or that many times where
/// these differ by less than this share of a line's width.
const AS_WELL: [f64; 2] = [1.05, 2.0];
const DISTINCT: f64 = 0.45;
/// Couplings that differ by more are different, Hz.
const SAME: f64 = 0.3;

impl Beat<'_> {
    /// Whether couplings taken from lines leave much of the beat.
    pub(super) fn contradicts(&self, explanation: &Explanation) -> bool {
        let partners = explanation.couplings.iter().copied().zip(explanation.nuclei.clone());
        let set = Set {
            width: self.clock.usual_width,
            partners: partners.collect(),
            left: f64::INFINITY,
        };
        self.fit(set).left > DOUBTFUL * self.squares
    }

    /// The couplings that leave least of the beat, where they leave little and no others nearly as little.
    pub(super) fn explain(&self, lines: &[Component]) -> Option<Explanation> {
        let usual_width = self.clock.usual_width;
        let whole: f64 = lines.iter().map(|line| line.area).sum();
        let mut strong = lines.iter().filter(|line| line.area > 0.011 * whole);
        let first = strong.next()?;
        let width = strong.next_back()?.hz - first.hz;
        let mut best: Option<(Set, Vec<Set>)> = None;
        for count in 1..=MOST_PARTNERS {
            let mut sets: Vec<Set> = self
                .guesses(width, count)
                .into_iter()
                .map(|guess| self.fit(guess))
                .filter(|set| set.is_sound(usual_width))
                .collect();
            sets.sort_by(|a, b| a.left.total_cmp(&b.left));
            let Some(next) = sets.first().cloned() else { continue };
            if let Some((fewer, _)) = &best {
                let least = next.partners.iter().map(|p| p.0).fold(f64::INFINITY, f64::min);
                let shown = is_shown(least, lines);
                let hidden = !shown && least < usual_width;
                let most = if hidden { MOST_KEPT_BY_HIDDEN } else { MOST_KEPT[usize::from(shown)] };
                if next.left > most * fewer.left || (hidden && fewer.width < 1.2 * usual_width) {
                    continue;
                }
            }
            best = Some((next, sets));
        }
        let (found, others) = best?;
        let unclear = others.iter().any(|other| {
            other.left < CLEARLY_WORSE * found.left && other.differs_from(&found, SAME)
        });
        if found.left > MOST_LEFT * self.squares || unclear {
            return None;
        }
        Some(self.joined(found).into_explanation(self.centre_hz))
    }

    /// Couplings that may as well be equal taken as equal.
    fn joined(&self, mut set: Set) -> Set {
        let separate = set.left;
        loop {
            set.partners.sort_by(|a, b| b.0.total_cmp(&a.0));
            let next = (1..set.partners.len())
                .filter_map(|k| {
                    let mut joined = set.clone();
                    let (hz, count) = joined.partners.remove(k);
                    let other = &mut joined.partners[k - 1];
                    let close = usize::from(other.0 - hz < DISTINCT * self.clock.usual_width);
                    other.0 = f64::midpoint(other.0, hz);
                    other.1 += count;
                    let joined = self.fit(joined);
                    (joined.left < AS_WELL[close] * separate).then_some(joined)
                })
                .min_by(|a, b| a.left.total_cmp(&b.left));
            match next {
                Some(next) => set = next,
                None => return set,
            }
        }
    }
}

/// Whether two pairs of neighbouring lines lie that far apart.
fn is_shown(hz: f64, lines: &[Component]) -> bool {
    lines.windows(2).filter(|two| (two[1].hz - two[0].hz - hz).abs() < 0.2).count() > 1
}
