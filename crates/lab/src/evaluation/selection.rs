//! Which molecules a protocol tests on.

use crate::data::Folds;

/// Spectra that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nuclei {
    /// 13C alone.
    #[default]
    Carbon,
    /// 1H alone.
    Proton,
    /// Both together.
    Both,
}

impl Nuclei {
    /// Name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Carbon => "13C",
            Self::Proton => "1H",
            Self::Both => "13C + 1H",
        }
    }
}

/// Which part of the data is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// The test fold.
    #[default]
    Test,
    /// Molecules that training stopped by: penalties are set on them, and nothing is claimed.
    Validation,
}

/// Which molecules are tested on.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Fold of the published split.
    pub fold: u8,
    /// Which part is looked at.
    pub part: Part,
    /// Only molecules with spectra of these.
    pub spectra: Nuclei,
    /// Published folds by record number; without them the records say.
    pub folds: Option<Folds>,
    /// At most so many, drawn at random.
    pub most: Option<usize>,
    /// Seed of that draw.
    pub seed: u64,
}
