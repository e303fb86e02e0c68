//! Weighted Whittaker smoothing with second differences: a pentadiagonal system, solved in place
//! in linear time.

/// Minimises `sum w (y - z)^2 + stiffness * sum (second difference of z)^2` over `z`.
pub fn smooth(values: &[f64], weights: &[f64], stiffness: f64) -> Vec<f64> {
    let count = values.len();
    if count < 3 {
        return values.to_vec();
    }
    // L D L' with D diagonal and two sub-diagonals in L.
    let mut diagonal = vec![0.0; count];
    let mut below = vec![0.0; count];
    let mut second = vec![0.0; count];
    let mut solution = vec![0.0; count];
    for i in 0..count {
        let ends = i.min(count - 1 - i);
        let (centre, next) = match ends {
            0 => (1.0, -2.0),
            1 if count == 3 => (4.0, -2.0),
            1 => (5.0, if i == 1 { -4.0 } else { -2.0 }),
            _ => (6.0, -4.0),
        };
        // A trace of weight everywhere keeps the system regular.
        let weight = weights[i].max(1e-9);
        let mut d = weight + stiffness * centre;
        let mut e = stiffness * next;
        let mut right = weight * values[i];
        if i >= 1 {
            d -= below[i - 1] * below[i - 1] * diagonal[i - 1];
            e -= below[i - 1] * second[i - 1] * diagonal[i - 1];
            right -= below[i - 1] * solution[i - 1];
        }
        if i >= 2 {
            d -= second[i - 2] * second[i - 2] * diagonal[i - 2];
            right -= second[i - 2] * solution[i - 2];
        }
        diagonal[i] = d;
        below[i] = e / d;
        second[i] = stiffness / d;
        solution[i] = right;
    }
    for (value, d) in solution.iter_mut().zip(&diagonal) {
        *value /= d;
    }
    solution[count - 2] -= below[count - 2] * solution[count - 1];
    for i in (0..count - 2).rev() {
        solution[i] -= below[i] * solution[i + 1] + second[i] * solution[i + 2];
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::smooth;

    #[test]
    fn the_solution_satisfies_the_normal_equations() {
        for count in [3usize, 4, 5, 6, 40] {
            let values: Vec<f64> = (0..count).map(|i| ((i * i) as f64 * 0.7).sin()).collect();
            let weights: Vec<f64> = (0..count).map(|i| 0.2 + (i % 3) as f64).collect();
            let stiffness = 3.0;
            let z = smooth(&values, &weights, stiffness);
            let differences: Vec<f64> = z.windows(3).map(|w| w[0] - 2.0 * w[1] + w[2]).collect();
            let difference = |i: isize| {
                usize::try_from(i).ok().and_then(|i| differences.get(i)).copied().unwrap_or(0.0)
            };
            for i in 0..count {
                let at = i as isize;
                let rough = difference(at) - 2.0 * difference(at - 1) + difference(at - 2);
                let residual = weights[i] * (z[i] - values[i]) + stiffness * rough;
                assert!(residual.abs() < 1e-9, "{count} {i}: {residual}");
            }
        }
    }

    #[test]
    fn a_straight_line_is_kept() {
        let values: Vec<f64> = (0..50).map(|i| 3.0 - 0.5 * f64::from(i)).collect();
        let z = smooth(&values, &[1.0; 50], 1e6);
        assert!(z.iter().zip(&values).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
