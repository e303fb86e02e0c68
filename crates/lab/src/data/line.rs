//! A 13C line as a network is shown it: moved a little every time.

use rand::{Rng, RngExt};

use crate::drawing::laplace;

/// Each measured line of each epoch is moved by up to this: as far as solvent and referencing move
/// it between laboratories, ppm.
const BETWEEN_LABORATORIES: f32 = 0.3;
/// Lines closer than this are one, ppm.
const SAME_PPM: f32 = 0.05;

/// A 13C line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Shift, ppm.
    pub ppm: f32,
    /// Scale of the Laplace distribution around it where it is predicted, ppm; 0 where measured.
    pub spread: f32,
}

/// The lines that shifts make, and which line each shift belongs to.
pub(crate) fn lines_of(shifts: &[Line]) -> (Vec<Line>, Vec<usize>) {
    let mut order: Vec<usize> = (0..shifts.len()).collect();
    order.sort_by(|&a, &b| shifts[a].ppm.total_cmp(&shifts[b].ppm));
    let (mut lines, mut line_of): (Vec<Line>, _) = (Vec::new(), vec![0; shifts.len()]);
    for shift in order {
        if lines.last().is_none_or(|line| shifts[shift].ppm - line.ppm >= SAME_PPM) {
            lines.push(shifts[shift]);
        }
        line_of[shift] = lines.len() - 1;
    }
    (lines, line_of)
}

/// Shifts of lines as one more sample might show them. Predicted ones are off together by more or
/// by less, since some molecules are predicted well and some badly.
#[allow(clippy::cast_possible_truncation)]
pub(crate) fn moved(lines: &[Line], random: &mut impl Rng) -> Vec<f32> {
    let share = random.random_range(0.2..1.2);
    lines
        .iter()
        .map(|line| {
            let off = if line.spread > 0.0 {
                (laplace(random) * share) as f32 * line.spread
            } else {
                random.random_range(-BETWEEN_LABORATORIES..=BETWEEN_LABORATORIES)
            };
            line.ppm + off
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn line(ppm: f32, spread: f32) -> Line {
        Line { ppm, spread }
    }

    #[test]
    fn equal_shifts_are_one_line_whatever_their_order() {
        let shifts = [line(128.2, 0.0), line(20.0, 0.0), line(128.21, 0.0), line(127.0, 0.0)];
        let (lines, line_of) = lines_of(&shifts);
        assert_eq!(lines.iter().map(|line| line.ppm).collect::<Vec<_>>(), [20.0, 127.0, 128.2]);
        assert_eq!(line_of, [2, 0, 2, 1]);
    }

    #[test]
    fn measured_lines_move_a_little_and_predicted_ones_by_their_spread() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let lines = [line(50.0, 0.0), line(50.0, 5.0)];
        let (mut near, mut far) = (0.0_f32, 0.0_f32);
        for _ in 0..200 {
            let shown = moved(&lines, &mut random);
            near = near.max((shown[0] - 50.0).abs());
            far += (shown[1] - 50.0).abs() / 200.0;
        }
        assert!((0.25..=0.3).contains(&near), "{near}");
        assert!((2.0..6.0).contains(&far), "{far}");
    }
}
