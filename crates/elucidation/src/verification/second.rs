//! A second compound of the candidates beside the judged one: it explains what the first leaves.

use super::carbon::{self, CarbonFit};
use super::examination::Examination;
use super::hydrogen_group::{HydrogenGroup, groups};
use super::observed::Observed;
use super::proton::{self, ProtonFit};
use super::signal::{Signal, Signals};
use super::transport::{self, Transport};
use crate::components::{Costs, FoundSubstance, integral};
use crate::library::Profile;
use crate::read_molecules::ReadMolecules;
use crate::scoring::lines::Line;

/// Shares of the 1H integrals that the judged structure may have beside another.
const SHARES: [f64; 8] = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
/// Nats that a second compound has to explain more than it costs, and the share of its own carbons
/// and hydrogens that may be missing.
const LEAST_GAIN: f64 = 5.0;
const MOST_MISSING: f64 = 0.25;
/// Candidates that are tried as the first of two, and as the second of one.
const MOST_FIRST: usize = 12;
const MOST_SECOND: usize = 20;
/// A line is near a carbon within so many spreads of the prediction.
const NEAR: f64 = 3.0;
/// What the judged structure has to leave for a second compound to be looked for: lines, hydrogens.
const LEAST_LINES: usize = 2;
const LEAST_HYDROGENS: f64 = 1.5;
/// Lines within this are the same one of the query, ppm.
const SAME_PPM: f64 = 0.01;

/// A candidate that may be in the tube, too.
pub(crate) struct Other {
    pub smiles: String,
    pub profile: Profile,
}

/// All of them.
pub(crate) struct Others<'a> {
    /// Asked for where something is left.
    pub list: &'a dyn Fn() -> Vec<Other>,
    /// One of them is known to explain what the judged structure leaves.
    pub first: bool,
}

/// The second compound that explains most of what the first leaves, as a substance to be taken from
/// the query; `None` where none does. The others are asked for where something is left.
pub(super) fn find(
    (first, observed): (&Examination, &Observed),
    others: &&dyn Fn() -> Vec<Other>,
    molecules: &ReadMolecules,
) -> Option<FoundSubstance> {
    if !leaves_enough(first) {
        return None;
    }
    let others = others();
    let (gain, _, best) = best_beside(first, observed, &others, None, molecules)?;
    (gain >= least_gain(others.len())).then_some(best)
}

/// Two compounds of the candidates that explain the spectra together, by their places; `None` where
/// the first of them alone `fits` or leaves little, and where no two do. `hold` examines one.
pub(super) fn pair(
    observed: &Observed,
    candidates: &[Other],
    molecules: &ReadMolecules,
    hold: impl Fn(&Other) -> Option<Examination>,
    fits: impl Fn(&Examination) -> bool,
) -> Option<(usize, usize)> {
    let mut found: Vec<(f64, usize, usize)> = Vec::new();
    for (place, candidate) in candidates.iter().take(MOST_FIRST).enumerate() {
        let Some(first) = hold(candidate) else { continue };
        let enough = leaves_enough(&first);
        if place == 0 && (!enough || fits(&first)) {
            return None;
        }
        if !enough {
            continue;
        }
        let Some((gain, second, _)) =
            best_beside(&first, observed, candidates, Some(place), molecules)
        else {
            continue;
        };
        let carbon = first.carbon.as_ref().map_or(0.0, |fit| fit.cost);
        let proton = first.proton.as_ref().map_or(0.0, |fit| fit.transport.cost);
        if gain >= least_gain(candidates.len()) {
            found.push((gain - carbon - proton, place, second));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    // Each has to explain what the other does not.
    let needed = |&(_, first, second): &(f64, usize, usize)| {
        let held = hold(&candidates[second])?;
        let shares = shares_of(&held, observed);
        let (gain, _) = beside(&held, observed, &shares, &candidates[first], molecules)?;
        (leaves_enough(&held) && gain >= LEAST_GAIN).then_some((first, second))
    };
    found.iter().find_map(needed)
}

/// The structure at every share of the 1H integrals.
fn shares_of(first: &Examination, observed: &Observed) -> Vec<AtShare> {
    match (&first.proton, &observed.signals) {
        (Some(own), Some(signals)) => at_shares(own, signals),
        _ => Vec::new(),
    }
}

/// Of many others the best may explain something by chance.
fn least_gain(others: usize) -> f64 {
    LEAST_GAIN + (others.max(1) as f64).ln()
}

/// Whether a structure leaves enough for a second one to be looked for.
fn leaves_enough(first: &Examination) -> bool {
    match (&first.carbon, &first.proton) {
        (Some(carbon), _) => carbon.left().count() >= LEAST_LINES,
        (None, Some(proton)) => proton.transport.left.iter().sum::<f64>() >= LEAST_HYDROGENS,
        (None, None) => false,
    }
}

/// The candidate that explains most of what the first leaves, with its place.
fn best_beside(
    first: &Examination,
    observed: &Observed,
    candidates: &[Other],
    own: Option<usize>,
    molecules: &ReadMolecules,
) -> Option<(f64, usize, FoundSubstance)> {
    let mut likely: Vec<(f64, usize)> = candidates
        .iter()
        .enumerate()
        .filter(|(place, _)| own != Some(*place))
        .map(|(place, other)| (covered(first, other), place))
        .collect();
    likely.sort_by(|a, b| b.0.total_cmp(&a.0));
    let at_shares = shares_of(first, observed);
    let tried = likely.into_iter().take(MOST_SECOND).filter_map(|(_, place)| {
        let (gain, found) = beside(first, observed, &at_shares, &candidates[place], molecules)?;
        Some((gain, place, found))
    });
    tried.max_by(|a, b| a.0.total_cmp(&b.0))
}

/// A fast estimate of how much of what the first leaves in 13C a candidate explains: lines near one
/// of its carbons less carbons far from every line.
fn covered(first: &Examination, other: &Other) -> f64 {
    let Some(own) = &first.carbon else { return 0.0 };
    let carbons: Vec<(f64, f64)> = other
        .profile
        .sites
        .iter()
        .filter_map(|site| site.carbon)
        .map(|shift| (f64::from(shift.ppm), NEAR * f64::from(shift.spread).max(0.3)))
        .collect();
    let near = |ppm: f64, carbon: &(f64, f64)| (ppm - carbon.0).abs() < carbon.1;
    let left = own.lines.iter().zip(&own.explained).filter(|(_, explained)| !**explained);
    let explained = left.filter(|(line, _)| carbons.iter().any(|carbon| near(line.ppm, carbon)));
    let far = carbons.iter().filter(|carbon| !own.lines.iter().any(|line| near(line.ppm, carbon)));
    explained.count() as f64 - far.count() as f64
}

/// What one candidate explains more than it costs, nats.
fn beside(
    first: &Examination,
    observed: &Observed,
    at_shares: &[AtShare],
    other: &Other,
    molecules: &ReadMolecules,
) -> Option<(f64, FoundSubstance)> {
    let mut found = FoundSubstance {
        name: other.smiles.clone(),
        carbons: Vec::new(),
        protons: Vec::new(),
        area_of_hydrogen: None,
        costs: Costs { foreign: 1.0, shared: 1.0 },
        rare: false,
        off: 0.0,
    };
    let mut gain = 0.0;
    if let Some(own) = &first.carbon {
        let (left, fit) = carbons_beside(own, &other.profile)?;
        gain += carbon::LEFT * fit.weights.iter().sum::<f64>() - fit.cost;
        let missing = fit.kinds.iter().filter(|kind| kind.line.is_none() && !kind.shares());
        if missing.count() as f64 > MOST_MISSING * fit.kinds.len() as f64 {
            return None;
        }
        let explained = fit.explained.iter().zip(&left).filter(|(explained, _)| **explained);
        for (_, place) in explained {
            let ppm = observed.lines.carbon.get(*place)?.ppm;
            let same = observed.query.c13.iter().enumerate();
            let same = same.filter(|(_, peak)| (peak.ppm - ppm).abs() < SAME_PPM);
            found.carbons.extend(same.map(|(place, _)| place));
        }
    }
    if let (Some(own), Some(signals)) = (&first.proton, &observed.signals) {
        let molecule = molecules.graph_only(&other.smiles)?;
        let shared = share(own, at_shares, &groups(&molecule, &other.profile))?;
        gain += shared.gain;
        if shared.missing > MOST_MISSING {
            return None;
        }
        found.protons =
            shared.protons.iter().flat_map(|one| apart(*one, signals, observed)).collect();
        found.area_of_hydrogen = Some(shared.area_of_hydrogen);
    }
    Some((gain, found))
}

/// Lines that the first leaves, by their places, with the second's carbons brought to them; these
/// may also stand under lines of the first.
fn carbons_beside(own: &CarbonFit, profile: &Profile) -> Option<(Vec<usize>, CarbonFit)> {
    let (taken, left): (Vec<usize>, Vec<usize>) =
        (0..own.lines.len()).partition(|&place| own.explained[place]);
    let of = |places: &[usize]| -> Vec<Line> { places.iter().map(|&at| own.lines[at]).collect() };
    let weights = left.iter().map(|&at| own.weights[at]).collect();
    let fit = carbon::fit_beside(profile, &of(&left), weights, &of(&taken))?;
    Some((left, fit))
}

/// The hydrogens under a block of signals, on each of these by its integral.
fn apart(
    (place, hydrogens): (usize, f64),
    signals: &Signals,
    observed: &Observed,
) -> Vec<(usize, f64)> {
    let area = |place: usize| observed.query.h1.get(place).and_then(integral).unwrap_or(0.0);
    let places = signals.together_with(place);
    let all: f64 = places.iter().map(|&place| area(place)).sum();
    if all <= 0.0 {
        return vec![(place, hydrogens)];
    }
    places.into_iter().map(|place| (place, hydrogens * area(place) / all)).collect()
}

struct Shared {
    gain: f64,
    missing: f64,
    protons: Vec<(usize, f64)>,
    area_of_hydrogen: f64,
}

/// The first compound at one of several shares of the integrals.
struct AtShare {
    scale: f64,
    scaled: Vec<Signal>,
    transport: Transport,
    /// Hydrogens it leaves.
    left: f64,
}

/// The first compound at every share.
fn at_shares(own: &ProtonFit, signals: &Signals) -> Vec<AtShare> {
    let total = signals.total();
    let (staying, _) = proton::hydrogens(&own.groups);
    if total <= 0.0 || staying <= 0.0 {
        return Vec::new();
    }
    let at = |share: &f64| {
        let scale = staying / (share * total);
        let scaled = signals.scaled(scale, own.moved_ppm);
        let transport = transport::transport(&own.groups, &scaled, false)?;
        let left: f64 = transport.left.iter().sum();
        (left > 0.0).then_some(AtShare { scale, scaled, transport, left })
    };
    SHARES.iter().filter_map(at).collect()
}

/// The 1H signals shared between the first and a second compound at the best of several ratios.
fn share(own: &ProtonFit, at_shares: &[AtShare], second: &[HydrogenGroup]) -> Option<Shared> {
    let (second_staying, _) = proton::hydrogens(second);
    if second_staying <= 0.0 {
        return None;
    }
    let alone = own.transport.cost;
    let tried = at_shares.iter().filter_map(|at| {
        let AtShare { scale, scaled, transport: first, left } = at;
        let (scale, left) = (*scale, *left);
        // What is left, on the scale of the second.
        let own_scale = second_staying / left;
        let rest: Vec<Signal> = scaled
            .iter()
            .zip(&first.left)
            .map(|(signal, left)| Signal { hydrogens: left * own_scale, ..*signal })
            .filter(|signal| signal.hydrogens > 0.3)
            .collect();
        let other = transport::transport(second, &rest, false)?;
        let joint = first.cost - transport::LEFT * left + other.cost;
        let mut protons: Vec<(usize, f64)> = Vec::new();
        let mut missing = 0.0;
        for (group, signal) in &other.signal_of {
            match signal.map(|signal| rest[signal].place) {
                Some(place) => match protons.iter_mut().find(|own| own.0 == place) {
                    Some((_, hydrogens)) => *hydrogens += 1.0,
                    None => protons.push((place, 1.0)),
                },
                None if second[*group].stays() => missing += 1.0,
                None => {}
            }
        }
        Some(Shared {
            gain: alone - joint,
            missing: missing / second_staying,
            protons,
            area_of_hydrogen: left / scale / second_staying,
        })
    });
    tried.max_by(|a, b| a.gain.total_cmp(&b.gain))
}
