//! All that speaks against one structure.

use super::feature::{CARBON, FEATURES, LINES_LEFT, PROTON, WITHOUT_SIGNAL, shapes};

/// Share of the 13C lines that another structure's are, and of the hydrogens without a signal.
const MOST_LINES: f64 = 0.6;
const MOST_HYDROGENS: f64 = 0.8;
/// The signals of fewer hydrogens than this may be lost among a solvent's or in one that was taken
/// for another's.
const LEAST_HYDROGENS: f64 = 5.0;

/// Spectra that a structure was judged by, and how their hydrogens were counted.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum JudgedNuclei {
    /// 13C alone, or with a 1H spectrum that has no integrals.
    Carbon,
    /// 1H alone, its hydrogens counted by a person.
    ProtonCounted,
    /// 1H alone, with integrals as measured.
    ProtonMeasured,
    /// Both, hydrogens counted.
    BothCounted,
    /// Both, with integrals as measured.
    BothMeasured,
}

impl JudgedNuclei {
    /// The one of three that is for these spectra: for 13C, for 1H, for both.
    pub(crate) fn pick<T>(self, carbon: T, proton: T, both: T) -> T {
        match self {
            Self::Carbon => carbon,
            Self::ProtonCounted | Self::ProtonMeasured => proton,
            Self::BothCounted | Self::BothMeasured => both,
        }
    }
}

/// What speaks against one structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// What it was judged by.
    pub nuclei: JudgedNuclei,
    /// A value for each of [`FEATURES`]; zeros of a nucleus that was not judged.
    pub values: [f64; CARBON + PROTON],
    /// Logarithms of the numbers of 13C lines and of hydrogens: of more lines more are off.
    pub sizes: [f64; 2],
}

impl Evidence {
    /// The same as one choice of spectra sees it; `None` where it needs more than there is.
    #[must_use]
    pub fn seen_by(&self, nuclei: JudgedNuclei) -> Option<Self> {
        use JudgedNuclei::{BothCounted, BothMeasured, Carbon, ProtonCounted, ProtonMeasured};
        let (carbon, proton) = match (nuclei, self.nuclei) {
            (wanted, own) if wanted == own => return Some(self.clone()),
            (Carbon, BothCounted | BothMeasured) => (true, false),
            (ProtonCounted, BothCounted) | (ProtonMeasured, BothMeasured) => (false, true),
            _ => return None,
        };
        let mut seen = Self { nuclei, ..self.clone() };
        if !carbon {
            seen.values[..CARBON].fill(0.0);
            seen.sizes[0] = 0.0;
        }
        if !proton {
            seen.values[CARBON..].fill(0.0);
            seen.sizes[1] = 0.0;
        }
        Some(seen)
    }

    /// What enters a regression: the shapes of every value, one after the other.
    #[must_use]
    pub fn shapes(&self) -> Vec<f64> {
        let pairs = self.values.iter().zip(&FEATURES);
        pairs.flat_map(|(value, feature)| shapes(*value, feature)).collect()
    }

    /// True where most of what was seen, or most of what should have been, is another structure's:
    /// weights are fitted to structures that are nearly right, and say nothing of such.
    #[must_use]
    pub fn is_of_another(&self) -> bool {
        let [lines, hydrogens] = self.sizes.map(f64::exp);
        let of = |name: &str| {
            let at = FEATURES.iter().position(|feature| feature.name == name);
            at.map_or(0.0, |at| self.values[at])
        };
        let without = of(WITHOUT_SIGNAL);
        let most = without > MOST_HYDROGENS * hydrogens && without >= LEAST_HYDROGENS;
        of(LINES_LEFT) > MOST_LINES * lines || most
    }
}
