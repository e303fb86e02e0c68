use super::*;

#[test]
fn headers_name_solvents_in_many_ways() {
    for (solvent, names) in [
        (Solvent::Chloroform, &["CDCl3_SPE", "Chloroform-d1", "chloroform-D", "CHCl3"] as &[_]),
        (Solvent::DimethylSulfoxide, &["dimethyl sulfoxide", "DMSO-D6", "(CD3)2SO", "dmso_d6"]),
        (Solvent::Dichloromethane, &["Dichloromethane", "Methylene chloride", "CD2Cl2"]),
        (Solvent::Methanol, &["MeOH-d4", "CD3OD_SPE", "METHANOL-D4", "CD3OD+CDCl3"]),
        (Solvent::Acetone, &["Acetone-D6", "(CD3)2CO", "acetone"]),
        (
            Solvent::Water,
            &[
                "Urine",
                "Plasma",
                "serum",
                "H2O+D2O",
                "H2O+D2O_salt",
                "90%H2O/10%D2O",
                "D2O_salt",
                "90% H2O, 10% D2O",
                "H2O",
                "CH3CN+D2O",
                "T_H2O+D2O+NaAc",
            ],
        ),
        (Solvent::Tetrachloroethane, &["TCE", "C2D2Cl4", "1,1,2,2-tetrachloroethane-d2"]),
        (Solvent::Dichlorobenzene, &["DCB", "ODCB", "1,2-Dichlorobenzene-d4", "o-C6D4Cl2"]),
        (Solvent::TrifluoroaceticAcid, &["TFA-d", "TFA", "CF3COOD"]),
        (Solvent::Dioxane, &["dioxane", "1,4-Dioxane-d8"]),
        (Solvent::Cyclohexane, &["cyclohexane-d12", "C6D12"]),
        (Solvent::Ethanol, &["EtOD", "ethanol-d6", "C2D5OD"]),
    ] {
        for name in names {
            assert_eq!(Solvent::from_name(name), Some(solvent), "{name}");
        }
    }
    for none in ["", " ", "off", "none", "neat", "None", "?", "unknown", "beer", "\u{0}"] {
        assert_eq!(Solvent::from_name(none), None, "{none}");
    }
    assert_eq!(Solvent::from_name(&"D2O".repeat(1000)), None);
}

#[test]
fn no_two_solvents_share_a_name() {
    let all = Solvent::ALL.iter().flat_map(|&solvent| {
        let names = solvent.names();
        names.deuterated.iter().chain(names.plain).map(move |name| (solvent, *name))
    });
    for (solvent, name) in all {
        assert_eq!(Solvent::from_name(name), Some(solvent), "{name}");
    }
}
