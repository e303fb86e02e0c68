//! Symmetric positive definite systems, small and dense, stored row by row.

/// Factors the matrix in place (lower triangle). False when it is not positive definite.
pub(super) fn factor(matrix: &mut [f64], size: usize) -> bool {
    for row in 0..size {
        for column in 0..=row {
            let mut sum = matrix[row * size + column];
            for k in 0..column {
                sum -= matrix[row * size + k] * matrix[column * size + k];
            }
            if row == column {
                if sum <= 0.0 || !sum.is_finite() {
                    return false;
                }
                matrix[row * size + row] = sum.sqrt();
            } else {
                matrix[row * size + column] = sum / matrix[column * size + column];
            }
        }
    }
    true
}

/// Solves with a factored matrix, in place.
pub(super) fn solve(factored: &[f64], size: usize, right: &mut [f64]) {
    for row in 0..size {
        let mut sum = right[row];
        for k in 0..row {
            sum -= factored[row * size + k] * right[k];
        }
        right[row] = sum / factored[row * size + row];
    }
    for row in (0..size).rev() {
        let mut sum = right[row];
        for k in row + 1..size {
            sum -= factored[k * size + row] * right[k];
        }
        right[row] = sum / factored[row * size + row];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved() {
        let matrix = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let truth = [1.0, -2.0, 0.5];
        let mut right: Vec<f64> =
            (0..3).map(|row| (0..3).map(|k| matrix[row * 3 + k] * truth[k]).sum()).collect();
        let mut factored = matrix;
        assert!(factor(&mut factored, 3));
        solve(&factored, 3, &mut right);
        assert!(right.iter().zip(&truth).all(|(a, b)| (a - b).abs() < 1e-12));
        assert!(!factor(&mut [1.0, 2.0, 2.0, 1.0], 2));
    }
}
