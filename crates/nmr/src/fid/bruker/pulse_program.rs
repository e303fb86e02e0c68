//! Names of Bruker pulse programs and what they run.

use super::parameters::Parameters;
use crate::fid::{Experiment, Nucleus, identity, program};

/// The experiment behind a pulse program's name. The generic `dept` takes its last pulse from P0,
/// a 90 degree pulse being P3.
pub(in crate::fid) fn experiment(
    name: &str,
    nucleus: &Nucleus,
    parameters: &Parameters,
) -> Experiment {
    match program::experiment(name, last_pulse(parameters)) {
        Experiment::Plain
            if *nucleus == Nucleus::Carbon && program::leaves_carbon_coupled(name) =>
        {
            Experiment::Coupled
        }
        kind => kind,
    }
}

/// The kind of experiment as digests write it: by names alone.
pub(in crate::fid) fn identity_experiment(name: &str, parameters: &Parameters) -> &'static str {
    identity::experiment(name, last_pulse(parameters))
}

/// The angle of DEPT's last pulse in degrees.
fn last_pulse(parameters: &Parameters) -> Option<f64> {
    match (parameters.element("P", 0), parameters.element("P", 3)) {
        (Some(last), Some(right_angle)) if right_angle > 0.0 => Some(90.0 * last / right_angle),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generic_program_takes_its_angle_from_its_pulses() {
        let pulses = Parameters::parse(b"##$P= (0..3)\n10.3 10.2 20.4 10.3\n##END=");
        let carbon = |name, parameters| experiment(name, &Nucleus::Carbon, parameters);
        assert_eq!(carbon("dept", &pulses), Experiment::Dept(90));
        assert_eq!(carbon("dept", &Parameters::default()), Experiment::Dept(135));
    }

    #[test]
    fn carbon_behind_a_single_pulse_is_coupled_and_hydrogen_is_not() {
        let kind = |name, nucleus| experiment(name, &nucleus, &Parameters::default());
        assert_eq!(kind("zggd30", Nucleus::Carbon), Experiment::Coupled);
        assert_eq!(kind("zgpg30", Nucleus::Carbon), Experiment::Plain);
        assert_eq!(kind("zg30", Nucleus::Proton), Experiment::Plain);
    }
}
