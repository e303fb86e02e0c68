//! What was run. Spinsolve names a protocol, Prospa an experiment; both let the operator name a
//! measurement.

use super::parameters::Parameters;
use crate::fid::problem::Unsupported;
use crate::fid::{Experiment, Nucleus, program};

/// Beginnings of the names of experiments whose points are no signal to be transformed.
const DECAYS: [&str; 21] = [
    "cpmg",
    "t1",
    "t2",
    "sr-cpmg",
    "srcpmg",
    "ir-cpmg",
    "ircpmg",
    "hahn",
    "echo",
    "multiecho",
    "solidecho",
    "invrec",
    "inversionrec",
    "satrec",
    "saturationrec",
    "profile",
    "nutation",
    "wobble",
    "noise",
    "monitor",
    "d-t2",
];

/// Parameters that name what was run, the most certain first.
const NAMES: [&str; 3] = ["Protocol", "experiment", "expName"];

/// What was run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Protocol {
    /// Its name, as the vendor has it.
    pub name: String,
    pub experiment: Experiment,
    /// The most certain of the names.
    ran: String,
    pub title: String,
}

impl Protocol {
    pub fn from_parameters(acqu: &Parameters) -> Self {
        let first_of = |names: &[&str]| {
            names.iter().find_map(|name| acqu.text(name)).unwrap_or_default().to_owned()
        };
        let ran = first_of(&NAMES);
        let deciding = ran.to_ascii_lowercase();
        let plain = deciding.strip_prefix("1d ").unwrap_or(&deciding);
        let echoes = acqu.number("nrEchoes").is_some_and(|echoes| echoes > 1.0);
        let experiment = if echoes || DECAYS.iter().any(|decay| plain.starts_with(decay)) {
            Experiment::Relaxation
        } else {
            program::experiment(&deciding, None)
        };
        Self {
            name: first_of(&["Protocol", "expName"]),
            experiment,
            ran,
            title: first_of(&["Sample", "graphText", "expName"]),
        }
    }

    /// What keeps its points from being a spectrum's signal.
    pub fn refused(&self) -> Option<Unsupported> {
        let experiment = || if self.ran.is_empty() { "it" } else { &self.ran }.to_owned();
        (!self.experiment.is_spectrum()).then(|| Unsupported::Decay { experiment: experiment() })
    }
}

/// True where what was run suppresses the water.
pub(super) fn suppresses_water(acqu: &Parameters, nucleus: &Nucleus) -> bool {
    let mut names = NAMES.into_iter().filter_map(|name| acqu.text(name));
    names.any(|name| program::suppresses_water(name, nucleus))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Experiment {
        Protocol::from_parameters(&Parameters::parse(text.as_bytes())).experiment
    }

    #[test]
    fn echoes_and_relaxation_are_told_from_spectra() {
        for text in [
            "experiment = \"CPMG\"\nexpName = \"oil\"",
            "experiment = \"T1IRAdd\"",
            "Protocol = \"T2\"",
            "Protocol = \"1D T1\"",
            "experiment = \"1Pulse\"\nnrEchoes = 256",
            "expName = \"T2_20200929\"",
        ] {
            assert_eq!(kind(text), Experiment::Relaxation, "{text}");
        }
        for text in [
            "experiment = \"1Pulse\"\nexpName = \"T1 standard\"",
            "Protocol = \"1D EXTENDED+\"\nnrEchoes = 1",
            "Protocol = \"1D WET SUP\"",
            "",
        ] {
            assert_eq!(kind(text), Experiment::Plain, "{text}");
        }
    }

    #[test]
    fn protocols_that_suppress_water_are_known() {
        for (text, suppressed) in [
            ("Protocol = \"1D WET SUP\"", true),
            ("Protocol = \"1D PRESAT\"", true),
            ("Protocol = \"1D PROTON+\"\nexperiment = \"1D\"", false),
        ] {
            let acqu = Parameters::parse(text.as_bytes());
            assert_eq!(suppresses_water(&acqu, &Nucleus::Proton), suppressed, "{text}");
        }
    }
}
