//! From a block with a free induction decay to a [`Fid`].

use num_complex::Complex64;

use super::document::Block;
use super::header::{self, Header};
use super::ntuples::{self, Abscissa, Pages};
use super::problem::Problem;
use super::{axis, sampling, sense};
use crate::fid::bruker::group_delay::{DigitalFilter, build_up};
use crate::fid::bruker::samples::Detection;
use crate::fid::problem::{ParameterProblem, PointsProblem, Unsupported};
use crate::fid::signal::{Fid, Origin};

/// A signal that begins with this share of its greatest height has no filter's delay before it.
const AT_ONCE: f64 = 0.3;

/// Reads the one FID of a block.
pub(super) fn read(block: &Block<'_>) -> Result<Fid, Problem> {
    let header = Header::of(block);
    let carrier_mhz = header::observe_mhz(block)?;
    if block.tables.iter().any(|table| table.label == "XYDATA") {
        return Err(Problem::Unsupported(Unsupported::OneChannel));
    }
    let pages = ntuples::pages(block)?;
    let detection = sampling::detection(block);
    let Some(points) = pages.complex() else {
        return Err(Problem::Unsupported(Unsupported::OneChannel));
    };
    let mut points = sampling::points(detection, points);
    sense::upright(block, &mut points);
    if points.iter().all(|point| point.norm_sqr() == 0.0) {
        return Err(Problem::Points(PointsProblem::AllZero));
    }
    let sweep_width_hz = sweep_width(block, &pages)?;
    let carrier_mhz = match detection {
        // With one channel the transmitter stands at the spectrum's lower edge.
        Detection::Single => carrier_mhz + sweep_width_hz / 2e6,
        _ => carrier_mhz,
    };
    let zero = axis::of_fid(block, &header.nucleus, carrier_mhz, sweep_width_hz, points.len());
    Ok(Fid {
        origin: Origin::Acquired,
        sweep_width_hz,
        carrier_mhz,
        reference_mhz: zero.reference_mhz,
        calibrated_mhz: zero.calibrated_mhz,
        nucleus: header.nucleus,
        experiment: header.experiment,
        group_delay: group_delay(block, &points),
        solvent: header.solvent,
        solvent_name: header.solvent_name,
        water_suppressed: header.water_suppressed,
        temperature_k: header.temperature_k,
        scans: header.scans,
        title: header.title,
        pulse_program: header.pulse_program,
        points,
    })
}

/// As the spectrometer says, else from the time between points.
fn sweep_width(block: &Block<'_>, pages: &Pages) -> Result<f64, Problem> {
    let declared = block.private.number("SW_h");
    let from_dwell = dwell_seconds(&pages.abscissa).map(f64::recip);
    declared
        .or(from_dwell)
        .filter(|&hz| hz > 0.0 && hz < 1e9)
        .ok_or(Problem::Parameter { name: "UNITS", problem: ParameterProblem::NoDwellTime })
}

fn dwell_seconds(abscissa: &Abscissa) -> Option<f64> {
    let unit = match abscissa.units.as_str() {
        "SECONDS" | "SECOND" | "S" | "SEC" => 1.0,
        "MILLISECONDS" | "MS" => 1e-3,
        "MICROSECONDS" | "US" => 1e-6,
        _ => return None,
    };
    abscissa.step().map(|step| unit * step.abs())
}

fn group_delay(block: &Block<'_>, points: &[Complex64]) -> f64 {
    let private = &block.private;
    if private.raw("DSPFVS").is_some() || private.raw("GRPDLY").is_some() {
        return DigitalFilter::from_parameters(private).delay(private.number("TDoff"), points);
    }
    // Nothing is said of a filter. A signal that is there at once came through none, or had its
    // delay taken off; else the delay is where it peaks.
    let strongest =
        |part: &[Complex64]| part.iter().map(Complex64::norm_sqr).fold(0.0, f64::max).sqrt();
    let start = &points[..points.len().min(4)];
    if strongest(start) > AT_ONCE * strongest(points) { 0.0 } else { build_up(points) }
}
