//! What version 0.2.0 read from two names of a header, for digests alone.
//!
//! A digest is the identity of a dataset: databases find by it what they have seen before. Names of
//! solvents and kinds of experiments are part of it, as 0.2.0 understood them. What is understood
//! today grows with every version and must not give data a new identity, so that these two tables
//! are frozen: nothing is ever added to them. They keep 0.2.0's errors, too.

/// The solvent that a header's name meant to 0.2.0, as its digests write it.
pub(super) fn solvent(name: &str) -> &'static str {
    let key: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    match key.as_str() {
        "cdcl3" | "chloroformd" | "chloroform" | "chloroformd1" => "Some(Chloroform)",
        "dmso" | "dmsod6" | "d6dmso" | "dimethylsulphoxided6" | "dimethylsulfoxided6" => {
            "Some(DimethylSulfoxide)"
        }
        "meod" | "cd3od" | "methanold4" | "methanol" | "meoh" | "cd3odspe" => "Some(Methanol)",
        "d2o" | "water" | "h2od2o" | "deuteriumoxide" | "d2osalt" => "Some(Water)",
        "acetone" | "acetoned6" | "cd3cocd3" | "cd32co" => "Some(Acetone)",
        "c6d6" | "benzened6" | "benzene" => "Some(Benzene)",
        "cd3cn" | "acetonitriled3" | "acetonitrile" | "mecn" => "Some(Acetonitrile)",
        "pyr" | "pyridine" | "pyridined5" | "c5d5n" => "Some(Pyridine)",
        "cd2cl2" | "dichloromethaned2" | "methylenechlorided2" | "dcm" => "Some(Dichloromethane)",
        "tol" | "toluene" | "toluened8" | "c7d8" => "Some(Toluene)",
        "thf" | "thfd8" | "tetrahydrofurand8" => "Some(Tetrahydrofuran)",
        "dmf" | "dmfd7" | "dimethylformamided7" => "Some(Dimethylformamide)",
        _ => NO_SOLVENT,
    }
}

/// What digests write where there is none.
pub(super) const NO_SOLVENT: &str = "None";

/// A one-dimensional spectrum of no kind that 0.2.0 knew.
pub(super) const PLAIN: &str = "1D";

/// The kind of experiment that a pulse program's name meant to 0.2.0, as its digests write it.
/// `last_pulse` is the angle of DEPT's last pulse in degrees where parameters tell it and the name
/// does not.
pub(super) fn experiment(name: &str, last_pulse: Option<f64>) -> &'static str {
    let name = name.to_ascii_lowercase();
    if name.contains("deptq") || name.contains("pendant") {
        "DEPTQ"
    } else if name.contains("dept") {
        dept(&name, last_pulse)
    } else if name.starts_with("apt")
        || name.contains("_apt")
        || name.contains("seapt")
        || name.starts_with("jmod")
    {
        "APT"
    } else {
        PLAIN
    }
}

fn dept(name: &str, last_pulse: Option<f64>) -> &'static str {
    let by_name = [("135", "DEPT135"), ("90", "DEPT90"), ("45", "DEPT45")];
    if let Some((_, kind)) = by_name.into_iter().find(|(angle, _)| name.contains(angle)) {
        return kind;
    }
    let degrees = last_pulse.filter(|degrees| degrees.is_finite()).unwrap_or(135.0);
    if degrees < 67.5 {
        "DEPT45"
    } else if degrees < 112.5 {
        "DEPT90"
    } else {
        "DEPT135"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solvents_are_those_of_version_0_2_0() {
        for (names, expected) in [
            ("CDCl3 chloroform-d CHLOROFORM-D1 chloroform", "Chloroform"),
            ("DMSO dmso-d6 d6-DMSO DIMETHYL_SULPHOXIDE-D6", "DimethylSulfoxide"),
            ("MeOD CD3OD methanol-d4 methanol MeOH CD3OD_SPE", "Methanol"),
            ("D2O water H2O+D2O deuterium-oxide D2O_salt", "Water"),
            ("Acetone acetone-d6 (CD3)2CO CD3COCD3", "Acetone"),
            ("C6D6 benzene-d6 benzene", "Benzene"),
            ("CD3CN acetonitrile MeCN", "Acetonitrile"),
            ("pyr pyridine-d5 C5D5N", "Pyridine"),
            ("CD2Cl2 DCM dichloromethane-d2", "Dichloromethane"),
            ("Tol toluene-d8 C7D8", "Toluene"),
            ("THF THF-d8", "Tetrahydrofuran"),
            ("DMF DMF-d7", "Dimethylformamide"),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(solvent(name), format!("Some({expected})"), "{name}");
            }
        }
        // Understood since.
        for name in
            ["", "off", "CDCl3_SPE", "H2O", "urine", "TFE", "chlorobenzene-d5", "d-chloroform"]
        {
            assert_eq!(solvent(name), NO_SOLVENT, "{name}");
        }
    }

    #[test]
    fn experiments_are_those_of_version_0_2_0() {
        for (kind, names) in [
            ("1D", "zg30 zgpg30 zgdc s2pul carbon.jxp noesygpps1d.comp"),
            ("DEPT135", "dept135 deptsp135 dept dept.jxp"),
            ("DEPT90", "DEPT90"),
            ("DEPT45", "dept45 dept_145hz"),
            ("DEPTQ", "deptqgpsp.2 pendant"),
            ("APT", "apt APT aptjc carbon_apt.jxp jmod"),
            // Understood since.
            ("1D", "zg psyche selnogp cpmgpr1d ineptnd INADEQUATE"),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(experiment(name, None), kind, "{name}");
            }
        }
        assert_eq!(experiment("dept", Some(45.0)), "DEPT45");
        assert_eq!(experiment("dept", Some(90.0)), "DEPT90");
        assert_eq!(experiment("dept", Some(f64::NAN)), "DEPT135");
        assert_eq!(experiment("dept90", Some(45.0)), "DEPT90");
    }
}
