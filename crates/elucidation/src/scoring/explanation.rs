//! Which line is whose in one candidate, and how well it all fits.

use super::assignment::{AssignedNucleus, Assignment, Costs};
use super::axis;
use super::density::ResidualModel;
use super::fit::{Fit, fit};
use super::lines::{Line, Lines};
use super::marginals::marginals;
use super::parameters::Parameters;
use crate::library::Profile;
use larmor_nmr::elucidation::PeakAssignment;
use larmor_nmr::fid::Nucleus;

/// Fit of the 13C side and assignments of both nuclei.
pub(crate) fn explain(
    profile: &Profile,
    lines: &Lines,
    parameters: &Parameters,
) -> (Fit, Vec<PeakAssignment>) {
    let on_its_axis = |side: AssignedNucleus, residuals: ResidualModel| {
        let (lines, nucleus, error) = match side {
            AssignedNucleus::Carbon => (&lines.carbon, &parameters.carbon, lines.carbon_axis_error),
            AssignedNucleus::Proton => (&lines.proton, &parameters.proton, lines.proton_axis_error),
        };
        let (moved, _) = axis::aligned(profile, lines, side, residuals, nucleus, error);
        (Costs::new(profile, &moved, side, residuals, nucleus), moved)
    };
    let (ranked, moved) = on_its_axis(AssignedNucleus::Carbon, ResidualModel::Laplace);
    let fit = fit(profile, &moved, &ranked, &ranked.solve());
    let (carbon, _) = on_its_axis(AssignedNucleus::Carbon, ResidualModel::Normal);
    let best = carbon.solve();
    let mut assignments =
        pairs(profile, &lines.carbon, &carbon, &best, parameters, &Nucleus::Carbon);
    if !lines.proton.is_empty() {
        let (proton, _) = on_its_axis(AssignedNucleus::Proton, ResidualModel::Normal);
        let best = proton.solve();
        assignments.extend(pairs(
            profile,
            &lines.proton,
            &proton,
            &best,
            parameters,
            &Nucleus::Proton,
        ));
    }
    (fit, assignments)
}

/// Every atom of every site that has a line. Atoms of a site that shows two lines take turns.
fn pairs(
    profile: &Profile,
    lines: &[Line],
    costs: &Costs,
    best: &Assignment,
    parameters: &Parameters,
    nucleus: &Nucleus,
) -> Vec<PeakAssignment> {
    let marginal = marginals(costs, parameters.assignment_temperature);
    let mut found: Vec<PeakAssignment> = Vec::new();
    for (index, (_, atoms)) in profile.iter().enumerate() {
        let rows: Vec<usize> =
            (0..costs.expected.len()).filter(|&row| costs.expected[row].site == index).collect();
        let shown: Vec<usize> = rows.iter().filter_map(|&row| best.line_of[row]).collect();
        if shown.is_empty() {
            continue;
        }
        let predicted = costs.expected[rows[0]].ppm;
        let of_site = |line: usize| -> f64 {
            let sum = rows.iter().map(|&row| marginal[row * costs.lines + line]).sum::<f64>();
            parameters.pair_probability(sum)
        };
        for (turn, &atom) in atoms.iter().enumerate() {
            // A single atom shows every line of its site (the hydrogens of a methylene);
            // several atoms share them out.
            let own: Vec<usize> =
                if atoms.len() == 1 { shown.clone() } else { vec![shown[turn % shown.len()]] };
            let doubt = if atoms.len() > 1 { shown.len() as f64 } else { 1.0 };
            found.extend(own.into_iter().map(|line| PeakAssignment {
                atom: atom.into(),
                nucleus: nucleus.clone(),
                ppm: lines[line].ppm,
                predicted_ppm: predicted,
                probability: of_site(line) / doubt,
            }));
        }
    }
    found.sort_by(|a, b| a.atom.cmp(&b.atom).then(a.ppm.total_cmp(&b.ppm)));
    found
}
