//! Names of Bruker pulse programs and what they run.

use super::parameters::Parameters;
use crate::fid::{Experiment, experiment};

/// The experiment behind a pulse program's name. The generic `dept` takes its last pulse from P0,
/// a 90 degree pulse being P3.
pub(in crate::fid) fn experiment(name: &str, parameters: &Parameters) -> Experiment {
    let last_pulse = match (parameters.element("P", 0), parameters.element("P", 3)) {
        (Some(last), Some(right_angle)) if right_angle > 0.0 => Some(90.0 * last / right_angle),
        _ => None,
    };
    experiment::of_program(name, last_pulse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generic_program_takes_its_angle_from_its_pulses() {
        let pulses = Parameters::parse(b"##$P= (0..3)\n10.3 10.2 20.4 10.3\n##END=");
        assert_eq!(experiment("dept", &pulses), Experiment::Dept(90));
        assert_eq!(experiment("dept", &Parameters::default()), Experiment::Dept(135));
    }
}
