//! What a block's header says of the measurement.

use super::document::{Block, number};
use super::problem::Problem;
use crate::fid::bruker::acquisition;
use crate::fid::bruker::parameters::Parameters;
use crate::fid::bruker::pulse_program;
use crate::fid::problem::ParameterProblem;
use crate::fid::{Experiment, Nucleus, Solvent};

/// The header, typed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    pub title: String,
    pub nucleus: Nucleus,
    pub experiment: Experiment,
    pub pulse_program: String,
    pub solvent: Option<Solvent>,
    pub solvent_name: String,
    pub temperature_k: Option<f64>,
    pub scans: Option<u32>,
}

impl Header {
    pub fn of(block: &Block<'_>) -> Self {
        let private = &block.private;
        let pulse_program = private
            .text("PULPROG")
            .or_else(|| block.get(".PULSESEQUENCE").map(without_brackets))
            .unwrap_or_default()
            .to_owned();
        let experiment = if is_multidimensional(block) {
            Experiment::MultiDimensional
        } else {
            pulse_program::experiment(&pulse_program, private)
        };
        let celsius = block.number("TEMPERATURE").map(|celsius| celsius + 273.15);
        let averages = || block.number(".AVERAGES").map(|n| n as i64);
        Self {
            title: block.get("TITLE").map(without_brackets).unwrap_or_default().to_owned(),
            nucleus: nucleus(block),
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

/// The label, unless the frequency plainly says otherwise.
fn nucleus(block: &Block<'_>) -> Nucleus {
    let mut parameters = Parameters::default();
    let labelled = [block.private.text("NUC1"), block.get(".OBSERVENUCLEUS")];
    if let Some(label) = labelled.into_iter().flatten().next() {
        parameters.insert("NUC1", without_brackets(label).trim_start_matches('^').to_owned());
    }
    let base = block.private.number("BF1").or_else(|| observe_mhz(block).ok());
    if let Some(mhz) = base {
        parameters.insert("BF1", mhz.to_string());
    }
    acquisition::nucleus(&parameters)
}

fn solvent_names<'a>(block: &'a Block<'_>) -> impl Iterator<Item = &'a str> {
    [block.private.text("SOLVENT"), block.get(".SOLVENTNAME").map(without_brackets)]
        .into_iter()
        .flatten()
}

/// Shift and place of the point `.SHIFT REFERENCE` names: `INTERNAL, solvent, point, ppm`,
/// with or without parentheses around.
pub(super) fn shift_reference(block: &Block<'_>) -> Option<(f64, f64)> {
    let text = block.get(".SHIFTREFERENCE")?.trim_matches(['(', ')']);
    let mut from_end = text.rsplit(',').map(number);
    let ppm = from_end.next()??;
    let point = from_end.next()??;
    Some((point, ppm))
}

fn without_brackets(text: &str) -> &str {
    text.trim().trim_start_matches('<').trim_end_matches('>').trim()
}
