//! First points of a FID that the receiver spoilt, predicted from those that follow.

use num_complex::Complex64;

/// Points the prediction is learnt from, and coefficients it has.
const LEARNT_FROM: usize = 1024;
const ORDER: usize = 32;
/// Most points that are predicted: errors grow from one to the next.
pub const MOST_REPAIRED: usize = 8;
/// A point is spoilt when it is off its prediction by so many times what predictions are off.
const SPOILT: f64 = 12.0;

/// How many of the first points differ from what the following ones predict.
pub fn spoilt(points: &[Complex64]) -> usize {
    let Some((coefficients, error)) = learn(points, MOST_REPAIRED) else { return 0 };
    let mut mended = points[..MOST_REPAIRED + ORDER].to_vec();
    let mut spoilt = 0;
    for index in (0..MOST_REPAIRED).rev() {
        let predicted = predict(&mended, index, &coefficients);
        if (points[index] - predicted).norm() > SPOILT * error {
            spoilt = spoilt.max(index + 1);
        }
        // A point that is right predicts the next better than its own prediction does.
        if spoilt > index {
            mended[index] = predicted;
        }
    }
    // All of them: nothing was learnt of this signal.
    if spoilt == MOST_REPAIRED { 0 } else { spoilt }
}

/// Puts predictions in place of the first `count` points; returns how many were replaced.
pub fn repair(points: &mut [Complex64], count: usize) -> usize {
    let count = count.min(MOST_REPAIRED);
    let Some((coefficients, _)) = learn(points, count) else { return 0 };
    for index in (0..count).rev() {
        points[index] = predict(points, index, &coefficients);
    }
    count
}

fn predict(points: &[Complex64], index: usize, coefficients: &[Complex64]) -> Complex64 {
    coefficients.iter().zip(&points[index + 1..]).map(|(c, point)| c * point).sum()
}

/// Backward prediction by least squares (the covariance method) from the points after `from`,
/// with the root mean square of what it is off by.
fn learn(points: &[Complex64], from: usize) -> Option<(Vec<Complex64>, f64)> {
    let known = points.get(from..)?;
    let known = &known[..known.len().min(LEARNT_FROM)];
    let rows = known.len().checked_sub(ORDER)?;
    if rows < 4 * ORDER {
        return None;
    }
    let mut matrix = vec![[Complex64::ZERO; ORDER]; ORDER];
    let mut right = [Complex64::ZERO; ORDER];
    for row in 0..rows {
        let later = &known[row + 1..=row + ORDER];
        for (i, a) in later.iter().enumerate() {
            right[i] += a.conj() * known[row];
            for (j, b) in later.iter().enumerate().skip(i) {
                matrix[i][j] += a.conj() * b;
            }
        }
    }
    let trace: f64 = matrix.iter().enumerate().map(|(i, row)| row[i].re).sum();
    for i in 0..ORDER {
        // A trace of noise everywhere keeps fewer lines than coefficients from being singular.
        matrix[i][i] += 1e-10 * trace;
        let (above, below) = matrix.split_at_mut(i);
        for (value, row) in below[0].iter_mut().zip(above) {
            *value = row[i].conj();
        }
    }
    let coefficients = solve(matrix, right)?;
    let rest: f64 =
        (0..rows).map(|row| (known[row] - predict(known, row, &coefficients)).norm_sqr()).sum();
    let error = (rest / rows as f64).sqrt();
    error.is_finite().then_some((coefficients, error))
}

/// Gaussian elimination with the largest pivot.
fn solve(
    mut matrix: Vec<[Complex64; ORDER]>,
    mut right: [Complex64; ORDER],
) -> Option<Vec<Complex64>> {
    for column in 0..ORDER {
        let pivot = (column..ORDER).max_by(|&a, &b| {
            matrix[a][column].norm_sqr().total_cmp(&matrix[b][column].norm_sqr())
        })?;
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let top = matrix[column];
        if top[column].norm_sqr() == 0.0 {
            return None;
        }
        for row in column + 1..ORDER {
            let factor = matrix[row][column] / top[column];
            for (value, above) in matrix[row].iter_mut().zip(&top).skip(column) {
                *value -= factor * above;
            }
            let above = right[column];
            right[row] -= factor * above;
        }
    }
    let mut solution = vec![Complex64::ZERO; ORDER];
    for row in (0..ORDER).rev() {
        let known: Complex64 = (row + 1..ORDER).map(|j| matrix[row][j] * solution[j]).sum();
        solution[row] = (right[row] - known) / matrix[row][row];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal() -> Vec<Complex64> {
        let mut state = 7u64;
        (0..4096)
            .map(|t| {
                let time = f64::from(t);
                let mut random = || {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 33) as f64 / f64::from(1u32 << 31) - 0.5
                };
                let noise = Complex64::new(random(), random());
                let lines: Complex64 = [(0.31, 100.0), (-1.2, 60.0), (2.1, 30.0)]
                    .iter()
                    .map(|&(turn, height)| {
                        Complex64::from_polar(height * (-time / 900.0).exp(), turn * time + 0.4)
                    })
                    .sum();
                lines + noise
            })
            .collect()
    }

    #[test]
    fn spoilt_points_are_found_and_come_back() {
        let truth = signal();
        let mut points = truth.clone();
        points[0] *= 1.8;
        points[1] += Complex64::new(-70.0, 20.0);
        points[2] *= 0.3;
        assert_eq!(spoilt(&points), 3);
        assert_eq!(repair(&mut points, 3), 3);
        for (found, true_one) in points.iter().zip(&truth).take(3) {
            assert!((found - true_one).norm() < 8.0, "{found} for {true_one}");
        }
    }

    #[test]
    fn a_sound_signal_and_a_short_one_are_left_alone() {
        assert_eq!(spoilt(&signal()), 0);
        let mut short = signal()[..100].to_vec();
        assert_eq!(spoilt(&short), 0);
        assert_eq!(repair(&mut short, 3), 0);
    }
}
