//! Solvents of NMR samples and the names they go by.

use std::fmt;
use std::str::FromStr;

use crate::name::{UnknownName, serde_by_name};

/// A solvent whose residual lines are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Solvent {
    /// Chloroform-d.
    Chloroform,
    /// Dimethyl sulfoxide-d6.
    DimethylSulfoxide,
    /// Methanol-d4.
    Methanol,
    /// Deuterium oxide; also water, and what is mostly water: urine, plasma, serum.
    Water,
    /// Acetone-d6.
    Acetone,
    /// Benzene-d6.
    Benzene,
    /// Acetonitrile-d3.
    Acetonitrile,
    /// Pyridine-d5.
    Pyridine,
    /// Dichloromethane-d2.
    Dichloromethane,
    /// Toluene-d8.
    Toluene,
    /// Tetrahydrofuran-d8.
    Tetrahydrofuran,
    /// Dimethylformamide-d7.
    Dimethylformamide,
    /// Chlorobenzene-d5.
    Chlorobenzene,
    /// 1,2-Dichlorobenzene-d4.
    Dichlorobenzene,
    /// 1,1,2,2-Tetrachloroethane-d2.
    Tetrachloroethane,
    /// 1,4-Dioxane-d8.
    Dioxane,
    /// Trifluoroacetic acid-d.
    TrifluoroaceticAcid,
    /// Acetic acid-d4.
    AceticAcid,
    /// 2,2,2-Trifluoroethanol-d3.
    Trifluoroethanol,
    /// Nitromethane-d3.
    Nitromethane,
    /// Cyclohexane-d12.
    Cyclohexane,
    /// Ethanol-d6.
    Ethanol,
    /// Nitrobenzene-d5.
    Nitrobenzene,
}

/// What a solvent goes by: as chemists write it, and otherwise, in small letters and digits alone.
struct Names {
    /// As chemists write it.
    name: &'static str,
    /// Names that say it is deuterated.
    deuterated: &'static [&'static str],
    /// Names that leave that open.
    plain: &'static [&'static str],
}

impl Solvent {
    /// Every one, in order of declaration.
    pub const ALL: &'static [Self] = &[
        Self::Chloroform,
        Self::DimethylSulfoxide,
        Self::Methanol,
        Self::Water,
        Self::Acetone,
        Self::Benzene,
        Self::Acetonitrile,
        Self::Pyridine,
        Self::Dichloromethane,
        Self::Toluene,
        Self::Tetrahydrofuran,
        Self::Dimethylformamide,
        Self::Chlorobenzene,
        Self::Dichlorobenzene,
        Self::Tetrachloroethane,
        Self::Dioxane,
        Self::TrifluoroaceticAcid,
        Self::AceticAcid,
        Self::Trifluoroethanol,
        Self::Nitromethane,
        Self::Cyclohexane,
        Self::Ethanol,
        Self::Nitrobenzene,
    ];

    /// Reads what a header calls a solvent (`CDCl3`, `dmso`, `MeOD`, `90% H2O/10% D2O`, `Urine`,
    /// ...), case ignored. Of a mixture it is the one that is said to be deuterated, else the
    /// first. What stands for no solvent (`off`, `none`, `neat`) is none.
    ///
    /// ```
    /// use larmor_nmr::fid::Solvent;
    ///
    /// assert_eq!(Solvent::from_name("MeOD"), Some(Solvent::Methanol));
    /// assert_eq!(Solvent::from_name("90%H2O/10%D2O"), Some(Solvent::Water));
    /// assert_eq!(Solvent::Methanol.to_string(), "CD3OD");
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if let Some((solvent, _)) = known(name) {
            return Some(solvent);
        }
        // "CDCl3_SPE", "H2O+D2O salt": part by part, the whole words first.
        let of = |is_end: fn(char) -> bool| {
            let mut parts = name.split(is_end).filter_map(known);
            let first = parts.next()?;
            let deuterated = |found: &(Self, bool)| found.1;
            Some(if first.1 { first } else { parts.find(deuterated).unwrap_or(first) }.0)
        };
        of(|c| "+/;|&%_ ()".contains(c)).or_else(|| of(|c| !c.is_ascii_alphanumeric()))
    }

    /// Name as chemists write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.names().name
    }

    fn names(self) -> &'static Names {
        match self {
            Self::Chloroform => &Names {
                name: "CDCl3",
                deuterated: &[
                    "cdcl3",
                    "chloroformd",
                    "chloroformd1",
                    "dchloroform",
                    "deuterochloroform",
                ],
                plain: &["chloroform", "chcl3", "trichloromethane"],
            },
            Self::DimethylSulfoxide => &Names {
                name: "DMSO-d6",
                deuterated: &[
                    "dmsod6",
                    "d6dmso",
                    "dimethylsulphoxided6",
                    "dimethylsulfoxided6",
                    "cd32so",
                    "cd3socd3",
                ],
                plain: &["dmso", "dimethylsulfoxide", "dimethylsulphoxide", "hdmso"],
            },
            Self::Methanol => &Names {
                name: "CD3OD",
                deuterated: &[
                    "meod",
                    "cd3od",
                    "methanold4",
                    "meohd4",
                    "d4methanol",
                    "d4meoh",
                    "methanold",
                    "meodd3",
                    "methanold3",
                ],
                plain: &["methanol", "meoh", "ch3oh", "cd3oh"],
            },
            Self::Water => &Names {
                name: "D2O",
                deuterated: &["d2o", "deuteriumoxide", "waterd2", "heavywater"],
                plain: &[
                    "water",
                    "h2o",
                    "h2od2o",
                    "hdo",
                    "urine",
                    "plasma",
                    "serum",
                    "blood",
                    "bloodserum",
                    "bloodplasma",
                    "csf",
                    "saliva",
                    "juice",
                    "milk",
                    "buffer",
                ],
            },
            Self::Acetone => &Names {
                name: "acetone-d6",
                deuterated: &["acetoned6", "d6acetone", "cd3cocd3", "cd32co"],
                plain: &["acetone", "2propanone", "propanone"],
            },
            Self::Benzene => &Names {
                name: "C6D6",
                deuterated: &["c6d6", "benzened6", "d6benzene"],
                plain: &["benzene", "c6h6"],
            },
            Self::Acetonitrile => &Names {
                name: "CD3CN",
                deuterated: &["cd3cn", "acetonitriled3", "d3acetonitrile", "mecnd3"],
                plain: &["acetonitrile", "mecn", "ch3cn", "acn"],
            },
            Self::Pyridine => &Names {
                name: "pyridine-d5",
                deuterated: &["pyridined5", "d5pyridine", "c5d5n"],
                plain: &["pyr", "pyridine"],
            },
            Self::Dichloromethane => &Names {
                name: "CD2Cl2",
                deuterated: &[
                    "cd2cl2",
                    "dichloromethaned2",
                    "methylenechlorided2",
                    "d2dichloromethane",
                    "dcmd2",
                ],
                plain: &[
                    "dcm",
                    "dichloromethane",
                    "methylenechloride",
                    "methylenedichloride",
                    "ch2cl2",
                ],
            },
            Self::Toluene => &Names {
                name: "toluene-d8",
                deuterated: &["toluened8", "d8toluene", "c7d8"],
                plain: &["tol", "toluene"],
            },
            Self::Tetrahydrofuran => &Names {
                name: "THF-d8",
                deuterated: &["thfd8", "tetrahydrofurand8", "d8thf", "c4d8o"],
                plain: &["thf", "tetrahydrofuran"],
            },
            Self::Dimethylformamide => &Names {
                name: "DMF-d7",
                deuterated: &["dmfd7", "dimethylformamided7", "nndimethylformamided7", "d7dmf"],
                plain: &["dmf", "dimethylformamide", "nndimethylformamide"],
            },
            Self::Chlorobenzene => &Names {
                name: "C6D5Cl",
                deuterated: &["c6d5cl", "chlorobenzened5"],
                plain: &["chlorobenzene"],
            },
            Self::Dichlorobenzene => &Names {
                name: "1,2-dichlorobenzene-d4",
                deuterated: &[
                    "12dichlorobenzened4",
                    "odichlorobenzened4",
                    "dichlorobenzened4",
                    "oc6d4cl2",
                    "c6d4cl2",
                    "odcbd4",
                    "dcbd4",
                ],
                plain: &[
                    "dcb",
                    "odcb",
                    "12dichlorobenzene",
                    "odichlorobenzene",
                    "orthodichlorobenzene",
                    "dichlorobenzene",
                ],
            },
            Self::Tetrachloroethane => &Names {
                name: "C2D2Cl4",
                deuterated: &[
                    "c2d2cl4",
                    "1122tetrachloroethaned2",
                    "tetrachloroethaned2",
                    "tced2",
                    "d2tce",
                    "ttced2",
                    "cdcl2cdcl2",
                ],
                plain: &["tce", "ttce", "1122tetrachloroethane", "tetrachloroethane", "c2h2cl4"],
            },
            Self::Dioxane => &Names {
                name: "dioxane-d8",
                deuterated: &["dioxaned8", "14dioxaned8", "c4d8o2"],
                plain: &["dioxane", "14dioxane"],
            },
            Self::TrifluoroaceticAcid => &Names {
                name: "TFA-d",
                deuterated: &[
                    "tfad",
                    "tfad1",
                    "cf3cood",
                    "cf3co2d",
                    "trifluoroaceticacidd",
                    "trifluoroaceticacidd1",
                    "dtfa",
                ],
                plain: &["tfa", "trifluoroaceticacid"],
            },
            Self::AceticAcid => &Names {
                name: "acetic acid-d4",
                deuterated: &["aceticacidd4", "cd3cood", "cd3co2d", "acohd4", "aceticd4"],
                plain: &["acetic", "aceticacid", "acoh", "hoac"],
            },
            Self::Trifluoroethanol => &Names {
                name: "TFE-d3",
                deuterated: &[
                    "tfed3",
                    "tfed2",
                    "222trifluoroethanold3",
                    "trifluoroethanold3",
                    "cf3cd2od",
                ],
                plain: &["tfe", "trifluoroethanol", "222trifluoroethanol"],
            },
            Self::Nitromethane => &Names {
                name: "CD3NO2",
                deuterated: &["cd3no2", "nitromethaned3"],
                plain: &["nitromethane", "meno2"],
            },
            Self::Cyclohexane => &Names {
                name: "C6D12",
                deuterated: &["c6d12", "cyclohexaned12", "d12cyclohexane"],
                plain: &["cyclohexane"],
            },
            Self::Ethanol => &Names {
                name: "ethanol-d6",
                deuterated: &["etod", "ethanold6", "c2d5od", "etohd6", "d6ethanol", "cd3cd2od"],
                plain: &["ethanol", "etoh"],
            },
            Self::Nitrobenzene => &Names {
                name: "nitrobenzene-d5",
                deuterated: &["nitrobenzened5", "c6d5no2"],
                plain: &["nitrobenzene"],
            },
        }
    }
}

/// The solvent of a name, and whether the name says that it is deuterated.
fn known(name: &str) -> Option<(Solvent, bool)> {
    /// No name is longer.
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let key: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    Solvent::ALL.iter().find_map(|&solvent| {
        let names = solvent.names();
        let deuterated = names.deuterated.contains(&key.as_str());
        (deuterated || names.plain.contains(&key.as_str())).then_some((solvent, deuterated))
    })
}

impl fmt::Display for Solvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Solvent {
    type Err = UnknownName;

    /// Reads what `Display` writes, and every other name that [`Solvent::from_name`] knows.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_name(text).ok_or_else(|| UnknownName::new("solvent", text))
    }
}

serde_by_name!(Solvent);

#[cfg(test)]
mod tests;
