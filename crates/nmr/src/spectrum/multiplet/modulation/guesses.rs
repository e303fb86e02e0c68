//! Sets of couplings on a grid that come near a beat: where a fit sets out from.

use super::beat::Beat;
use super::cosines::{FIRST_WIDTH, GRID, Set, TIMES};
use crate::spectrum::multiplet::first_order::COUPLING;

/// Partners that show by themselves, at most; a methyl group's hydrogens count as one of them.
pub(super) const MOST_PARTNERS: usize = 5;
/// The outermost lines are as far apart as the couplings' sum within this, Hz.
const SUM: f64 = 1.1;
/// Guesses of each number of partners that are fitted, and how many times as much as the best one
/// they may leave.
const GUESSES: usize = 5;
const HOPEFUL: f64 = 3.0;

impl Beat<'_> {
    /// The sets of so many partners on a grid that leave least.
    pub(super) fn guesses(&self, sum: f64, count: usize) -> Vec<Set> {
        let steps = self.clock.cosines.len() - 1;
        let mut guesses = Guesses { beat: self, best: Vec::new() };
        guesses.choose(steps, sum, count, &self.clock.decay, &mut Vec::new());
        // Couplings to methyl groups lie about 6 to 8 Hz; beside one, many partners are too many ways.
        let methyl = if count < MOST_PARTNERS { 5.5..8.5 } else { 0.0..0.0 };
        for k in (methyl.start / GRID) as usize..(methyl.end / GRID) as usize {
            let hz = k as f64 * GRID;
            let cosines = &self.clock.cosines[k];
            let product = std::array::from_fn(|i| self.clock.decay[i] * cosines[i].powi(3));
            let mut chosen = vec![(hz, 3)];
            guesses.choose(steps, sum - 3.0 * hz, count - 1, &product, &mut chosen);
        }
        let mut best = guesses.best;
        let least = best.first().map_or(0.0, |set| set.left);
        best.retain(|set| set.left < HOPEFUL * least);
        best
    }
}

/// How much wider a multiplet may be than its lines that are seen: a quartet's outer ones are weak.
fn hidden(partners: &[(f64, u32)]) -> f64 {
    partners.iter().map(|(hz, count)| if *count > 2 { 2.0 * hz } else { 0.0 }).sum()
}

struct Guesses<'a> {
    beat: &'a Beat<'a>,
    /// Those that leave least, least first.
    best: Vec<Set>,
}

impl Guesses<'_> {
    /// Couplings of at most `from` grid steps that make up `rest`.
    fn choose(
        &mut self,
        from: usize,
        rest: f64,
        count: usize,
        product: &[f64; TIMES],
        chosen: &mut Vec<(f64, u32)>,
    ) {
        if count == 0 {
            if (-SUM - hidden(chosen)..=SUM).contains(&rest) {
                self.keep(product, chosen);
            }
            return;
        }
        let least = ((COUPLING[0] / GRID).ceil() as usize).max(1);
        for k in (least..=from).rev() {
            let hz = k as f64 * GRID;
            // What is still to come is no larger.
            if hz * count as f64 + SUM < rest {
                return;
            }
            if hz > rest + SUM + hidden(chosen) {
                continue;
            }
            let cosines = &self.beat.clock.cosines[k];
            let next = std::array::from_fn(|i| product[i] * cosines[i]);
            chosen.push((hz, 1));
            self.choose(k, rest - hz, count - 1, &next, chosen);
            chosen.pop();
        }
    }

    fn keep(&mut self, model: &[f64], chosen: &[(f64, u32)]) {
        let left = self.beat.left(model).1;
        if self.best.len() == GUESSES && self.best.last().is_some_and(|worst| worst.left <= left) {
            return;
        }
        let set = Set {
            width: FIRST_WIDTH * self.beat.clock.usual_width,
            partners: chosen.to_vec(),
            left,
        };
        // Neighbours on the grid come to the same.
        let alike = |other: &Set| !other.differs_from(&set, 1.01 * GRID);
        if self.best.iter().any(|other| other.left <= left && alike(other)) {
            return;
        }
        self.best.retain(|other| !alike(other));
        let place = self.best.partition_point(|other| other.left <= left);
        self.best.insert(place, set);
        self.best.truncate(GUESSES);
    }
}
