//! How sure a pair of site and line is: marginals over all explanations, not only the best.
//!
//! Explanations are partial matchings of rows and lines, each with weight e^-cost. Marginals
//! come from belief propagation on that monomer-dimer model: its fixed point is unique, it is
//! exact on trees and close where few pairs compete, and costs a few dozen passes over the
//! matrix, where the exact sum (a permanent) is exponential.

use super::assignment::Costs;

const PASSES: usize = 60;
/// Largest log-weight of a pair, either way.
const BOUND: f64 = 40.0;
/// Changes below this end the iteration.
const CONVERGED: f64 = 1e-4;

/// Probability of each row and line (row-major) being a pair; sums over a row fall short of one
/// by the probability that the row shows nothing.
pub(crate) fn marginals(costs: &Costs, temperature: f64) -> Vec<f64> {
    let (rows, lines) = (costs.expected.len(), costs.lines);
    let mut weight = vec![0.0; rows * lines];
    let mut pairs = vec![0.0; rows * lines];
    for row in 0..rows {
        let span = row * lines..(row + 1) * lines;
        // A row without a line of its own shows nothing or falls on another's line.
        let floor = costs.without(row).0;
        let soften = |cost: f64| ((floor - cost) / temperature).exp();
        let total = soften(costs.missing[row])
            + costs.shared[span.clone()].iter().map(|&cost| soften(cost)).sum::<f64>();
        for at in span {
            // Bounded so that certain pairs leave finite numbers behind.
            let own = ((floor - costs.own[at]) / temperature).clamp(-BOUND, BOUND);
            weight[at] = own.exp() / total;
            pairs[at] = soften(costs.shared[at]) / total;
        }
    }
    let own = propagate(&weight, rows, lines);
    for row in 0..rows {
        let span = row * lines..(row + 1) * lines;
        let rest = (1.0 - own[span.clone()].iter().sum::<f64>()).max(0.0);
        span.for_each(|at| pairs[at] = own[at] + rest * pairs[at]);
    }
    pairs
}

/// Marginals of a monomer-dimer model with the given edge weights.
fn propagate(weight: &[f64], rows: usize, lines: usize) -> Vec<f64> {
    // Probability that a row (line) is free once a given line (row) is taken away.
    let mut row_free = vec![1.0; rows * lines];
    let mut line_free = vec![1.0; rows * lines];
    let mut terms = Vec::with_capacity(rows.max(lines));
    for _ in 0..PASSES {
        let mut change: f64 = 0.0;
        for line in 0..lines {
            terms.clear();
            terms.extend((0..rows).map(|r| r * lines + line).map(|at| weight[at] * row_free[at]));
            sums_of_others(&mut terms);
            for (row, others) in terms.iter().enumerate() {
                line_free[row * lines + line] = 1.0 / (1.0 + others);
            }
        }
        for row in 0..rows {
            let span = row * lines..(row + 1) * lines;
            terms.clear();
            terms.extend(span.clone().map(|at| weight[at] * line_free[at]));
            sums_of_others(&mut terms);
            for (at, others) in span.zip(&terms) {
                let new = 1.0 / (1.0 + others);
                change = change.max((new - row_free[at]).abs());
                row_free[at] = new;
            }
        }
        if change < CONVERGED {
            break;
        }
    }
    (0..rows * lines)
        .map(|at| {
            let odds = weight[at] * row_free[at] * line_free[at];
            odds / (1.0 + odds)
        })
        .collect()
}

/// Replaces each term by the sum of all others. Subtracting it from the whole sum would leave
/// nothing of small terms beside a large one.
fn sums_of_others(terms: &mut [f64]) {
    let mut after = vec![0.0; terms.len()];
    let mut sum = 0.0;
    for (at, term) in terms.iter().enumerate().rev() {
        after[at] = sum;
        sum += term;
    }
    let mut before = 0.0;
    for (term, after) in terms.iter_mut().zip(after) {
        let own = *term;
        *term = before + after;
        before += own;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Walks all partial matchings from a row on; adds each one's weight to its pairs.
    struct Walk<'a> {
        weight: &'a [f64],
        rows: usize,
        lines: usize,
        pairs: Vec<usize>,
        sums: Vec<f64>,
    }

    impl Walk<'_> {
        fn on(&mut self, row: usize, used: u32, product: f64) -> f64 {
            if row == self.rows {
                self.pairs.iter().for_each(|&at| self.sums[at] += product);
                return product;
            }
            let mut total = self.on(row + 1, used, product);
            for line in (0..self.lines).filter(|l| used & (1 << l) == 0) {
                let at = row * self.lines + line;
                self.pairs.push(at);
                total += self.on(row + 1, used | (1 << line), product * self.weight[at]);
                self.pairs.pop();
            }
            total
        }
    }

    fn exact(weight: &[f64], rows: usize, lines: usize) -> Vec<f64> {
        let sums = vec![0.0; rows * lines];
        let mut walk = Walk { weight, rows, lines, pairs: Vec::new(), sums };
        let total = walk.on(0, 0, 1.0);
        walk.sums.iter().map(|sum| sum / total).collect()
    }

    #[test]
    fn two_sites_that_cannot_be_told_apart_get_a_half_each() {
        let found = propagate(&[1e4, 1e4, 1e4, 1e4], 2, 2);
        found.iter().for_each(|p| assert!((p - 0.5).abs() < 0.02, "{found:?}"));
    }

    /// Loops make single values drift; on the whole they stay within a percent.
    #[test]
    fn close_to_the_exact_sum() {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let (mut total, mut count, mut worst) = (0.0, 0.0, 0.0_f64);
        for _ in 0..1_000 {
            let (rows, lines) = (random.random_range(1..4), random.random_range(1..4));
            let weight: Vec<f64> =
                (0..rows * lines).map(|_| random.random_range(-3.0_f64..5.0).exp()).collect();
            let truth = exact(&weight, rows, lines);
            for (found, truth) in propagate(&weight, rows, lines).iter().zip(truth) {
                let error = (found - truth).abs();
                total += error;
                count += 1.0;
                worst = worst.max(error);
            }
        }
        assert!(total / count < 0.01, "{}", total / count);
        assert!(worst < 0.25, "{worst}");
    }

    proptest! {
        #[test]
        fn extreme_weights_leave_probabilities(
            rows in 1usize..6, lines in 1usize..6,
            logs in prop::collection::vec(-40.0f64..40.0, 25),
        ) {
            let weight: Vec<f64> = logs[..rows * lines].iter().map(|l| l.exp()).collect();
            for p in propagate(&weight, rows, lines) {
                prop_assert!((0.0..=1.0).contains(&p), "{}", p);
            }
        }
    }
}
