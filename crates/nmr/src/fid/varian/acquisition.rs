//! What `procpar` says, typed and checked.

use std::path::Path;

use super::procpar::Procpar;
use super::program;
use crate::fid::problem::ParameterProblem;
use crate::fid::vendor::Vendor;
use crate::fid::{Experiment, FidError, Nucleus, Solvent};

/// Farther from the carrier than this no reference is plausible.
const FARTHEST_PPM: f64 = 1000.0;

/// The parameters of one acquisition.
#[derive(Debug, Clone)]
pub(super) struct AcquisitionParameters {
    pub sweep_width_hz: f64,
    /// Frequency in the middle of the spectrum.
    pub carrier_mhz: f64,
    /// Frequency of 0 ppm.
    pub base_mhz: f64,
    pub nucleus: Nucleus,
    pub experiment: Experiment,
    /// The kind of experiment as digests write it.
    pub identity_experiment: &'static str,
    pub pulse_program: String,
    pub solvent: Option<Solvent>,
    pub solvent_name: String,
    pub water_suppressed: bool,
    pub temperature_k: Option<f64>,
    pub scans: Option<u32>,
    /// Scans that were asked for.
    pub planned_scans: Option<u32>,
    /// Traces of an array.
    pub traces: u64,
    /// Increments of an indirect dimension.
    pub increments: u32,
    /// When the data were saved; set once, by the command that saves.
    pub saved: bool,
    pub sample: String,
}

impl AcquisitionParameters {
    /// Checks everything reading needs; `path` is named in errors.
    pub fn from_procpar(procpar: &Procpar, path: &Path) -> Result<Self, FidError> {
        let positive = |name: &str| {
            procpar.number(name).filter(|&value| value > 0.0 && value < 1e9).ok_or_else(|| {
                FidError::parameter(Vendor::Varian, path, name, ParameterProblem::NotPositive)
            })
        };
        let sweep_width_hz = positive("sw")?;
        let carrier_mhz = positive("sfrq")?;
        let nucleus = procpar.text("tn").map(nucleus).ok_or_else(|| {
            FidError::parameter(Vendor::Varian, path, "tn", ParameterProblem::NoNucleus)
        })?;
        let pulse_program = procpar.text("seqfil").or(procpar.text("pslabel"));
        Ok(Self {
            sweep_width_hz,
            carrier_mhz,
            base_mhz: base(procpar, sweep_width_hz, carrier_mhz),
            experiment: program::experiment(procpar, &nucleus),
            identity_experiment: program::identity_experiment(procpar),
            water_suppressed: program::suppresses_water(procpar, &nucleus),
            nucleus,
            pulse_program: pulse_program.unwrap_or_default().to_owned(),
            solvent: procpar.text("solvent").and_then(Solvent::from_name),
            solvent_name: procpar.text("solvent").unwrap_or_default().to_owned(),
            temperature_k: procpar
                .number("temp")
                .map(|celsius| celsius + 273.15)
                .filter(|kelvin| (50.0..1000.0).contains(kelvin)),
            scans: procpar.count("ct"),
            planned_scans: procpar.count("nt"),
            traces: procpar.count("arraydim").map_or(1, u64::from),
            increments: procpar.count("ni").unwrap_or(0),
            saved: procpar.text("time_saved").is_some(),
            sample: procpar
                .text("samplename")
                .or(procpar.text("comment"))
                .unwrap_or_default()
                .to_owned(),
        })
    }
}

/// Farther from the carrier than that no 0 ppm lies.
fn is_plausible(mhz: f64, carrier_mhz: f64) -> bool {
    (mhz / carrier_mhz - 1.0).abs() * 1e6 < FARTHEST_PPM
}

fn from_right_edge(right_edge_hz: f64, sweep_width_hz: f64, carrier_mhz: f64) -> f64 {
    carrier_mhz - (right_edge_hz + sweep_width_hz / 2.0) / 1e6
}

/// Frequency of 0 ppm on the spectrometer's own axis: from the reference line (`rfl` from the right
/// edge, itself at `rfp`), else `reffrq`. The console's set-up fills these in from lock and solvent,
/// so that they are no calibration of an operator's.
fn own_zero(procpar: &Procpar, sweep_width_hz: f64, carrier_mhz: f64) -> Option<f64> {
    let plausible = |mhz: &f64| is_plausible(*mhz, carrier_mhz);
    let line = procpar.number("rfl").filter(|&rfl| rfl != 0.0);
    let by_line = line.map(|rfl| {
        let at = procpar.number("rfp").unwrap_or(0.0);
        from_right_edge(at - rfl, sweep_width_hz, carrier_mhz)
    });
    by_line.filter(plausible).or_else(|| procpar.number("reffrq").filter(plausible))
}

/// Frequency of 0 ppm: the spectrometer's own; in data never referenced the right edge is 0 ppm.
fn base(procpar: &Procpar, sweep_width_hz: f64, carrier_mhz: f64) -> f64 {
    let at_edge = from_right_edge(0.0, sweep_width_hz, carrier_mhz);
    own_zero(procpar, sweep_width_hz, carrier_mhz)
        .unwrap_or(if is_plausible(at_edge, carrier_mhz) { at_edge } else { carrier_mhz })
}

/// `H1`, `C13`: the mass stands behind.
fn nucleus(label: &str) -> Nucleus {
    let split = label.find(|c: char| c.is_ascii_digit()).unwrap_or(label.len());
    let (element, mass) = label.split_at(split);
    format!("{mass}{element}").parse().unwrap_or_else(|never| match never {})
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::procpar::written as procpar;
    use super::*;

    #[test]
    fn zero_ppm_follows_from_whichever_reference_there_is() {
        // A sweep of 10 kHz at 500 MHz: the right edge 5000 Hz below the carrier.
        let base = |pairs: &[(&str, &str)]| base(&procpar(pairs), 10_000.0, 500.0);
        assert!((base(&[("rfl", "3000"), ("rfp", "0")]) - 499.998).abs() < 1e-9);
        assert!((base(&[("rfl", "3000"), ("rfp", "1000")]) - 499.997).abs() < 1e-9);
        assert!((base(&[("rfl", "0"), ("reffrq", "499.9975")]) - 499.9975).abs() < 1e-9);
        assert!((base(&[("reffrq", "100.0")]) - 499.995).abs() < 1e-9);
    }

    #[test]
    fn nuclei_are_written_the_other_way_round() {
        assert_eq!(nucleus("H1"), Nucleus::Proton);
        assert_eq!(nucleus("C13"), Nucleus::Carbon);
        assert_eq!(nucleus("F19"), Nucleus::Other("19F".into()));
        assert_eq!(nucleus("13C"), Nucleus::Carbon);
    }
}
