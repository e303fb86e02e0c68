//! Baseline correction: a stiff curve through the regions without signal.

use super::whittaker;

/// Regions the spectrum is cut into; the baseline bends over many of them only.
const REGIONS: usize = 2048;
/// Rounds after which the signal-free regions are taken as they are.
const MOST_ROUNDS: usize = 20;

/// Takes the baseline off; returns the rounds it took. With `both_signs`, lines may point down
/// and what lies below the curve counts as signal as much as what lies above.
pub fn correct(real: &mut [f64], stiffness: f64, both_signs: bool) -> usize {
    let width = real.len().div_ceil(REGIONS).max(1);
    let mut sorted = Vec::with_capacity(width.max(REGIONS));
    let levels: Vec<f64> =
        real.chunks(width).map(|region| median(region.iter().copied(), &mut sorted)).collect();
    let (curve, rounds) = curve(&levels, stiffness, both_signs, &mut sorted);
    subtract(real, &curve, width);
    rounds
}

/// Smooths through the levels, dropping in each round those that stand out of the last curve.
fn curve(
    levels: &[f64],
    stiffness: f64,
    both_signs: bool,
    sorted: &mut Vec<f64>,
) -> (Vec<f64>, usize) {
    let below = if both_signs { 3.0 } else { 5.0 };
    let mut weights = vec![1.0; levels.len()];
    let mut curve = vec![median(levels.iter().copied(), sorted); levels.len()];
    for round in 1..=MOST_ROUNDS {
        let rests = || levels.iter().zip(&curve).map(|(level, z)| level - z);
        let spread = 1.4826 * median(rests().map(f64::abs), sorted);
        let mut unchanged = round > 1;
        for (weight, rest) in weights.iter_mut().zip(rests()) {
            let quiet = rest < 3.0 * spread && rest > -below * spread;
            let next = f64::from(u8::from(quiet));
            unchanged &= *weight == next;
            *weight = next;
        }
        if unchanged {
            // The same weights give the same curve.
            return (curve, round);
        }
        curve = whittaker::smooth(levels, &weights, stiffness);
    }
    (curve, MOST_ROUNDS)
}

/// Takes the curve, straight from the middle of one region to that of the next, off the points.
fn subtract(real: &mut [f64], curve: &[f64], width: usize) {
    for (region, points) in real.chunks_mut(width).enumerate() {
        let here = curve[region];
        let before = curve[region.saturating_sub(1)];
        let after = curve[(region + 1).min(curve.len() - 1)];
        for (index, value) in points.iter_mut().enumerate() {
            let place = (index as f64 + 0.5) / width as f64 - 0.5;
            let slope = if place < 0.0 { here - before } else { after - here };
            *value -= here + place * slope;
        }
    }
}

/// The upper median; `sorted` is room to work in.
fn median(values: impl Iterator<Item = f64>, sorted: &mut Vec<f64>) -> f64 {
    sorted.clear();
    sorted.extend(values);
    let middle = sorted.len() / 2;
    *sorted.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_baseline_goes_and_lines_stay() {
        for sign in [1.0, -1.0] {
            let truth: Vec<f64> = (0..65536)
                .map(|i| {
                    let near = |at: f64| 1000.0 / (1.0 + ((f64::from(i) - at) / 4.0).powi(2));
                    near(20000.0) + sign * near(45000.0)
                })
                .collect();
            let mut real: Vec<f64> = truth
                .iter()
                .enumerate()
                .map(|(i, line)| line + 20.0 * (i as f64 / 9000.0).sin() + i as f64 / 3000.0)
                .collect();
            correct(&mut real, 1e4, sign < 0.0);
            let worst = real.iter().zip(&truth).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(worst < 4.0, "{worst}");
        }
    }

    /// Lines on a roll over the whole width and a hump of 6 % of it: what is left of roll and hump.
    fn after(stiffness: f64) -> (f64, f64) {
        let hump = |i: f64| 60.0 * (-((i - 40000.0) / 1600.0).powi(2)).exp();
        let mut real: Vec<f64> = (0..65536)
            .map(|i| {
                let i = f64::from(i);
                let line = 900.0 / (1.0 + ((i - 20000.0) / 4.0).powi(2));
                line + 30.0 * (std::f64::consts::PI * i / 65536.0).cos() + hump(i)
            })
            .collect();
        correct(&mut real, stiffness, false);
        let roll = [5000usize, 12000, 30000, 52000, 60000]
            .iter()
            .map(|&at| real[at].abs())
            .fold(0.0, f64::max);
        (roll, real[40000])
    }

    #[test]
    fn a_stiff_curve_takes_the_roll_and_leaves_the_hump() {
        let (roll, hump) = after(1e9);
        assert!(roll < 3.0 && hump > 50.0, "{roll} {hump}");
    }
}
