//! What the header and the parameters of a JEOL Delta file say together, typed and checked.

use std::path::Path;

use super::group_delay::DigitalFilter;
use super::header::{Header, Unit};
use super::parameters::Parameters;
use crate::fid::problem::ParameterProblem;
use crate::fid::vendor::Vendor;
use crate::fid::{Experiment, FidError, Nucleus, Solvent, program};

/// What the points are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Domain {
    /// The signal in order of time.
    Time,
    /// A spectrum; JEOL starts at the high end.
    Frequency {
        /// Starts at the high end.
        descending: bool,
    },
}

/// One acquisition, its points apart.
#[derive(Debug, Clone)]
pub(super) struct AcquisitionParameters {
    pub domain: Domain,
    pub sweep_width_hz: f64,
    pub carrier_mhz: f64,
    /// Frequency of 0 ppm.
    pub base_mhz: f64,
    pub nucleus: Nucleus,
    pub experiment: Experiment,
    /// File name of the experiment.
    pub program: String,
    pub solvent: Option<Solvent>,
    pub solvent_name: String,
    pub water_suppressed: bool,
    pub temperature_k: Option<f64>,
    pub scans: Option<u32>,
    /// Scans that were asked for.
    pub planned_scans: Option<u32>,
    /// The spectrometer wrote down when it ended.
    pub ended: bool,
    /// `None` where the data were taken without, or their filter is not described.
    pub filter: Option<DigitalFilter>,
    /// Time from the pulse to the first point the receiver took, s.
    pub dead_time_s: f64,
    pub title: String,
}

impl AcquisitionParameters {
    pub fn new(header: &Header, parameters: &Parameters, path: &Path) -> Result<Self, FidError> {
        let bad = |name: &str, problem| FidError::parameter(Vendor::Jeol, path, name, problem);
        let base_mhz = parameters
            .number("x_freq")
            .map(|hz| hz / 1e6)
            .or(Some(header.base_mhz))
            .filter(|mhz| (1.0..1e4).contains(mhz))
            .ok_or_else(|| bad("x_freq", ParameterProblem::NotAFrequency))?;
        let axis = Axis::new(header, parameters, base_mhz)
            .ok_or_else(|| bad("data_axis", ParameterProblem::NoAxis))?;
        let nucleus = parameters
            .text("x_domain")
            .map(|label| label.parse().unwrap_or_else(|never| match never {}))
            .ok_or_else(|| bad("x_domain", ParameterProblem::NoNucleus))?;
        let program = parameters.text("experiment").unwrap_or_default().to_owned();
        let with_filter = parameters.text("digital_filter").is_none_or(|is| is != "FALSE");
        let filter = parameters
            .text("orders")
            .zip(parameters.text("factors"))
            .filter(|_| with_filter)
            .and_then(|(orders, factors)| DigitalFilter::from_text(orders, factors));
        let title = [Some(header.title.as_str()), parameters.text("sample_id")]
            .into_iter()
            .flatten()
            .find(|title| !title.is_empty())
            .unwrap_or_default()
            .to_owned();
        let experiment = experiment(&program, &nucleus, parameters);
        let water_suppressed = suppresses_water(&program, &nucleus, parameters);
        Ok(Self {
            domain: axis.domain,
            sweep_width_hz: axis.sweep_width_hz,
            carrier_mhz: base_mhz + axis.carrier_hz / 1e6,
            base_mhz,
            nucleus,
            experiment,
            program,
            solvent: parameters.text("solvent").and_then(Solvent::from_name),
            water_suppressed,
            solvent_name: parameters.text("solvent").unwrap_or_default().to_owned(),
            temperature_k: parameters.quantity("temp_get").and_then(kelvin),
            scans: parameters.count("scans"),
            // `total_scans` is set to `scans` on an early stop; the loop keeps what was planned.
            planned_scans: parameters.count("total_scans").max(parameters.count("scans_loop")),
            ended: parameters.number("end_time").is_some_and(|seconds| seconds > 0.0),
            filter,
            dead_time_s: dead_time(parameters, experiment),
            title,
        })
    }
}

/// The kind of experiment: by the name of its file, and by what the irradiation does.
fn experiment(name: &str, nucleus: &Nucleus, parameters: &Parameters) -> Experiment {
    let kind = program::experiment(name, parameters.number("selection_angle"));
    let on_hydrogen =
        parameters.text("irr_domain").is_some_and(|label| label.parse() == Ok(Nucleus::Proton));
    let decouples = parameters.text("irr_decoupling").map(|decouples| decouples == "TRUE");
    match (kind, nucleus) {
        (Experiment::Plain, Nucleus::Carbon) if on_hydrogen && decouples == Some(false) => {
            Experiment::Coupled
        }
        (Experiment::Plain, Nucleus::Proton) if irradiation(parameters).starts_with("homo") => {
            Experiment::Homodecoupled
        }
        _ => kind,
    }
}

/// Whether the water's line is suppressed: by the experiment itself, or by the presaturation that
/// any experiment can be asked for.
fn suppresses_water(name: &str, nucleus: &Nucleus, parameters: &Parameters) -> bool {
    let asked = parameters.text("dante_presat").is_some_and(|asked| asked == "TRUE")
        || irradiation(parameters).starts_with("presat");
    *nucleus == Nucleus::Proton && asked || program::suppresses_water(name, nucleus)
}

/// What the irradiating channel is used for, in lower case.
fn irradiation(parameters: &Parameters) -> String {
    parameters.text("irr_mode").unwrap_or_default().to_ascii_lowercase()
}

/// The delay before acquisition, and the part of the pulse in which the signal already turns:
/// `tan(a / 2) / a` of a pulse of angle `a` (2 / pi of a right angle's; from Bloch's equations
/// near resonance).
fn dead_time(parameters: &Parameters, experiment: Experiment) -> f64 {
    let positive = |name: &str| parameters.number(name).filter(|seconds| *seconds > 0.0);
    let angle = parameters.number("x_angle").unwrap_or(90.0).clamp(1.0, 90.0).to_radians();
    let pulse = if experiment.is_single_pulse() {
        positive("x_pulse").unwrap_or(0.0) * (angle / 2.0).tan() / angle
    } else {
        0.0
    };
    positive("acq_delay").unwrap_or(0.0) + pulse
}

struct Axis {
    domain: Domain,
    sweep_width_hz: f64,
    /// Distance of the middle from 0 ppm.
    carrier_hz: f64,
}

impl Axis {
    fn new(header: &Header, parameters: &Parameters, base_mhz: f64) -> Option<Self> {
        let (first, last) = header.range;
        let step = (header.axis.1 - header.axis.0) / (last - first) as f64;
        let hz = match header.unit {
            Unit::Second => return Self::of_time(header, parameters, base_mhz, step),
            Unit::PartsPerMillion => base_mhz,
            Unit::Hertz => 1.0,
            _ => return None,
        };
        let points = last - first + 1;
        let descending = step < 0.0;
        // The carrier is point `n / 2` of the spectrum in ascending order.
        let before = if descending { points - 1 - points / 2 } else { points / 2 };
        Some(Self {
            domain: Domain::Frequency { descending },
            sweep_width_hz: width(step.abs() * hz * points as f64)?,
            carrier_hz: Some((header.axis.0 + step * before as f64) * hz)
                .filter(|hz| hz.abs() < 1e6 * base_mhz)?,
        })
    }

    fn of_time(header: &Header, parameters: &Parameters, base_mhz: f64, step: f64) -> Option<Self> {
        let sweep_width_hz = width(1.0 / step)?;
        let carrier_hz = match parameters.quantity("x_offset") {
            Some((ppm, Unit::PartsPerMillion)) => ppm * base_mhz,
            Some((hz, Unit::Hertz)) => hz,
            _ => header.zero_point * sweep_width_hz,
        };
        let carrier_hz = Some(carrier_hz).filter(|hz| hz.abs() < 1e6 * base_mhz)?;
        Some(Self { domain: Domain::Time, sweep_width_hz, carrier_hz })
    }
}

fn width(hz: f64) -> Option<f64> {
    Some(hz).filter(|hz| (1e-3..1e9).contains(hz))
}

fn kelvin((number, unit): (f64, Unit)) -> Option<f64> {
    let kelvin = if unit == Unit::Celsius { number + 273.15 } else { number };
    Some(kelvin).filter(|kelvin| (50.0..1000.0).contains(kelvin))
}
