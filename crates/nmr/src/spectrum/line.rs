//! Single lines: complex Lorentzians fitted to a few points of a spectrum.

use num_complex::Complex64;

/// A fitted line, in units of spectrum points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Position, points.
    pub centre: f64,
    /// Half width at half height, points.
    pub half_width: f64,
    /// Complex height: its argument is the line's phase.
    pub height: Complex64,
    /// Root mean square of what the fit leaves, relative to the height.
    pub misfit: f64,
}

/// Points to either side of a line's top that are fitted, at most.
const MOST_REACH: usize = 60;

/// Fits `height / (1 + i (x - centre) / half_width) + offset` around the magnitude maximum at
/// `peak`. `None` where no line can be made out.
pub fn fit(spectrum: &[Complex64], peak: usize) -> Option<Line> {
    let half_width = magnitude_half_width(spectrum, peak)?;
    let reach = (3.0 * half_width).ceil().clamp(4.0, MOST_REACH as f64) as usize;
    if peak < reach || peak + reach >= spectrum.len() {
        return None;
    }
    let window = &spectrum[peak - reach..=peak + reach];
    let mut centre = reach as f64;
    let mut half_width = half_width;
    let mut shapes = [Complex64::ZERO; 2 * MOST_REACH + 1];
    let shapes = &mut shapes[..window.len()];
    for _ in 0..12 {
        draw(shapes, centre, half_width);
        let (height, offset) = amplitudes(window, shapes)?;
        // Gauss-Newton on the two shape parameters, the amplitudes being exact for each.
        let (mut aa, mut ab, mut bb, mut ra, mut rb) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let steepness = Complex64::I * height / half_width;
        for (index, (&point, &shape)) in window.iter().zip(&*shapes).enumerate() {
            let x = (index as f64 - centre) / half_width;
            let by_centre = steepness * shape * shape;
            let rest = point - height * shape - offset;
            let square = by_centre.norm_sqr();
            let along = by_centre.re * rest.re + by_centre.im * rest.im;
            // The derivative by the width is that by the centre times x.
            aa += square;
            ab += square * x;
            bb += square * x * x;
            ra += along;
            rb += along * x;
        }
        aa *= 1.0 + 1e-3;
        bb *= 1.0 + 1e-3;
        let determinant = aa * bb - ab * ab;
        if determinant <= 0.0 || !determinant.is_finite() {
            return None;
        }
        let move_centre = (ra * bb - rb * ab) / determinant;
        let move_width = (rb * aa - ra * ab) / determinant;
        centre += move_centre.clamp(-half_width, half_width);
        half_width = (half_width + move_width).clamp(0.5 * half_width, 2.0 * half_width);
        if (centre - reach as f64).abs() > reach as f64 / 2.0 || half_width > reach as f64 {
            return None;
        }
        if move_centre.abs() + move_width.abs() < 1e-4 * half_width {
            break;
        }
    }
    draw(shapes, centre, half_width);
    let (height, offset) = amplitudes(window, shapes)?;
    let rest: f64 = window
        .iter()
        .zip(&*shapes)
        .map(|(point, shape)| (point - height * shape - offset).norm_sqr())
        .sum();
    let misfit = (rest / window.len() as f64).sqrt() / height.norm();
    misfit.is_finite().then(|| Line {
        centre: (peak - reach) as f64 + centre,
        half_width,
        height,
        misfit,
    })
}

/// A Lorentzian of height 1, `x` half widths from its centre: 1 / (1 + i x).
pub fn shape(x: f64) -> Complex64 {
    let absorption = 1.0 / (1.0 + x * x);
    Complex64::new(absorption, -x * absorption)
}

fn draw(shapes: &mut [Complex64], centre: f64, half_width: f64) {
    let step = 1.0 / half_width;
    for (index, point) in shapes.iter_mut().enumerate() {
        *point = shape((index as f64 - centre) * step);
    }
}

/// Least-squares height and constant offset for a given shape.
fn amplitudes(window: &[Complex64], shapes: &[Complex64]) -> Option<(Complex64, Complex64)> {
    let (mut ss, mut s, mut sy, mut y) = (0.0, Complex64::ZERO, Complex64::ZERO, Complex64::ZERO);
    for (&point, &shape) in window.iter().zip(shapes) {
        ss += shape.norm_sqr();
        s += shape;
        sy += shape.conj() * point;
        y += point;
    }
    let count = window.len() as f64;
    let determinant = ss * count - s.norm_sqr();
    if determinant <= 1e-9 * ss * count {
        return None;
    }
    let height = (sy * count - s.conj() * y) / determinant;
    let offset = (y * ss - s * sy) / determinant;
    Some((height, offset))
}

/// Half width from where the magnitude falls to 1/sqrt(2) on the narrower side.
fn magnitude_half_width(spectrum: &[Complex64], peak: usize) -> Option<f64> {
    let limit = spectrum.get(peak)?.norm_sqr() / 2.0;
    let side = |step: isize| {
        let mut last = spectrum[peak].norm_sqr();
        (1..200).find_map(|distance| {
            let index = peak.checked_add_signed(step * distance)?;
            let value = spectrum.get(index)?.norm_sqr();
            if value <= limit {
                let share = (last - limit) / (last - value).max(f64::MIN_POSITIVE);
                return Some(distance as f64 - 1.0 + share);
            }
            last = value;
            None
        })
    };
    match (side(-1), side(1)) {
        (Some(left), Some(right)) => Some(left.min(right).max(0.5)),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_with_its_phase_on_a_sloping_neighbourhood() {
        for phase in [-2.5, -0.7, 0.0, 1.0, 3.0] {
            let height = Complex64::from_polar(50.0, phase);
            let spectrum: Vec<Complex64> = (0..400)
                .map(|i| {
                    height / Complex64::new(1.0, (f64::from(i) - 200.3) / 3.0)
                        + Complex64::new(30.0, 5.0)
                            / Complex64::new(1.0, (f64::from(i) - 300.0) / 3.0)
                })
                .collect();
            let line = fit(&spectrum, 200).unwrap();
            assert!((line.centre - 200.3).abs() < 0.05, "{line:?}");
            assert!((line.half_width - 3.0).abs() < 0.1, "{line:?}");
            assert!((line.height / height).arg().abs() < 0.01, "{line:?}");
        }
    }

    #[test]
    fn nothing_is_no_line() {
        assert_eq!(fit(&[Complex64::ZERO; 100], 50), None);
        assert_eq!(fit(&[Complex64::ONE; 100], 50), None);
        assert_eq!(fit(&[Complex64::ONE; 3], 1), None);
    }
}
