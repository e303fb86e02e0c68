//! What a block's header says of the measurement.

use super::document::Block;
use super::problem::Problem;
use super::sense;
use crate::fid::bruker::acquisition;
use crate::fid::bruker::parameters::Parameters;
use crate::fid::bruker::pulse_program;
use crate::fid::problem::ParameterProblem;
use crate::fid::{Experiment, Nucleus, Solvent, program};

/// What stands for a nucleus where none is named.
const NO_NUCLEUS: [&str; 5] = ["", "off", "NA", "N/A", "none"];
/// Bands of 1H are narrower, those of 13C wider, ppm.
const PROTONS_OR_CARBONS_PPM: f64 = 60.0;

/// The header, typed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    pub title: String,
    pub nucleus: Nucleus,
    pub experiment: Experiment,
    pub pulse_program: String,
    pub solvent: Option<Solvent>,
    pub solvent_name: String,
    pub water_suppressed: bool,
    pub temperature_k: Option<f64>,
    pub scans: Option<u32>,
}

impl Header {
    pub fn of(block: &Block<'_>) -> Self {
        let private = &block.private;
        let pulse_program = program_name(block).to_owned();
        let nucleus = nucleus(block);
        let experiment = if is_multidimensional(block) {
            Experiment::MultiDimensional
        } else {
            pulse_program::experiment(&pulse_program, &nucleus, private)
        };
        let celsius = block.number("TEMPERATURE").map(|celsius| celsius + 273.15);
        let averages = || block.number(".AVERAGES").map(|n| n as i64);
        Self {
            title: block.get("TITLE").map(without_brackets).unwrap_or_default().to_owned(),
            water_suppressed: program::suppresses_water(&pulse_program, &nucleus),
            nucleus,
            experiment,
            pulse_program,
            solvent: solvent_names(block).find_map(Solvent::from_name),
            solvent_name: solvent_names(block).next().unwrap_or_default().to_owned(),
            temperature_k: private
                .number("TE")
                .or(celsius)
                .filter(|kelvin| (50.0..1000.0).contains(kelvin)),
            scans: private.integer("NS").or_else(averages).and_then(|n| u32::try_from(n).ok()),
        }
    }
}

/// Name of the pulse program.
pub(super) fn program_name<'a>(block: &'a Block<'_>) -> &'a str {
    block
        .private
        .text("PULPROG")
        .or_else(|| block.get(".PULSESEQUENCE").map(without_brackets))
        .unwrap_or_default()
}

/// Two or more dimensions, by type, count or list of variables.
pub(super) fn is_multidimensional(block: &Block<'_>) -> bool {
    let independent = block.get("VARTYPE").map_or(0, |list| {
        list.split(',').filter(|kind| kind.trim().eq_ignore_ascii_case("INDEPENDENT")).count()
    });
    block.data_type().starts_with("ND")
        || block.number("NUMDIM").is_some_and(|count| count > 1.0)
        || independent > 1
}

/// Frequency at which the nucleus was observed, MHz.
pub(super) fn observe_mhz(block: &Block<'_>) -> Result<f64, Problem> {
    [block.private.number("SFO1"), block.number(".OBSERVEFREQUENCY")]
        .into_iter()
        .flatten()
        .find(|&mhz| mhz > 0.0 && mhz < 1e5)
        .ok_or(Problem::Parameter {
            name: ".OBSERVE FREQUENCY",
            problem: ParameterProblem::NotAFrequency,
        })
}

/// The label, unless the frequency plainly says otherwise and the width of the band does not
/// support the label.
fn nucleus(block: &Block<'_>) -> Nucleus {
    let labels: Vec<Nucleus> = [block.private.text("NUC1"), block.get(".OBSERVENUCLEUS")]
        .into_iter()
        .flatten()
        .map(|label| without_brackets(label).trim_start_matches('^').trim_start_matches("NUC_"))
        .filter(|label| !NO_NUCLEUS.iter().any(|no| label.eq_ignore_ascii_case(no)))
        .map(|label| label.parse().unwrap_or_else(|never| match never {}))
        .collect();
    if let [one, other] = labels.as_slice()
        && one == other
        && is_as_wide_as(one, block)
    {
        return one.clone();
    }
    let mut parameters = Parameters::default();
    if let Some(label) = labels.first() {
        parameters.insert("NUC1", label.to_string());
    }
    let base = block.private.number("BF1").or_else(|| observe_mhz(block).ok());
    if let Some(mhz) = base {
        parameters.insert("BF1", mhz.to_string());
    }
    acquisition::nucleus(&parameters)
}

/// Whether a band as wide as the block's is recorded of this nucleus and not of the other.
fn is_as_wide_as(nucleus: &Nucleus, block: &Block<'_>) -> bool {
    let width_ppm = block.private.number("SW").filter(|&ppm| ppm > 0.0);
    match nucleus {
        Nucleus::Proton => width_ppm.is_some_and(|ppm| ppm < PROTONS_OR_CARBONS_PPM),
        Nucleus::Carbon => width_ppm.is_some_and(|ppm| ppm > PROTONS_OR_CARBONS_PPM),
        Nucleus::Other(_) => false,
    }
}

/// The solvent's names, the most specific first. Spinsolve names one whatever was in the tube.
fn solvent_names<'a>(block: &'a Block<'_>) -> impl Iterator<Item = &'a str> {
    let described = || {
        let (_, name) = block.get("SAMPLEDESCRIPTION")?.split_once("solvent=")?;
        name.split([',', ';']).next().map(str::trim)
    };
    [
        block.private.text("SOLVENT"),
        block.get(".SOLVENTNAME").map(without_brackets),
        block.get("SOLVENTNAME").map(without_brackets),
        if sense::is_of_magritek(block) { None } else { described() },
    ]
    .into_iter()
    .flatten()
    .filter(|name| !name.is_empty())
}

pub(super) fn without_brackets(text: &str) -> &str {
    text.trim().trim_start_matches('<').trim_end_matches('>').trim()
}
