//! What was run: the sequence's name, and the parameters that change what it does.

use super::procpar::Procpar;
use crate::fid::{Experiment, Nucleus, identity, program};

/// The kind of experiment. The label is what the operator chose, the sequence file what ran.
pub(super) fn experiment(procpar: &Procpar, nucleus: &Nucleus) -> Experiment {
    let kind = by_names(procpar, Experiment::Plain, program::experiment);
    match (kind, nucleus) {
        (Experiment::Plain, Nucleus::Carbon) if is_coupled(procpar) => Experiment::Coupled,
        (Experiment::Plain, Nucleus::Proton) if is_on(procpar, "homo") => Experiment::Homodecoupled,
        _ => kind,
    }
}

/// The kind of experiment as digests write it: by names alone.
pub(super) fn identity_experiment(procpar: &Procpar) -> &'static str {
    by_names(procpar, identity::PLAIN, identity::experiment)
}

/// What `kind_of` says of the sequence file, or where that says nothing, of the label.
fn by_names<T: PartialEq>(
    procpar: &Procpar,
    nothing: T,
    kind_of: impl Fn(&str, Option<f64>) -> T,
) -> T {
    let last_pulse = procpar.number("mult").map(|mult| 90.0 * mult);
    let named = |parameter| kind_of(procpar.text(parameter).unwrap_or_default(), last_pulse);
    let by_file = named("seqfil");
    if by_file == nothing { named("pslabel") } else { by_file }
}

/// True where the decoupler stands on hydrogen and is off while the signal is recorded: `dm` has a
/// letter for each part of the sequence, its last for all that follow.
fn is_coupled(procpar: &Procpar) -> bool {
    let on_hydrogen = procpar.text("dn").is_none_or(|label| label == "H1");
    on_hydrogen && procpar.text("dm").is_some_and(|dm| dm.ends_with('n'))
}

/// True where the water's line is suppressed: by what the sequence is for, by presaturation
/// (`satmode` has a letter for each part of the sequence), or by WET.
pub(super) fn suppresses_water(procpar: &Procpar, nucleus: &Nucleus) -> bool {
    let named = |parameter| {
        procpar.text(parameter).is_some_and(|name| program::suppresses_water(name, nucleus))
    };
    let asked = is_on(procpar, "satmode") || procpar.text("wet").is_some_and(|wet| wet == "y");
    *nucleus == Nucleus::Proton && asked || named("seqfil") || named("pslabel")
}

fn is_on(procpar: &Procpar, parameter: &str) -> bool {
    procpar.text(parameter).is_some_and(|letters| letters.contains('y'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::procpar::written as procpar;
    use super::*;

    #[test]
    fn dept_takes_its_angle_from_mult() {
        let kind = |program: &str, mult: &str| {
            let pairs = [("seqfil", program), ("mult", mult)];
            experiment(&procpar(&pairs), &Nucleus::Carbon)
        };
        assert_eq!(kind("DEPT", "0.5"), Experiment::Dept(45));
        assert_eq!(kind("dept", "1"), Experiment::Dept(90));
        assert_eq!(kind("DEPT", "1.5"), Experiment::Dept(135));
        assert_eq!(kind("APT", "0"), Experiment::Apt);
        assert_eq!(kind("s2pul", "0"), Experiment::Plain);
    }

    #[test]
    fn the_decoupler_tells_what_is_decoupled() {
        let kind = |pairs: &[(&str, &str)], nucleus| {
            experiment(&procpar(&[&[("seqfil", "s2pul")], pairs].concat()), &nucleus)
        };
        for (dm, expected) in [
            ("nnn", Experiment::Coupled),
            ("ynn", Experiment::Coupled),
            ("nny", Experiment::Plain),
            ("yyy", Experiment::Plain),
            ("y", Experiment::Plain),
        ] {
            assert_eq!(kind(&[("dm", dm), ("dn", "H1")], Nucleus::Carbon), expected, "{dm}");
        }
        assert_eq!(kind(&[("dm", "nnn"), ("dn", "P31")], Nucleus::Carbon), Experiment::Plain);
        assert_eq!(kind(&[("dm", "nnn")], Nucleus::Proton), Experiment::Plain);
        assert_eq!(kind(&[("homo", "y")], Nucleus::Proton), Experiment::Homodecoupled);
        assert_eq!(kind(&[("homo", "n")], Nucleus::Proton), Experiment::Plain);
    }

    #[test]
    fn water_is_suppressed_by_name_or_by_parameter() {
        let suppressed =
            |pairs: &[(&str, &str)]| suppresses_water(&procpar(pairs), &Nucleus::Proton);
        for pairs in [
            [("seqfil", "s2pul"), ("satmode", "ynn")],
            [("seqfil", "s2pul"), ("wet", "y")],
            [("seqfil", "tnnoesy"), ("satmode", "n")],
            [("seqfil", "s2pul"), ("pslabel", "PRESAT")],
        ] {
            assert!(suppressed(&pairs), "{pairs:?}");
        }
        assert!(!suppressed(&[("seqfil", "s2pul"), ("satmode", "nnn"), ("wet", "n")]));
        assert!(!suppresses_water(&procpar(&[("satmode", "y")]), &Nucleus::Carbon));
    }
}
