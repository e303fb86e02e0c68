//! Common impurities among the lines of a query, told by all their lines together.

use crate::query::{ObservedPeak, Query};
use crate::splitting::SplittingPattern;
use larmor_nmr::fid::Solvent;
use larmor_nmr::spectrum::classification::{CommonImpurity, ImpuritySignal, common_impurities};

/// How far from its place a signal is at most, ppm; carbons without hydrogen move more.
const PROTON_REACH: f64 = 0.03;
const CARBON_REACH: f64 = 0.3;
const BARE_REACH: f64 = 0.6;
/// An unresolved signal may be this far off, and one that runs into the compound's, ppm.
const BROAD_REACH: f64 = 0.08;
const HIDDEN_REACH: f64 = 0.1;
/// From here on carbons of the table may have no hydrogen, and be too weak to be seen, ppm.
const UNSATURATED: f64 = 125.0;
/// Integrals of one hydrogen agree within this factor where nothing overlaps.
const ALIKE: f64 = 1.5;
/// With less of it than this, of one hydrogen of the compound, 13C may not show it.
const TRACE: f64 = 0.12;
/// So much of it, of one hydrogen of the compound, is no little.
const EQUAL: f64 = 0.8;
/// Seldom left in a tube: not believed for a line that nothing else explains.
const RARE: [&str; 9] = [
    "18-crown-6",
    "diglyme",
    "ethylene glycol",
    "hexamethylbenzene",
    "HMDSO",
    "HMPA",
    "imidazole",
    "nitromethane",
    "pyrrolidine",
];
/// Solvents that are tried where none is known: those of nine spectra in ten.
const USUAL: [Solvent; 3] = [Solvent::Chloroform, Solvent::DimethylSulfoxide, Solvent::Methanol];

/// A substance whose lines are there, by their places in the query's lists.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FoundSubstance {
    pub name: String,
    pub carbons: Vec<usize>,
    /// Places of 1H signals, with how many of its hydrogens each holds.
    pub protons: Vec<(usize, f64)>,
    /// Integral of one of its hydrogens, on the query's scale.
    pub area_of_hydrogen: Option<f64>,
    /// What its being there has to make up for, nats, with lines that nothing else explains, and
    /// with lines that are also the structure's: what has few lines is easily found by chance.
    pub costs: Costs,
    /// Seldom left in a tube.
    pub rare: bool,
    /// How far its lines are from their places, in reaches, on the mean.
    pub off: f64,
}

/// What the presence of a substance has to make up for, nats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Costs {
    pub foreign: f64,
    pub shared: f64,
}

/// Integral of a 1H signal: hydrogens where counted, else its area.
pub(crate) fn integral(peak: &ObservedPeak) -> Option<f64> {
    let multiplet = peak.as_multiplet()?;
    multiplet.hydrogens.or(multiplet.area)
}

/// Every common impurity that may be there, those with most lines first. One line may be claimed by
/// several.
pub(crate) fn impurities_in(query: &Query) -> Vec<FoundSubstance> {
    let solvents: &[Solvent] = query.solvent.as_ref().map_or(&USUAL, std::slice::from_ref);
    let mut found: Vec<FoundSubstance> = Vec::new();
    for known in solvents.iter().flat_map(|&solvent| common_impurities(solvent)) {
        let Some(one) = find(&known, query) else { continue };
        match found.iter_mut().find(|other| other.name == one.name) {
            Some(other) if one.off < other.off => *other = one,
            Some(_) => {}
            None => found.push(one),
        }
    }
    let lines = |one: &FoundSubstance| one.carbons.len() + one.protons.len();
    found.sort_by(|a, b| lines(b).cmp(&lines(a)).then(a.off.total_cmp(&b.off)));
    found
}

fn find(known: &CommonImpurity, query: &Query) -> Option<FoundSubstance> {
    let mut off = Vec::new();
    // A list without integrals tells nothing of an impurity.
    let without = query.h1.iter().all(|peak| integral(peak).is_none());
    let protons = match (without, known.protons.is_empty()) {
        (true, _) => None,
        (false, true) => return None,
        (false, false) => Some(protons(known, query, &mut off)?),
    };
    let area_of_hydrogen = protons.as_ref().map(|found| found.1);
    let unit = query.h1.iter().filter_map(integral).sum::<f64>();
    let counted = query.h1.iter().all(|p| p.as_multiplet().is_some_and(|m| m.hydrogens.is_some()));
    // Areas sum to 1: a compound of twenty hydrogens is assumed.
    let hydrogen = if counted { 1.0 } else { unit / 20.0 };
    // As much of it as of the compound may well be a part of the compound.
    let equal = area_of_hydrogen.is_some_and(|area| area > EQUAL * hydrogen);
    let trace = area_of_hydrogen.is_some_and(|area| area < TRACE * hydrogen);
    let carbons = match (query.c13.is_empty(), known.carbons.is_empty()) {
        (true, _) | (false, true) => Vec::new(),
        (false, false) => {
            match carbons(known, query, most_height(query, area_of_hydrogen, hydrogen), &mut off) {
                // Of much of it every carbon shows.
                Some(carbons) if equal && carbons.len() < known.carbons.len() => return None,
                Some(carbons) => carbons,
                None if trace => Vec::new(),
                None => return None,
            }
        }
    };
    let protons = protons.map(|found| found.0).unwrap_or_default();
    let costs = match (protons.len() + carbons.len(), equal) {
        (0, _) => return None,
        (1, _) if RARE.contains(&known.name) => Costs { foreign: 2.0, shared: 3.0 },
        (1, true) => Costs { foreign: 1.6, shared: 3.0 },
        (1, false) => Costs { foreign: 0.8, shared: 2.0 },
        (2 | 3, true) => Costs { foreign: 1.5, shared: 2.5 },
        (2, _) => Costs { foreign: 0.3, shared: 1.2 },
        _ => Costs { foreign: 0.1, shared: 0.5 },
    };
    Some(FoundSubstance {
        name: known.name.to_owned(),
        carbons,
        protons,
        area_of_hydrogen,
        costs,
        rare: RARE.contains(&known.name),
        off: off.iter().sum::<f64>() / off.len().max(1) as f64,
    })
}

/// No 13C line of an impurity is taller than this, where heights are known and 1H tells how much of it
/// there is for each of the compound.
fn most_height(query: &Query, area_of_hydrogen: Option<f64>, hydrogen: f64) -> Option<f64> {
    const LEAST: f64 = 0.1;
    const ROOM: f64 = 8.0;
    let heights: Option<Vec<f64>> = query.c13.iter().map(|peak| peak.height).collect();
    let mut heights = heights.filter(|heights| !heights.is_empty())?;
    let middle = heights.len() / 2;
    let typical = *heights.select_nth_unstable_by(middle, f64::total_cmp).1;
    let share = area_of_hydrogen? / hydrogen.max(f64::MIN_POSITIVE);
    Some(typical * (ROOM * share).max(LEAST))
}

/// Places of all its lines; those of carbons without hydrogen may be lacking.
fn carbons(
    known: &CommonImpurity,
    query: &Query,
    most_height: Option<f64>,
    off: &mut Vec<f64>,
) -> Option<Vec<usize>> {
    let low = |peak: &ObservedPeak| match (peak.height, most_height) {
        (Some(height), Some(most)) => height <= most,
        _ => true,
    };
    let reach_of_axis = query.c13_axis_error_ppm.clamp(0.0, 1.0);
    let mut places = Vec::new();
    let mut missing = 0;
    for &ppm in &known.carbons {
        let bare = ppm > UNSATURATED && known.carbons.len() > 1;
        let reach = reach_of_axis + if bare { BARE_REACH } else { CARBON_REACH };
        let nearest = query
            .c13
            .iter()
            .enumerate()
            .filter(|(_, peak)| low(peak))
            .map(|(place, peak)| (place, (peak.ppm - ppm).abs()))
            .filter(|(place, apart)| *apart < reach && !places.contains(place))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        match nearest {
            Some((place, apart)) => {
                places.push(place);
                off.push(apart / reach);
            }
            None if bare => missing += 1,
            None => return None,
        }
    }
    let most = 1.max(known.carbons.len() / 3);
    (!places.is_empty() && missing <= most).then_some(places)
}

/// Places of all its 1H signals, and the integral of one of its hydrogens.
fn protons(
    known: &CommonImpurity,
    query: &Query,
    off: &mut Vec<f64>,
) -> Option<(Vec<(usize, f64)>, f64)> {
    let mut seen: Vec<(usize, &ImpuritySignal, f64)> = Vec::new();
    let mut hidden: Vec<&ImpuritySignal> = Vec::new();
    for signal in &known.protons {
        let free = |place: usize| !seen.iter().any(|other| other.0 == place);
        match nearest(signal, query, free) {
            Some((place, apart)) => {
                let area = integral(&query.h1[place])? / f64::from(signal.hydrogens);
                seen.push((place, signal, area));
                off.push(apart);
            }
            // One of several may have run into a signal of the compound.
            None if known.protons.len() > 1 && hidden.is_empty() => hidden.push(signal),
            None => return None,
        }
    }
    // A multiplet that nobody could read may be anything, but for two of an impurity that has no
    // other.
    let has_pattern = known.protons.iter().any(|signal| pattern(signal).is_some());
    let read = seen.iter().any(|(place, signal, _)| is_read(signal, &query.h1[*place]));
    if !read && (has_pattern || seen.len() < 2) {
        return None;
    }
    let least = seen.iter().map(|one| one.2).fold(f64::INFINITY, f64::min);
    let alike: Vec<f64> =
        seen.iter().map(|one| one.2).filter(|area| *area < ALIKE * least).collect();
    // Where integrals do not agree, the compound's are in them.
    if least <= 0.0 || !least.is_finite() || 2 * alike.len() < seen.len() {
        return None;
    }
    let area = alike.iter().sum::<f64>() / alike.len() as f64;
    let mut found: Vec<(usize, f64)> =
        seen.iter().map(|(place, signal, _)| (*place, f64::from(signal.hydrogens))).collect();
    for signal in hidden {
        // Alone there it would have its own pattern.
        let needed = 1.3 * area * f64::from(signal.hydrogens);
        let under = query.h1.iter().enumerate().find(|(place, peak)| {
            (peak.ppm - signal.ppm).abs() < HIDDEN_REACH
                && integral(peak).is_some_and(|own| own > needed)
                && !found.iter().any(|other| other.0 == *place)
        });
        found.push((under?.0, f64::from(signal.hydrogens)));
    }
    Some((found, area))
}

/// The signal nearest to its place that may be it, and how far off, in reaches.
fn nearest(
    signal: &ImpuritySignal,
    query: &Query,
    free: impl Fn(usize) -> bool,
) -> Option<(usize, f64)> {
    let own = if signal.lines.is_some() { PROTON_REACH } else { BROAD_REACH };
    let reach = own + query.h1_axis_error_ppm.clamp(0.0, 0.05);
    query
        .h1
        .iter()
        .enumerate()
        .filter(|(place, peak)| free(*place) && looks_like(signal, peak))
        .map(|(place, peak)| (place, (peak.ppm - signal.ppm).abs() / reach))
        .filter(|(_, apart)| *apart < 1.0)
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

/// The pattern that a signal has by itself; `None` of one that is no first-order multiplet.
fn pattern(signal: &ImpuritySignal) -> Option<SplittingPattern> {
    match signal.lines {
        Some(1) => Some(SplittingPattern::Singlet),
        Some(2) => Some(SplittingPattern::Doublet),
        Some(3) => Some(SplittingPattern::Triplet),
        Some(4) => Some(SplittingPattern::Quartet),
        Some(7) => Some(SplittingPattern::Septet),
        _ => None,
    }
}

fn is_read(signal: &ImpuritySignal, peak: &ObservedPeak) -> bool {
    let splitting = peak.as_multiplet().map(|multiplet| multiplet.splitting);
    splitting.is_some() && splitting == pattern(signal)
}

fn looks_like(signal: &ImpuritySignal, peak: &ObservedPeak) -> bool {
    use SplittingPattern::{Compound, Doublet, Singlet, Unread};
    let Some(multiplet) = peak.as_multiplet() else { return false };
    match pattern(signal) {
        // What has run into another signal is not read.
        Some(_) => is_read(signal, peak) || matches!(multiplet.splitting, Unread | Compound),
        None => !matches!(multiplet.splitting, Singlet | Doublet),
    }
}
