//! Tables of pairs, `(XY..XY)`: lists of peaks, and whole spectra of programs that write every
//! table so.

use super::document::Table;
use super::ntuples::Abscissa;
use super::problem::Problem;
use super::table;

/// Fewer points than this are no spectrum: lists of peaks are as long as that.
const LEAST_POINTS: usize = 256;
/// How far from its place in an even row a point may stand, in steps: programs round.
const UNEVEN: f64 = 0.25;

/// Whether a table is one of pairs.
pub(super) fn are_in(table: &Table<'_>) -> bool {
    let form: String = table.form.chars().filter(|c| !c.is_whitespace()).collect();
    form.starts_with("(XY..XY)")
}

/// The ordinates of a table whose abscissas are evenly spaced, as those of a spectrum are and those
/// of peaks are not; `None` for a list of peaks.
pub(super) fn spectrum(
    table: &Table<'_>,
    units: &str,
    factors: [f64; 2],
    most: usize,
    decimal_commas: bool,
) -> Result<Option<(Vec<f64>, Abscissa)>, Problem> {
    let numbers = table::numbers(table.text, table.line, 2 * most, decimal_commas)?;
    let (points, rest) = numbers.as_chunks::<2>();
    if points.len() < LEAST_POINTS || !rest.is_empty() {
        return Ok(None);
    }
    let (first, last) = (points[0][0] * factors[0], points[points.len() - 1][0] * factors[0]);
    let abscissa = Abscissa { units: units.to_owned(), first, last, points: points.len() };
    let Some(step) = abscissa.step() else { return Ok(None) };
    let even = points.iter().enumerate().all(|(place, point)| {
        (point[0] * factors[0] - first - place as f64 * step).abs() <= UNEVEN * step.abs()
    });
    let values = || points.iter().map(|point| point[1] * factors[1]).collect();
    Ok(even.then(|| (values(), abscissa)))
}
