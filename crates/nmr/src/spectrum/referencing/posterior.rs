//! How probable each offset is, all assumed solvents taken together.

use super::assumed_solvent::AssumedSolvent;

/// Cells on either side of a proposed offset at most: one that scatters more widely is no witness.
const MOST_CELLS_ABOUT: i64 = 60;

/// Probability of the offsets in one narrow cell.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// Its middle, ppm.
    pub shift: f64,
    /// Of all assumed solvents; over all cells these sum to 1.
    pub probability: f64,
    /// The assumed solvent that contributes most.
    pub assumed: usize,
}

/// Cells in ascending order of offset: all within `near` ppm of none, and those about offsets that
/// some witness proposes.
pub(super) fn cells(assumed: &[AssumedSolvent], near: f64, step: f64) -> Vec<Cell> {
    let last = (near / step).ceil() as i64;
    let mut places: Vec<i64> = (-last..=last).collect();
    // A proposed offset far off is tried with what lies about it, as widely as it scatters.
    for (shift, deviation) in assumed.iter().flat_map(AssumedSolvent::shifts) {
        let place = (shift / step).round() as i64;
        let reach = ((3.0 * deviation / step).ceil() as i64).clamp(3, MOST_CELLS_ABOUT);
        if place.abs() > last {
            places.extend(place - reach..=place + reach);
        }
    }
    places.sort_unstable();
    places.dedup();
    let mut cells: Vec<Cell> = places
        .into_iter()
        .map(|place| {
            let shift = place as f64 * step;
            let mut cell = Cell { shift, probability: 0.0, assumed: 0 };
            let mut most = 0.0;
            for (index, one) in assumed.iter().enumerate() {
                let density = one.density(shift);
                cell.probability += density;
                if density > most {
                    (most, cell.assumed) = (density, index);
                }
            }
            cell
        })
        .collect();
    let whole: f64 = cells.iter().map(|cell| cell.probability).sum();
    if whole > 0.0 && whole.is_finite() {
        cells.iter_mut().for_each(|cell| cell.probability /= whole);
    } else {
        cells.clear();
    }
    cells
}

/// The cells within `reach` of an offset.
pub(super) fn about(cells: &[Cell], shift: f64, reach: f64) -> &[Cell] {
    let first = cells.partition_point(|cell| cell.shift < shift - reach);
    let last = cells.partition_point(|cell| cell.shift <= shift + reach);
    cells.get(first..last).unwrap_or_default()
}

/// Probability within `reach` of an offset.
pub(super) fn mass(cells: &[Cell], shift: f64, reach: f64) -> f64 {
    about(cells, shift, reach).iter().map(|cell| cell.probability).sum()
}
