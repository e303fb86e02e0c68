//! A structure held against the spectra: its carbons brought to lines, its hydrogens under signals.

use super::carbon::{self, CarbonFit};
use super::evidence::{Evidence, JudgedNuclei};
use super::feature::{CARBON, FEATURES};
use super::hydrogen_group::groups;
use super::observed::Observed;
use super::proton::{self, ProtonFit};
use crate::library::Profile;
use crate::scoring::Parameters;
use crate::scoring::assignment::AssignedNucleus;
use crate::scoring::axis;
use crate::scoring::density::ResidualModel;
use larmor_chemistry::Molecule;

/// A structure held against the spectra.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Examination {
    pub evidence: Evidence,
    pub(super) carbon: Option<CarbonFit>,
    pub(super) proton: Option<ProtonFit>,
}

impl Examination {
    /// Holds a structure against the spectra; `None` where there is nothing to judge by.
    #[must_use]
    pub fn of(
        molecule: &Molecule,
        profile: &Profile,
        observed: &Observed,
        parameters: &Parameters,
    ) -> Option<Self> {
        let Observed { lines, signals, .. } = observed;
        let residuals = ResidualModel::Laplace;
        let (moved, _) = axis::aligned(
            profile,
            &lines.carbon,
            AssignedNucleus::Carbon,
            residuals,
            &parameters.carbon,
            lines.carbon_axis_error,
        );
        let moved_ppm = match (moved.first(), lines.carbon.first()) {
            (Some(moved), Some(own)) => moved.ppm - own.ppm,
            _ => 0.0,
        };
        let carbon = carbon::fit(profile, &moved).map(|fit| CarbonFit { moved_ppm, ..fit });
        let groups = groups(molecule, profile);
        let staying: f64 =
            groups.iter().filter(|g| g.stays()).map(|g| f64::from(g.hydrogens)).sum();
        let proton = signals.as_ref().and_then(|signals| {
            let side = AssignedNucleus::Proton;
            let (own, error) = (&lines.proton, lines.proton_axis_error);
            let (moved, _) =
                axis::aligned(profile, own, side, residuals, &parameters.proton, error);
            let moved_ppm = match (moved.first(), own.first()) {
                (Some(moved), Some(own)) => moved.ppm - own.ppm,
                _ => 0.0,
            };
            proton::fit(groups, signals, moved_ppm)
        });
        let counted = signals.as_ref().is_some_and(|signals| signals.counted);
        let nuclei = match (carbon.is_some(), proton.is_some(), counted) {
            (true, false, _) => JudgedNuclei::Carbon,
            (false, true, true) => JudgedNuclei::ProtonCounted,
            (false, true, false) => JudgedNuclei::ProtonMeasured,
            (true, true, true) => JudgedNuclei::BothCounted,
            (true, true, false) => JudgedNuclei::BothMeasured,
            (false, false, _) => return None,
        };
        let mut values = [0.0; FEATURES.len()];
        if let Some(fit) = &carbon {
            values[..CARBON].copy_from_slice(&carbon::discrepancies(fit));
        }
        if let Some(fit) = &proton {
            values[CARBON..].copy_from_slice(&proton::discrepancies(fit));
        }
        let size = |judged: bool, size: f64| if judged { size.max(1.0).ln() } else { 0.0 };
        let sizes =
            [size(carbon.is_some(), lines.carbon.len() as f64), size(proton.is_some(), staying)];
        Some(Self { evidence: Evidence { nuclei, values, sizes }, carbon, proton })
    }
}
