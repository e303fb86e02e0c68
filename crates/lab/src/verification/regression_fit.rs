//! Fits the weights of discrepancies: a logistic regression whose discrepancies count against only.
//!
//! Newton's method on the weights that are free, those at their bound that the likelihood would push
//! beyond it held there (Bertsekas, SIAM J. Control Optim. 1982, 20, 221).

/// Penalty of squared weights, for columns of unit spread.
const RIDGE: f64 = 1e-4;
const MOST_ROUNDS: usize = 200;
/// Smaller gains end the search.
const LEAST_GAIN: f64 = 1e-9;

/// One case: its columns, whether it is right, what it weighs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub columns: Vec<f64>,
    pub right: bool,
    pub weight: f64,
}

/// Weights of the columns and the constant that make the outcomes likeliest; the first `bounded`
/// weights are not above 0.
pub(super) fn fit(rows: &[Row], bounded: usize) -> (Vec<f64>, f64) {
    let width = rows.first().map_or(0, |row| row.columns.len());
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    if width == 0 || total <= 0.0 {
        return (vec![0.0; width], 0.0);
    }
    let scale: Vec<f64> = (0..width).map(|at| spread(rows, at)).collect();
    // A last column for the constant.
    let table: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| row.columns.iter().zip(&scale).map(|(x, s)| x / s).chain([1.0]).collect())
        .collect();
    let mut weights = vec![0.0; width + 1];
    let mut loss = objective(&table, rows, &weights, total);
    for _ in 0..MOST_ROUNDS {
        let Some(step) = step(&table, rows, &weights, bounded, total) else { break };
        let mut length = 1.0;
        let better = loop {
            let mut tried: Vec<f64> =
                weights.iter().zip(&step).map(|(w, d)| w + length * d).collect();
            tried[..bounded].iter_mut().for_each(|weight| *weight = weight.min(0.0));
            let found = objective(&table, rows, &tried, total);
            if found < loss - 1e-13 {
                break Some((tried, found));
            }
            length /= 2.0;
            if length < 1e-7 {
                break None;
            }
        };
        let Some((tried, found)) = better else { break };
        let gain = loss - found;
        (weights, loss) = (tried, found);
        if gain < LEAST_GAIN {
            break;
        }
    }
    let constant = weights.pop().unwrap_or(0.0);
    (weights.iter().zip(&scale).map(|(weight, scale)| weight / scale).collect(), constant)
}

fn spread(rows: &[Row], at: usize) -> f64 {
    let n = rows.len() as f64;
    let mean = rows.iter().map(|row| row.columns[at]).sum::<f64>() / n;
    let square: f64 = rows.iter().map(|row| (row.columns[at] - mean).powi(2)).sum();
    let spread = (square / n).sqrt();
    if spread > 1e-9 { spread } else { 1.0 }
}

fn odds(columns: &[f64], weights: &[f64]) -> f64 {
    columns.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>().clamp(-40.0, 40.0)
}

fn objective(table: &[Vec<f64>], rows: &[Row], weights: &[f64], total: f64) -> f64 {
    let surprise: f64 = table
        .iter()
        .zip(rows)
        .map(|(columns, row)| {
            let odds = odds(columns, weights);
            row.weight * (if row.right { -odds } else { odds }).exp().ln_1p()
        })
        .sum();
    let ridge: f64 = weights[..weights.len() - 1].iter().map(|weight| weight * weight).sum();
    surprise / total + 0.5 * RIDGE * ridge
}

/// Newton's step on the free weights; `None` where the equations have no solution.
fn step(
    table: &[Vec<f64>],
    rows: &[Row],
    weights: &[f64],
    bounded: usize,
    total: f64,
) -> Option<Vec<f64>> {
    let width = weights.len();
    let mut gradient = vec![0.0; width];
    let mut curvature = vec![0.0; width * width];
    for (columns, row) in table.iter().zip(rows) {
        let said = 1.0 / (1.0 + (-odds(columns, weights)).exp());
        let error = row.weight / total * (said - f64::from(u8::from(row.right)));
        let bend = row.weight / total * said * (1.0 - said);
        for (a, &x) in columns.iter().enumerate() {
            gradient[a] += error * x;
            if x != 0.0 {
                for (b, &y) in columns[..=a].iter().enumerate() {
                    curvature[a * width + b] += bend * x * y;
                }
            }
        }
    }
    for at in 0..width - 1 {
        gradient[at] += RIDGE * weights[at];
        curvature[at * width + at] += RIDGE;
    }
    let free: Vec<usize> =
        (0..width).filter(|&at| at >= bounded || weights[at] < 0.0 || gradient[at] > 0.0).collect();
    let system: Vec<Vec<f64>> = free
        .iter()
        .map(|&a| free.iter().map(|&b| curvature[a.max(b) * width + a.min(b)]).collect())
        .collect();
    let target: Vec<f64> = free.iter().map(|&at| -gradient[at]).collect();
    let found = solve(system, target)?;
    let mut step = vec![0.0; width];
    free.iter().zip(found).for_each(|(&at, value)| step[at] = value);
    Some(step)
}

/// Solves a symmetric, positive definite system by Cholesky's factorisation.
fn solve(mut system: Vec<Vec<f64>>, mut target: Vec<f64>) -> Option<Vec<f64>> {
    let n = target.len();
    for at in 0..n {
        for below in at..n {
            let sum: f64 = (0..at).map(|k| system[below][k] * system[at][k]).sum();
            let value = system[below][at] - sum;
            if below == at {
                if value <= 1e-14 {
                    return None;
                }
                system[at][at] = value.sqrt();
            } else {
                system[below][at] = value / system[at][at];
            }
        }
    }
    for at in 0..n {
        let sum: f64 = (0..at).map(|k| system[at][k] * target[k]).sum();
        target[at] = (target[at] - sum) / system[at][at];
    }
    for at in (0..n).rev() {
        let sum: f64 = (at + 1..n).map(|k| system[k][at] * target[k]).sum();
        target[at] = (target[at] - sum) / system[at][at];
    }
    Some(target)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Outcomes drawn from known weights.
    fn rows(weights: [f64; 2], constant: f64) -> Vec<Row> {
        (0..4000)
            .map(|k| {
                let x = f64::from(k % 17) / 8.0;
                let y = f64::from(k % 23) / 6.0;
                let said = 1.0 / (1.0 + (-(constant + weights[0] * x + weights[1] * y)).exp());
                // A sequence that fills the unit interval evenly.
                let draw = (f64::from(k) * 0.618_033_988_75).fract();
                Row { columns: vec![x, y], right: draw < said, weight: 1.0 }
            })
            .collect()
    }

    #[test]
    fn what_made_the_outcomes_is_found_again() {
        let (weights, constant) = fit(&rows([-1.5, -0.5], 2.0), 2);
        assert!((weights[0] + 1.5).abs() < 0.15, "{weights:?}");
        assert!((weights[1] + 0.5).abs() < 0.1, "{weights:?}");
        assert!((constant - 2.0).abs() < 0.2, "{constant}");
    }

    #[test]
    fn what_speaks_for_a_structure_is_not_counted_where_only_against_is_asked_for() {
        let made = rows([-1.5, 0.8], 0.0);
        let (weights, _) = fit(&made, 2);
        assert_eq!(weights[1], 0.0);
        let (weights, _) = fit(&made, 1);
        assert!(weights[0] < -1.0 && weights[1] > 0.5, "{weights:?}");
    }
}
