//! The score of one candidate by the lines of a sample.

use super::assignment::{AssignedNucleus, Costs};
use super::axis;
use super::density::ResidualModel;
use super::lines::Lines;
use super::parameters::{NucleusParameters, Parameters};
use crate::library::Profile;
use crate::score_part::ScorePart;

/// Log-likelihood of all lines given a candidate.
pub(crate) fn score(profile: &Profile, lines: &Lines, parameters: &Parameters) -> f64 {
    parts(profile, lines, parameters).iter().map(|(_, part)| part).sum()
}

/// The same for each nucleus that has lines, weighted.
pub(crate) fn parts(
    profile: &Profile,
    lines: &Lines,
    parameters: &Parameters,
) -> Vec<(ScorePart, f64)> {
    [
        (
            ScorePart::Carbon,
            AssignedNucleus::Carbon,
            (&lines.carbon, lines.carbon_axis_error),
            &parameters.carbon,
        ),
        (
            ScorePart::Proton,
            AssignedNucleus::Proton,
            (&lines.proton, lines.proton_axis_error),
            &parameters.proton,
        ),
    ]
    .into_iter()
    .filter(|(_, _, (lines, _), nucleus)| !lines.is_empty() && nucleus.weight > 0.0)
    .map(|(part, side, (lines, error), nucleus)| {
        let residuals = ResidualModel::Laplace;
        let (lines, off) = axis::aligned(profile, lines, side, residuals, nucleus, error);
        let of = |nucleus: &NucleusParameters| {
            Costs::new(profile, &lines, side, residuals, nucleus).solve().score - off
        };
        let whole = of(nucleus);
        if nucleus.partial <= 0.0 {
            return (part, nucleus.weight * whole);
        }
        // One list in so many holds but a part of the lines: the likelier of the two counts.
        let partial = of(&NucleusParameters { missing: nucleus.missing_in_partial, ..*nucleus });
        let share = nucleus.partial.min(0.999);
        let likelier = (whole + (1.0 - share).ln()).max(partial + share.ln());
        (part, nucleus.weight * likelier)
    })
    .collect()
}
