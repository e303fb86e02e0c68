//! What `procpar` says, typed and checked.

use std::path::Path;

use super::procpar::Procpar;
use crate::fid::problem::ParameterProblem;
use crate::fid::vendor::Vendor;
use crate::fid::{Experiment, FidError, Nucleus, Solvent, experiment};

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
    pub pulse_program: String,
    pub solvent: Option<Solvent>,
    pub solvent_name: String,
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
        let program = |name: &str| procpar.text(name).unwrap_or_default();
        let by_name = |name: &str| {
            experiment::of_program(name, procpar.number("mult").map(|mult| 90.0 * mult))
        };
        // The label is what the operator chose, the sequence file what ran.
        let kind = match by_name(program("seqfil")) {
            Experiment::Plain => by_name(program("pslabel")),
            edited => edited,
        };
        let pulse_program = procpar.text("seqfil").or(procpar.text("pslabel"));
        Ok(Self {
            sweep_width_hz,
            carrier_mhz,
            base_mhz: base(procpar, sweep_width_hz, carrier_mhz),
            nucleus,
            experiment: kind,
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

/// Frequency of 0 ppm: from the reference line (`rfl` from the right edge, itself at `rfp`), else
/// `reffrq`; in data never referenced the right edge is 0 ppm.
fn base(procpar: &Procpar, sweep_width_hz: f64, carrier_mhz: f64) -> f64 {
    let plausible = |mhz: &f64| (mhz / carrier_mhz - 1.0).abs() * 1e6 < FARTHEST_PPM;
    let from_right_edge =
        |right_edge_hz: f64| carrier_mhz - (right_edge_hz + sweep_width_hz / 2.0) / 1e6;
    let line = procpar.number("rfl").filter(|&rfl| rfl != 0.0);
    let by_line = line.map(|rfl| from_right_edge(procpar.number("rfp").unwrap_or(0.0) - rfl));
    by_line
        .filter(plausible)
        .or_else(|| procpar.number("reffrq").filter(plausible))
        .unwrap_or_else(|| Some(from_right_edge(0.0)).filter(plausible).unwrap_or(carrier_mhz))
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
    use super::*;

    fn procpar(pairs: &[(&str, &str)]) -> Procpar {
        let text: String = pairs
            .iter()
            .map(|(name, value)| format!("{name} 1 1 1 0 0 2 1 11 1 64\n1 \"{value}\"\n0 \n"))
            .collect();
        Procpar::parse(text.as_bytes(), Path::new("procpar")).unwrap()
    }

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

    #[test]
    fn dept_takes_its_angle_from_mult() {
        let kind = |program: &str, mult: &str| {
            let pairs = [
                ("sw", "1e4"),
                ("sfrq", "125.7"),
                ("tn", "C13"),
                ("seqfil", program),
                ("mult", mult),
            ];
            AcquisitionParameters::from_procpar(&procpar(&pairs), Path::new("p"))
                .unwrap()
                .experiment
        };
        assert_eq!(kind("DEPT", "0.5"), Experiment::Dept(45));
        assert_eq!(kind("dept", "1"), Experiment::Dept(90));
        assert_eq!(kind("DEPT", "1.5"), Experiment::Dept(135));
        assert_eq!(kind("APT", "0"), Experiment::Apt);
        assert_eq!(kind("s2pul", "0"), Experiment::Plain);
    }
}
