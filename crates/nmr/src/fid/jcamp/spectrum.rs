//! From a block with a processed spectrum to a [`Fid`].

use super::axis;
use super::document::{Block, Table};
use super::header::{self, Header};
use super::ntuples::{self, Abscissa, Declared, MOST_POINTS};
use super::pairs;
use super::problem::Problem;
use crate::fid::from_spectrum;
use crate::fid::problem::{Malformed, ParameterProblem, PointsProblem, Unsupported};
use crate::fid::signal::{Fid, Origin};

/// Reads the one spectrum of a block.
pub(super) fn read(block: &Block<'_>) -> Result<Fid, Problem> {
    let header = Header::of(block);
    let (mut values, abscissa) = match block.tables.as_slice() {
        [] => return Err(Problem::Malformed(Malformed::Without("table of points"))),
        tables if tables.iter().any(|table| table.label == "DATATABLE") => {
            let pages = ntuples::pages(block)?;
            (pages.real, pages.abscissa)
        }
        // Lists of peaks and the like may stand beside the points.
        tables => match tables.iter().find(|table| table.label == "XYDATA") {
            Some(table) if !pairs::are_in(table) => xydata(block, table)?,
            other => {
                let table = other.unwrap_or(&tables[0]);
                pairs(block, table)?
                    .ok_or_else(|| Problem::Unsupported(Unsupported::Peaks(table.label.clone())))?
            }
        },
    };
    if values.len() < 2 || values.iter().all(|&value| value == 0.0) {
        return Err(Problem::Points(PointsProblem::NoSpectrum));
    }
    let reference_mhz = reference_mhz(block)?;
    let Axis { low_hz, step_hz, is_referenced } =
        axis(block, &abscissa, values.len(), reference_mhz, &header)?;
    if abscissa.first > abscissa.last {
        values.reverse();
    }
    let carrier_hz = low_hz + (values.len() / 2) as f64 * step_hz;
    Ok(Fid {
        origin: Origin::Spectrum,
        sweep_width_hz: step_hz * values.len() as f64,
        carrier_mhz: reference_mhz + carrier_hz / 1e6,
        reference_mhz,
        calibrated_mhz: is_referenced.then_some(reference_mhz),
        nucleus: header.nucleus,
        experiment: header.experiment,
        group_delay: 0.0,
        solvent: header.solvent,
        solvent_name: header.solvent_name,
        water_suppressed: header.water_suppressed,
        temperature_k: header.temperature_k,
        scans: header.scans,
        title: header.title,
        pulse_program: header.pulse_program,
        points: from_spectrum::signal(&values),
    })
}

/// The points of a table of pairs; `None` where it lists peaks.
fn pairs(block: &Block<'_>, table: &Table<'_>) -> Result<Option<(Vec<f64>, Abscissa)>, Problem> {
    if !pairs::are_in(table) {
        return Ok(None);
    }
    let factor = |label| block.number(label).unwrap_or(1.0);
    let factors = [factor("XFACTOR"), factor("YFACTOR")];
    pairs::spectrum(table, &units(block), factors, MOST_POINTS, block.has_decimal_commas())
}

/// The unit of the abscissa: programs write a name before or brackets around it.
fn units(block: &Block<'_>) -> String {
    let written = block.get("XUNITS").unwrap_or_default().to_ascii_uppercase();
    let named = ["PPM", "HERTZ", "HZ"]
        .into_iter()
        .find(|unit| written.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word == *unit));
    named.map_or(written.clone(), str::to_owned)
}

/// The table of a block with real points only.
fn xydata(block: &Block<'_>, table: &Table<'_>) -> Result<(Vec<f64>, Abscissa), Problem> {
    let form: String = table.form.chars().filter(|c| !c.is_whitespace()).collect();
    if !form.starts_with("(X++(Y..Y))") {
        return Err(Problem::Unsupported(Unsupported::Table(table.form.clone())));
    }
    let end = |label: &str, name| {
        block
            .number(label)
            .ok_or(Problem::Parameter { name, problem: ParameterProblem::NotANumber })
    };
    let factor = block.number("YFACTOR").unwrap_or(1.0);
    let declared = Declared { points: block.count("NPOINTS"), name: "NPOINTS" };
    let values = ntuples::counted(table, declared, factor, block.has_decimal_commas())?;
    let mut abscissa = Abscissa {
        units: units(block),
        first: end("FIRSTX", "FIRSTX")?,
        last: end("LASTX", "LASTX")?,
        points: 0,
    };
    abscissa.points(values.len(), declared.points, block.number("DELTAX"));
    Ok((values, abscissa))
}

/// Frequency of 0 ppm: the operator's calibration, else nearly that at which was observed.
fn reference_mhz(block: &Block<'_>) -> Result<f64, Problem> {
    let observe_mhz = header::observe_mhz(block)?;
    let calibrated = block.private.number("SF").or_else(|| block.private.number("BF1"));
    Ok(calibrated.filter(|mhz| (mhz / observe_mhz - 1.0).abs() < 1e-3).unwrap_or(observe_mhz))
}

/// The axis of a spectrum.
struct Axis {
    /// Lowest frequency relative to 0 ppm, Hz.
    low_hz: f64,
    /// Step upwards, Hz.
    step_hz: f64,
    /// Whether something says where 0 ppm is.
    is_referenced: bool,
}

fn axis(
    block: &Block<'_>,
    abscissa: &Abscissa,
    points: usize,
    reference_mhz: f64,
    header: &Header,
) -> Result<Axis, Problem> {
    let (name, hz) = match abscissa.units.as_str() {
        "HZ" | "HERTZ" => ("FIRST", 1.0),
        "PPM" => ("FIRST", reference_mhz),
        other => {
            let problem = ParameterProblem::NotAllowed {
                found: format!("'{other}'"),
                allowed: "HZ and PPM are read".to_owned(),
            };
            return Err(Problem::Parameter { name: "UNITS", problem });
        }
    };
    let (first, last) = (abscissa.first * hz, abscissa.last * hz);
    let step = abscissa.step().unwrap_or(0.0) * hz;
    let width_hz = step.abs() * points as f64;
    if !(width_hz.is_finite() && width_hz > 0.0 && first.abs().max(last.abs()) < 1e9) {
        let problem = ParameterProblem::EmptyAxis { first_hz: first, last_hz: last };
        return Err(Problem::Parameter { name, problem });
    }
    // Of more or fewer points than declared the first stands where the header says.
    let (low, high) = (first.min(first + width_hz.copysign(step) - step), first.max(last));
    let axis = |offset_hz: f64, is_referenced| Axis {
        low_hz: low + offset_hz,
        step_hz: step.abs(),
        is_referenced,
    };
    if hz != 1.0 {
        return Ok(axis(0.0, true));
    }
    // An axis in Hz may start anywhere: the point with a known shift says where.
    let by_point = axis::shift_reference(block)
        .filter(|(point, _)| (1.0..=points as f64).contains(point))
        .map(|(point, ppm)| ppm * reference_mhz - (first + (point - 1.0) * step));
    if let Some(offset) = by_point {
        return Ok(axis(offset, true));
    }
    // Where the axis starts at nothing nobody has said where it lies, unless `OFFSET` does: the
    // shift of the edge at high frequency. Elsewhere it is what is left of an earlier axis.
    let from_edge = first.abs().min(last.abs()) < 0.5 * step.abs();
    if !from_edge {
        return Ok(axis(0.0, true));
    }
    if let Some(ppm) = block.private.number("OFFSET") {
        return Ok(axis(ppm * reference_mhz - high, true));
    }
    let middle = axis::usual_middle_ppm(block, &header.nucleus) * reference_mhz;
    Ok(axis(middle - (low + 0.5 * width_hz), false))
}
