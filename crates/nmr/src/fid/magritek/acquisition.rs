//! What `acqu.par` says, typed and checked.

use std::path::Path;

use super::nucleus;
use super::parameters::Parameters;
use super::protocol::{self, Protocol};
use crate::fid::problem::{ParameterProblem, Unsupported};
use crate::fid::vendor::Vendor;
use crate::fid::{Experiment, FidError, Nucleus, Solvent};

/// Units that may stand behind a number, in those that Spinsolve leaves unsaid.
const MHZ: [(&str, f64); 3] = [("MHz", 1.0), ("kHz", 1e-3), ("Hz", 1e-6)];
const KHZ: [(&str, f64); 3] = [("MHz", 1e3), ("kHz", 1.0), ("Hz", 1e-3)];
const HZ: [(&str, f64); 3] = [("MHz", 1e6), ("kHz", 1e3), ("Hz", 1.0)];
const MICROSECONDS: [(&str, f64); 4] = [("us", 1.0), ("µs", 1.0), ("ms", 1e3), ("ns", 1e-3)];

/// The parameters of one acquisition.
#[derive(Debug, Clone)]
pub(super) struct AcquisitionParameters {
    pub sweep_width_hz: f64,
    pub carrier_mhz: f64,
    /// Frequency of 0 ppm.
    pub base_mhz: f64,
    pub nucleus: Nucleus,
    pub experiment: Experiment,
    pub protocol: String,
    pub solvent: Option<Solvent>,
    pub solvent_name: String,
    pub water_suppressed: bool,
    pub scans: Option<u32>,
    pub title: String,
}

impl AcquisitionParameters {
    /// Checks everything reading needs; `path` is named in errors.
    pub fn from_parameters(acqu: &Parameters, path: &Path) -> Result<Self, FidError> {
        let unsupported = |reason| FidError::Unsupported {
            vendor: Vendor::Magritek,
            path: path.to_owned(),
            reason,
        };
        let protocol = Protocol::from_parameters(acqu);
        if let Some(reason) = protocol.refused() {
            return Err(unsupported(reason));
        }
        let positive = |name: &str, units: &[(&str, f64)]| {
            let number = acqu.quantity(name, units).filter(|&value| value > 0.0 && value < 1e9);
            number.ok_or_else(|| {
                FidError::parameter(Vendor::Magritek, path, name, ParameterProblem::NotPositive)
            })
        };
        let carrier_mhz = positive("b1Freq", &MHZ)?;
        let sweep_width_hz = match positive("dwellTime", &MICROSECONDS) {
            Ok(microseconds) => 1e6 / microseconds,
            Err(error) => positive("bandwidth", &KHZ).map(|khz| 1e3 * khz).map_err(|_| error)?,
        };
        let nucleus = nucleus::observed(acqu, carrier_mhz)
            .ok_or_else(|| unsupported(Unsupported::NoNucleus { parameter: "rxChannel" }))?;
        // Of the lower edge, from 0 ppm.
        let lowest_hz = acqu
            .quantity("lowestFrequency", &HZ)
            .filter(|hz| hz.abs() < 1000.0 * carrier_mhz + sweep_width_hz)
            .unwrap_or(-sweep_width_hz / 2.0);
        Ok(Self {
            sweep_width_hz,
            carrier_mhz,
            base_mhz: carrier_mhz - (lowest_hz + sweep_width_hz / 2.0) / 1e6,
            water_suppressed: protocol::suppresses_water(acqu, &nucleus),
            nucleus,
            experiment: protocol.experiment,
            protocol: protocol.name,
            solvent: acqu.text("Solvent").and_then(Solvent::from_name),
            solvent_name: acqu.text("Solvent").unwrap_or_default().to_owned(),
            scans: acqu
                .number("nrScans")
                .filter(|n| n.fract() == 0.0 && (1.0..4e9).contains(n))
                .map(|n| n as u32),
            title: protocol.title,
        })
    }
}
