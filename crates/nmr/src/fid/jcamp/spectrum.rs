//! From a block with a processed spectrum to a [`Fid`].

use super::document::Block;
use super::header::{self, Header};
use super::ntuples::{self, Abscissa};
use super::problem::Problem;
use crate::fid::from_spectrum;
use crate::fid::problem::{Malformed, ParameterProblem, PointsProblem, Unsupported};
use crate::fid::signal::{Fid, Origin};

/// Reads the one spectrum of a block.
pub(super) fn read(block: &Block<'_>) -> Result<Fid, Problem> {
    let header = Header::of(block);
    let (mut values, abscissa) = match block.tables.as_slice() {
        [] => return Err(Problem::Malformed(Malformed::Without("table of points"))),
        [one] if one.label == "XYDATA" => xydata(block)?,
        tables if tables.iter().all(|table| table.label == "DATATABLE") => {
            let pages = ntuples::pages(block)?;
            (pages.real, pages.abscissa)
        }
        [other, ..] => {
            return Err(Problem::Unsupported(Unsupported::Peaks(other.label.clone())));
        }
    };
    if values.len() < 2 || values.iter().all(|&value| value == 0.0) {
        return Err(Problem::Points(PointsProblem::NoSpectrum));
    }
    let reference_mhz = reference_mhz(block)?;
    let (low_hz, step_hz) = axis(block, &abscissa, values.len(), reference_mhz)?;
    if abscissa.first > abscissa.last {
        values.reverse();
    }
    let carrier_hz = low_hz + (values.len() / 2) as f64 * step_hz;
    Ok(Fid {
        origin: Origin::Spectrum,
        sweep_width_hz: step_hz * values.len() as f64,
        carrier_mhz: reference_mhz + carrier_hz / 1e6,
        reference_mhz,
        calibrated_mhz: None,
        nucleus: header.nucleus,
        experiment: header.experiment,
        group_delay: 0.0,
        solvent: header.solvent,
        solvent_name: header.solvent_name,
        water_suppressed: false,
        temperature_k: header.temperature_k,
        scans: header.scans,
        title: header.title,
        pulse_program: header.pulse_program,
        points: from_spectrum::signal(&values),
    })
}

/// The table of a block with real points only.
fn xydata(block: &Block<'_>) -> Result<(Vec<f64>, Abscissa), Problem> {
    let table = &block.tables[0];
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
    let values = ntuples::counted(table, block.number("NPOINTS"), "NPOINTS", factor)?;
    let abscissa = Abscissa {
        units: block.get("XUNITS").unwrap_or_default().to_ascii_uppercase(),
        first: end("FIRSTX", "FIRSTX")?,
        last: end("LASTX", "LASTX")?,
    };
    Ok((values, abscissa))
}

/// Frequency of 0 ppm: the operator's calibration, else nearly that at which was observed.
fn reference_mhz(block: &Block<'_>) -> Result<f64, Problem> {
    let observe_mhz = header::observe_mhz(block)?;
    let calibrated = block.private.number("SF").or_else(|| block.private.number("BF1"));
    Ok(calibrated.filter(|mhz| (mhz / observe_mhz - 1.0).abs() < 1e-3).unwrap_or(observe_mhz))
}

/// Lowest frequency relative to 0 ppm and the step upwards, Hz.
fn axis(
    block: &Block<'_>,
    abscissa: &Abscissa,
    points: usize,
    reference_mhz: f64,
) -> Result<(f64, f64), Problem> {
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
    let step = (last - first) / (points - 1) as f64;
    let width_hz = step.abs() * points as f64;
    if !(width_hz.is_finite() && width_hz > 0.0 && first.abs().max(last.abs()) < 1e9) {
        let problem = ParameterProblem::EmptyAxis { first_hz: first, last_hz: last };
        return Err(Problem::Parameter { name, problem });
    }
    // An axis in Hz may start anywhere: the point with a known shift says where.
    let offset = header::shift_reference(block)
        .filter(|_| hz == 1.0)
        .filter(|(point, _)| (1.0..=points as f64).contains(point))
        .map_or(0.0, |(point, ppm)| ppm * reference_mhz - (first + (point - 1.0) * step));
    Ok((first.min(last) + offset, step.abs()))
}
