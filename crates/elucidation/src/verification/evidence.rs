//! All that speaks against one structure.

use super::feature::{CARBON, FEATURES, LINES_LEFT, PROTON, WITHOUT_SIGNAL, shapes};
use super::hydrogen_group::groups;
use super::signal::Signals;
use super::{carbon, proton};
use crate::library::Profile;
use crate::query::Query;
use crate::scoring::Parameters;
use crate::scoring::assignment::AssignedNucleus;
use crate::scoring::axis;
use crate::scoring::density::ResidualModel;
use crate::scoring::lines::Lines;
use larmor_chemistry::Molecule;

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
    /// Holds a structure against the spectra; `None` where there is nothing to judge by.
    #[must_use]
    pub(crate) fn of(
        molecule: &Molecule,
        profile: &Profile,
        query: &Query,
        lines: &Lines,
        parameters: &Parameters,
    ) -> Option<Self> {
        let residuals = ResidualModel::Laplace;
        let (moved, _) = axis::aligned(
            profile,
            &lines.carbon,
            AssignedNucleus::Carbon,
            residuals,
            &parameters.carbon,
            lines.carbon_axis_error,
        );
        let by_carbon = carbon::discrepancies(profile, &moved);
        let groups = groups(molecule, profile);
        let signals = Signals::of(query);
        let by_proton = signals.as_ref().and_then(|signals| {
            let side = AssignedNucleus::Proton;
            let (own, error) = (&lines.proton, lines.proton_axis_error);
            let (moved, _) =
                axis::aligned(profile, own, side, residuals, &parameters.proton, error);
            let moved_ppm = match (moved.first(), own.first()) {
                (Some(moved), Some(own)) => moved.ppm - own.ppm,
                _ => 0.0,
            };
            proton::discrepancies(&groups, signals, moved_ppm)
        });
        let counted = signals.is_some_and(|signals| signals.counted);
        let nuclei = match (by_carbon.is_some(), by_proton.is_some(), counted) {
            (true, false, _) => JudgedNuclei::Carbon,
            (false, true, true) => JudgedNuclei::ProtonCounted,
            (false, true, false) => JudgedNuclei::ProtonMeasured,
            (true, true, true) => JudgedNuclei::BothCounted,
            (true, true, false) => JudgedNuclei::BothMeasured,
            (false, false, _) => return None,
        };
        let mut values = [0.0; FEATURES.len()];
        values[..CARBON].copy_from_slice(&by_carbon.unwrap_or([0.0; CARBON]));
        values[CARBON..].copy_from_slice(&by_proton.unwrap_or([0.0; PROTON]));
        let staying: f64 =
            groups.iter().filter(|g| !g.exchanges).map(|g| f64::from(g.hydrogens)).sum();
        let size = |judged: bool, size: f64| if judged { size.max(1.0).ln() } else { 0.0 };
        let sizes = [
            size(by_carbon.is_some(), lines.carbon.len() as f64),
            size(by_proton.is_some(), staying),
        ];
        Some(Self { nuclei, values, sizes })
    }

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
