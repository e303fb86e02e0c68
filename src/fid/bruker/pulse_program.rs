//! Names of Bruker pulse programs and what they run.

use super::parameters::Parameters;
use crate::fid::Experiment;

/// The experiment behind a pulse program's name.
pub(in crate::fid) fn experiment(name: &str, parameters: &Parameters) -> Experiment {
    let name = name.to_ascii_lowercase();
    if name.contains("deptq") || name.contains("pendant") {
        // PENDANT shows the same four kinds of carbon with the same signs as DEPTQ.
        Experiment::Deptq
    } else if name.contains("dept") {
        Experiment::Dept(dept_angle(&name, parameters))
    } else if name.starts_with("apt") || name.contains("seapt") || name.starts_with("jmod") {
        Experiment::Apt
    } else {
        Experiment::Plain
    }
}

/// The angle in the name, or the one the pulse lengths make, or the usual 135.
fn dept_angle(name: &str, parameters: &Parameters) -> u8 {
    for angle in [135, 90, 45] {
        if name.contains(&angle.to_string()) {
            return angle;
        }
    }
    // The generic `dept` takes its last pulse from P0, a 90 degree pulse being P3.
    let degrees = match (parameters.element("P", 0), parameters.element("P", 3)) {
        (Some(last), Some(right_angle)) if right_angle > 0.0 => 90.0 * last / right_angle,
        _ => 135.0,
    };
    if degrees < 67.5 {
        45
    } else if degrees < 112.5 {
        90
    } else {
        135
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_use_are_known() {
        let none = Parameters::default();
        for (name, expected) in [
            ("zgdc", Experiment::Plain),
            ("zgpg30", Experiment::Plain),
            ("noesygpps1d.comp", Experiment::Plain),
            ("dept135", Experiment::Dept(135)),
            ("DEPT90", Experiment::Dept(90)),
            ("deptsp135", Experiment::Dept(135)),
            ("dept", Experiment::Dept(135)),
            ("deptqgpsp.2", Experiment::Deptq),
            ("apt", Experiment::Apt),
            ("aptjc", Experiment::Apt),
            ("jmod", Experiment::Apt),
        ] {
            assert_eq!(experiment(name, &none), expected, "{name}");
        }
    }

    #[test]
    fn the_generic_program_takes_its_angle_from_its_pulses() {
        let pulses = Parameters::parse(b"##$P= (0..3)\n10.3 10.2 20.4 10.3\n##END=");
        assert_eq!(experiment("dept", &pulses), Experiment::Dept(90));
    }
}
