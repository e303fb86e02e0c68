//! What `acqus` says, typed and checked.

use std::path::Path;

use super::group_delay::DigitalFilter;
use super::parameters::Parameters;
use super::pulse_program;
use super::samples::{Detection, Encoding};
use crate::fid::problem::ParameterProblem;
use crate::fid::vendor::Vendor;
use crate::fid::{Experiment, FidError, Nucleus, Solvent};

/// More values than any one-dimensional FID has; a header that asks for more is wrong.
const MAX_VALUES: i64 = 1 << 24;

/// Spectrometers by their proton frequency, MHz.
const PROTON_FREQUENCIES: [f64; 22] = [
    60.0, 80.0, 90.0, 100.0, 200.0, 250.0, 270.0, 300.0, 360.0, 400.0, 500.0, 600.0, 700.0, 750.0,
    800.0, 850.0, 900.0, 950.0, 1000.0, 1020.0, 1100.0, 1200.0,
];

/// 13C frequency over 1H frequency (IUPAC's unified scale).
const CARBON_RATIO: f64 = 0.251_450_20;

/// The parameters of one acquisition.
#[derive(Debug, Clone)]
pub(super) struct AcquisitionParameters {
    /// Values (not complex points) in the FID.
    pub values: usize,
    pub sweep_width_hz: f64,
    /// Frequency in the middle of the spectrum.
    pub carrier_mhz: f64,
    /// Frequency the header takes for 0 ppm.
    pub base_mhz: f64,
    pub nucleus: Nucleus,
    pub experiment: Experiment,
    pub pulse_program: String,
    pub solvent: Option<Solvent>,
    pub solvent_name: String,
    pub encoding: Encoding,
    pub detection: Detection,
    pub filter: DigitalFilter,
    /// TopSpin converted the data from a Varian's, whose receiver turns the other way round, and
    /// left their points as they were.
    pub turned: bool,
    pub temperature_k: Option<f64>,
    pub scans: Option<u32>,
}

impl AcquisitionParameters {
    /// Checks everything reading needs; `path` is named in errors.
    pub fn from_parameters(acqus: &Parameters, path: &Path) -> Result<Self, FidError> {
        let bad = |name: &str, problem: ParameterProblem| {
            FidError::parameter(Vendor::Bruker, path, name, problem)
        };
        let values = acqus.integer("TD").ok_or_else(|| bad("TD", ParameterProblem::Missing))?;
        if !(2..=MAX_VALUES).contains(&values) {
            let problem = ParameterProblem::NotAllowed {
                found: values.to_string(),
                allowed: format!("a FID has 2 to {MAX_VALUES} values"),
            };
            return Err(bad("TD", problem));
        }
        let positive = |name: &str| {
            acqus
                .number(name)
                .filter(|&value| value > 0.0 && value < 1e9)
                .ok_or_else(|| bad(name, ParameterProblem::NotPositive))
        };
        let transmitter_mhz = positive("SFO1")?;
        let base_mhz = acqus.number("BF1").filter(|&mhz| mhz > 0.0).unwrap_or(transmitter_mhz);
        let sweep_width_hz = match positive("SW_h") {
            Ok(width) => width,
            Err(error) => positive("SW").map(|ppm| ppm * transmitter_mhz).map_err(|_| error)?,
        };
        let encoding = Encoding::from_parameters(acqus).map_err(|problem| bad("DTYPA", problem))?;
        let detection = Detection::from_parameters(acqus);
        let carrier_mhz = match detection {
            // With one channel the transmitter stands at the spectrum's lower edge.
            Detection::Single => transmitter_mhz + sweep_width_hz / 2e6,
            _ => transmitter_mhz,
        };
        let pulse_program = acqus.text("PULPROG").unwrap_or_default().to_owned();
        let nucleus = nucleus(acqus);
        Ok(Self {
            values: usize::try_from(values).unwrap_or(0),
            sweep_width_hz,
            carrier_mhz,
            base_mhz,
            experiment: pulse_program::experiment(&pulse_program, &nucleus, acqus),
            nucleus,
            pulse_program,
            solvent: acqus.text("SOLVENT").and_then(Solvent::from_name),
            solvent_name: acqus.text("SOLVENT").unwrap_or_default().to_owned(),
            encoding,
            detection,
            filter: DigitalFilter::from_parameters(acqus),
            turned: acqus
                .text("INSTRUM")
                .is_some_and(|instrument| instrument.eq_ignore_ascii_case("varian")),
            temperature_k: acqus.number("TE").filter(|&kelvin| (50.0..1000.0).contains(&kelvin)),
            scans: acqus.integer("NS").and_then(|n| u32::try_from(n).ok()),
        })
    }

    /// Bytes the values take in the file.
    pub fn bytes(&self) -> u64 {
        (self.values * self.encoding.bytes()) as u64
    }
}

/// The observed nucleus: the label, unless the frequency plainly says otherwise.
pub(in crate::fid) fn nucleus(acqus: &Parameters) -> Nucleus {
    let label = ["NUC1", "NUCLEUS"]
        .into_iter()
        .filter_map(|name| acqus.text(name))
        .find(|label| !label.eq_ignore_ascii_case("off"));
    let by_frequency = acqus.number("BF1").and_then(nucleus_at);
    let labelled = label.map(|label| label.parse().unwrap_or_else(|never| match never {}));
    match (labelled, by_frequency) {
        (Some(Nucleus::Proton | Nucleus::Carbon) | None, Some(nucleus)) => nucleus,
        (Some(nucleus), _) => nucleus,
        (None, None) => Nucleus::Other("off".to_owned()),
    }
}

/// 1H or 13C, where the frequency belongs to one of them on a usual magnet.
fn nucleus_at(mhz: f64) -> Option<Nucleus> {
    let usual = |mhz: f64| PROTON_FREQUENCIES.iter().any(|usual| (mhz / usual - 1.0).abs() < 0.002);
    match (usual(mhz), usual(mhz / CARBON_RATIO)) {
        (true, false) => Some(Nucleus::Proton),
        (false, true) => Some(Nucleus::Carbon),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn acqus(changes: &str) -> Parameters {
        let rest = "##$TD= 65536\n##$SFO1= 125.77\n##$BF1= 125.757788526\n##$SW_h= 30000\n\
            ##$NUC1= <13C>\n##$PULPROG= <zgdc>\n##$SOLVENT= <CDCl3>\n##END=";
        // The first of two labels counts.
        Parameters::parse(format!("{changes}\n{rest}").as_bytes())
    }

    fn typed(changes: &str) -> Result<AcquisitionParameters, FidError> {
        AcquisitionParameters::from_parameters(&acqus(changes), Path::new("acqus"))
    }

    #[test]
    fn an_ordinary_header_is_typed() {
        let acquisition = typed("").unwrap();
        assert_eq!(acquisition.values, 65536);
        assert_eq!(acquisition.nucleus, Nucleus::Carbon);
        assert_eq!(acquisition.solvent, Some(Solvent::Chloroform));
        assert_eq!(acquisition.bytes(), 262_144);
    }

    #[test]
    fn absurd_headers_are_refused_by_name() {
        for (change, name) in [
            ("##$TD= 0", "TD"),
            ("##$TD= -5", "TD"),
            ("##$TD= 2147483648", "TD"),
            ("##$TD= many", "TD"),
            ("##$SFO1= nan", "SFO1"),
            ("##$SW_h= -1", "SW_h"),
            ("##$DTYPA= 7", "DTYPA"),
        ] {
            match typed(change) {
                Err(FidError::Parameter { name: found, .. }) => assert_eq!(found, name),
                other => panic!("{change}: {other:?}"),
            }
        }
    }

    #[test]
    fn the_frequency_settles_a_missing_or_wrong_nucleus() {
        assert_eq!(nucleus(&acqus("##$NUC1= <off>")), Nucleus::Carbon);
        assert_eq!(nucleus(&acqus("##$NUC1= <1H>")), Nucleus::Carbon);
        assert_eq!(nucleus(&acqus("##$NUC1= <off>\n##$BF1= 400.13")), Nucleus::Proton);
        assert_eq!(nucleus(&acqus("##$NUC1= <13C>\n##$BF1= 100.612769")), Nucleus::Carbon);
        let fluorine = acqus("##$NUC1= <19F>\n##$BF1= 282.404355");
        assert_eq!(nucleus(&fluorine), Nucleus::Other("19F".into()));
        let phosphorus = acqus("##$NUC1= <31P>\n##$BF1= 202.456");
        assert_eq!(nucleus(&phosphorus), Nucleus::Other("31P".into()));
    }
}
