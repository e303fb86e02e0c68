//! Optimal assignment where a row may also stay without a column, at its own penalty.
//!
//! Shortest augmenting paths with column potentials, in `f64`: costs here are log-likelihoods,
//! and the ready-made solvers either want integers or square matrices with padding, which
//! doubles the work for rows that may be left out.

/// Assigns rows to columns so that the sum of `cost` over pairs and `skip` over rows left out is
/// least; each column is used at most once. `cost` is row-major, `skip.len()` rows. Costs must
/// be finite.
pub(crate) fn assign(cost: &[f64], columns: usize, skip: &[f64]) -> Vec<Option<usize>> {
    let rows = skip.len();
    debug_assert_eq!(cost.len(), rows * columns);
    let at = |row: usize, column: usize| cost[row * columns + column];
    let mut state = State {
        column_of: vec![None; rows],
        row_of: vec![None; columns],
        potential: vec![0.0; columns],
        distance: vec![0.0; columns],
        from: vec![0; columns],
        done: vec![false; columns],
    };
    for row in 0..rows {
        state.insert(row, &at, skip);
    }
    state.column_of
}

struct State {
    column_of: Vec<Option<usize>>,
    row_of: Vec<Option<usize>>,
    potential: Vec<f64>,
    distance: Vec<f64>,
    /// Row a column was reached from.
    from: Vec<usize>,
    done: Vec<bool>,
}

/// Where a path ends.
#[derive(Clone, Copy)]
enum Sink {
    /// At a free column.
    Column(usize),
    /// At a row that gives up its column.
    Skip(usize),
}

impl State {
    /// Brings one more row in along the cheapest alternating path (Dijkstra over columns).
    fn insert(&mut self, new: usize, at: &impl Fn(usize, usize) -> f64, skip: &[f64]) {
        let columns = self.row_of.len();
        for column in 0..columns {
            self.distance[column] = at(new, column) - self.potential[column];
            self.from[column] = new;
            self.done[column] = false;
        }
        let mut best_skip = (skip[new], new);
        let (length, sink) = loop {
            let nearest = (0..columns)
                .filter(|&column| !self.done[column])
                .min_by(|&a, &b| self.distance[a].total_cmp(&self.distance[b]));
            let Some(column) = nearest.filter(|&c| self.distance[c] < best_skip.0) else {
                break (best_skip.0, Sink::Skip(best_skip.1));
            };
            let reached = self.distance[column];
            let Some(row) = self.row_of[column] else {
                break (reached, Sink::Column(column));
            };
            self.done[column] = true;
            // Reduced cost of the edge the row is matched by is zero.
            let base = reached - (at(row, column) - self.potential[column]);
            if base + skip[row] < best_skip.0 {
                best_skip = (base + skip[row], row);
            }
            for other in 0..columns {
                if !self.done[other] {
                    let through = base + at(row, other) - self.potential[other];
                    if through < self.distance[other] {
                        self.distance[other] = through;
                        self.from[other] = row;
                    }
                }
            }
        };
        for column in 0..columns {
            if self.done[column] {
                self.potential[column] += self.distance[column] - length;
            }
        }
        self.augment(new, sink);
    }

    /// Turns the path around, from its end back to the new row.
    fn augment(&mut self, new: usize, sink: Sink) {
        let mut free = match sink {
            Sink::Column(column) => Some(column),
            Sink::Skip(row) => {
                let freed = self.column_of[row].take();
                if row == new {
                    return;
                }
                freed
            }
        };
        while let Some(column) = free {
            let row = self.from[column];
            self.row_of[column] = Some(row);
            free = self.column_of[row].replace(column);
            if row == new {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn total(cost: &[f64], columns: usize, skip: &[f64], chosen: &[Option<usize>]) -> f64 {
        chosen
            .iter()
            .enumerate()
            .map(|(row, column)| column.map_or(skip[row], |c| cost[row * columns + c]))
            .sum()
    }

    fn brute(cost: &[f64], columns: usize, skip: &[f64], row: usize, used: u32) -> f64 {
        if row == skip.len() {
            return 0.0;
        }
        (0..columns)
            .filter(|c| used & (1 << c) == 0)
            .map(|c| cost[row * columns + c] + brute(cost, columns, skip, row + 1, used | (1 << c)))
            .fold(skip[row] + brute(cost, columns, skip, row + 1, used), f64::min)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn no_assignment_is_cheaper(
            rows in 0usize..6, columns in 0usize..6,
            values in prop::collection::vec(-5.0f64..5.0, 36),
            skips in prop::collection::vec(-4.0f64..4.0, 6),
        ) {
            let (cost, skip) = (&values[..rows * columns], &skips[..rows]);
            let chosen = assign(cost, columns, skip);
            let mut used: Vec<usize> = chosen.iter().flatten().copied().collect();
            let pairs = used.len();
            used.sort_unstable();
            used.dedup();
            prop_assert_eq!(used.len(), pairs, "a column was used twice");
            let best = brute(cost, columns, skip, 0, 0);
            prop_assert!((total(cost, columns, skip, &chosen) - best).abs() < 1e-9);
        }
    }
}
