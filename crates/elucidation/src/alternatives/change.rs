//! In which way one structure differs from another.

use std::fmt;

use serde::{Serialize, Serializer};

/// In which way a structure differs from the one it stands in place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// A substituent stands elsewhere on its aromatic ring.
    Regioisomer,
    /// A group, a methyl or a double bond stands one atom further on a chain or saturated ring.
    PositionalIsomer,
    /// A double bond is turned.
    DoubleBondIsomer,
    /// One stereocentre is inverted, and the result is not the mirror image.
    Epimer,
    /// A methyl too many on nitrogen.
    NMethylated,
    /// A methyl too many on oxygen.
    OMethylated,
    /// A methyl of nitrogen is missing.
    NDemethylated,
    /// A methyl of oxygen is missing.
    ODemethylated,
    /// A CH2 too many.
    HomologueLonger,
    /// A CH2 too few.
    HomologueShorter,
    /// A protecting group (Boc, acetyl, benzyl, TBS) is still there.
    Protected,
    /// A protecting group has come off.
    Deprotected,
    /// An ester, amide or lactone has been cut by water: the part with the acid.
    Hydrolysed,
    /// A C=O, multiple bond, nitro group or nitrile took up hydrogen.
    Reduced,
    /// An alcohol, benzylic carbon, aldehyde or sulfide was oxidised.
    Oxidised,
    /// Hydrogen in place of a halogen.
    Dehalogenated,
    /// One halogen in place of another.
    HalogenSwapped,
    /// Nitrogen in place of an aromatic CH, or the other way round.
    AzaSwapped,
    /// An ester or amide the other way round.
    EsterReversed,
    /// What the compound was to be made of.
    StartingMaterial,
}

impl Change {
    /// Every change. A structure that two of them make goes by the first.
    pub const ALL: [Self; 20] = [
        Self::Regioisomer,
        Self::PositionalIsomer,
        Self::DoubleBondIsomer,
        Self::Epimer,
        Self::NMethylated,
        Self::OMethylated,
        Self::NDemethylated,
        Self::ODemethylated,
        Self::HomologueLonger,
        Self::HomologueShorter,
        Self::Protected,
        Self::Deprotected,
        Self::Hydrolysed,
        Self::Reduced,
        Self::Oxidised,
        Self::Dehalogenated,
        Self::HalogenSwapped,
        Self::AzaSwapped,
        Self::EsterReversed,
        Self::StartingMaterial,
    ];

    /// Name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Regioisomer => "regioisomer",
            Self::PositionalIsomer => "positional isomer",
            Self::DoubleBondIsomer => "E/Z",
            Self::Epimer => "epimer",
            Self::NMethylated => "N-methylated",
            Self::OMethylated => "O-methylated",
            Self::NDemethylated => "N-demethylated",
            Self::ODemethylated => "O-demethylated",
            Self::HomologueLonger => "homologue, CH2 more",
            Self::HomologueShorter => "homologue, CH2 less",
            Self::Protected => "protected",
            Self::Deprotected => "deprotected",
            Self::Hydrolysed => "hydrolysed",
            Self::Reduced => "reduced",
            Self::Oxidised => "oxidised",
            Self::Dehalogenated => "dehalogenated",
            Self::HalogenSwapped => "halogen swapped",
            Self::AzaSwapped => "aza-swapped",
            Self::EsterReversed => "ester or amide reversed",
            Self::StartingMaterial => "starting material",
        }
    }

    /// True where the constitution stays the same and the first block of the InChIKey with it.
    #[must_use]
    pub fn is_stereoisomer(self) -> bool {
        matches!(self, Self::DoubleBondIsomer | Self::Epimer)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
