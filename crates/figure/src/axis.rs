//! The ppm axis: it rises to the left.

use svg::node::element::Group;

use crate::ink::{self, BLACK};
use crate::scale::Scale;

/// A tick and its number, pixels.
const TICK: f64 = 5.0;
const SIZE: f64 = 11.0;
/// How far a number may stand out over the ends, pixels.
const OVER: f64 = 4.0;
/// Most ticks, whatever the axis.
const MOST: i32 = 60;

/// The axis at `y`, with a number about every `room` pixels.
pub(crate) fn draw(scale: &Scale, y: f64, room: f64) -> Group {
    let mut axis = Group::new().add(ink::stroke([(scale.left, y), (scale.right, y)], BLACK, 1.0));
    let (step, digits) = step(room / scale.per_ppm());
    let first = (scale.low_ppm / step).ceil();
    for tick in (0..MOST).map(|tick| (first + f64::from(tick)) * step) {
        if tick > scale.high_ppm + 1e-9 {
            break;
        }
        let x = scale.x(tick);
        axis = axis.add(ink::stroke([(x, y), (x, y + TICK)], BLACK, 1.0));
        // Adding zero takes the sign off a negative one.
        let number = format!("{:.digits$}", tick + 0.0);
        let half = 0.5 * ink::length(&number, SIZE);
        if x - half < scale.left - OVER || x + half > scale.right + OVER {
            continue;
        }
        axis = axis.add(ink::words(&number, x, y + TICK + SIZE, SIZE, "middle"));
    }
    axis
}

/// 1, 2 or 5 times a power of ten that is no less than `least`, and how many decimals show it.
fn step(least: f64) -> (f64, usize) {
    let power = 10f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power);
    let step = step.into_iter().find(|&step| step >= least * 0.999).unwrap_or(10.0 * power);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let digits = if step < 0.999 { (-step.log10() - 1e-9).ceil().min(9.0) as usize } else { 0 };
    (step, digits)
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn steps_are_round_and_have_the_decimals_they_need() {
        for (least, wanted, digits) in
            [(0.9, 1.0, 0), (1.0, 1.0, 0), (0.3, 0.5, 1), (0.012, 0.02, 2), (7.0, 10.0, 0)]
        {
            let (found, decimals) = step(least);
            assert!((found - wanted).abs() < 1e-12, "{least}: {found}");
            assert_eq!(decimals, digits, "{least}");
        }
    }
}
