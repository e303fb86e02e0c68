//! What `acqu.par` says, typed and checked.

use std::path::Path;

use super::parameters::Parameters;
use crate::fid::problem::ParameterProblem;
use crate::fid::vendor::Vendor;
use crate::fid::{Experiment, FidError, Nucleus, Solvent, experiment};

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
    pub scans: Option<u32>,
    pub title: String,
}

impl AcquisitionParameters {
    /// Checks everything reading needs; `path` is named in errors.
    pub fn from_parameters(acqu: &Parameters, path: &Path) -> Result<Self, FidError> {
        let positive = |name: &str| {
            acqu.number(name).filter(|&value| value > 0.0 && value < 1e9).ok_or_else(|| {
                FidError::parameter(Vendor::Magritek, path, name, ParameterProblem::NotPositive)
            })
        };
        let carrier_mhz = positive("b1Freq")?;
        let sweep_width_hz = match positive("dwellTime") {
            Ok(microseconds) => 1e6 / microseconds,
            Err(error) => positive("bandwidth").map(|khz| 1e3 * khz).map_err(|_| error)?,
        };
        let nucleus = acqu
            .text("rxChannel")
            .map(|label| label.parse().unwrap_or_else(|never| match never {}))
            .ok_or_else(|| {
                FidError::parameter(
                    Vendor::Magritek,
                    path,
                    "rxChannel",
                    ParameterProblem::NoNucleus,
                )
            })?;
        // Of the lower edge, from 0 ppm.
        let lowest_hz = acqu
            .number("lowestFrequency")
            .filter(|hz| hz.abs() < 1000.0 * carrier_mhz + sweep_width_hz)
            .unwrap_or(-sweep_width_hz / 2.0);
        let first_of = |names: [&str; 2]| {
            names.into_iter().find_map(|name| acqu.text(name)).unwrap_or_default().to_owned()
        };
        let protocol = first_of(["Protocol", "expName"]);
        Ok(Self {
            sweep_width_hz,
            carrier_mhz,
            base_mhz: carrier_mhz - (lowest_hz + sweep_width_hz / 2.0) / 1e6,
            nucleus,
            experiment: experiment::of_program(&protocol, None),
            protocol,
            solvent: acqu.text("Solvent").and_then(Solvent::from_name),
            solvent_name: acqu.text("Solvent").unwrap_or_default().to_owned(),
            scans: acqu
                .number("nrScans")
                .filter(|n| n.fract() == 0.0 && (1.0..4e9).contains(n))
                .map(|n| n as u32),
            title: first_of(["Sample", "expName"]),
        })
    }
}
