//! 1H signals and hydrogens, one by one.

use super::carbon::Strains;
use super::feature::PROTON;
use super::hydrogen_group::HydrogenGroup;
use super::pattern_check;
use super::signal::{Signal, Signals};
use super::transport::{Transport, exchanging, transport};
use crate::splitting::SplittingPattern;

/// Strain of one group counts no more than this.
const MOST_STRAIN: f64 = 12.0;
/// Share by which sums of integrals are off, counted by a person and measured.
const COUNTED_ERROR: f64 = 0.02;
const MEASURED_ERROR: f64 = 0.06;
/// Errors of one integral: of itself, and in hydrogens.
const INTEGRAL_ERROR: f64 = 0.05;
const INTEGRAL_HYDROGENS: f64 = 0.1;
/// From here on hydrogens are aromatic, or bound to much the like, ppm.
const AROMATIC_PPM: f64 = 6.4;
/// Below this methyl groups have their singlets, ppm.
const METHYL_PPM: f64 = 4.6;
/// Scales that are tried around the one by all hydrogens: integrals miss broad and hidden ones, and
/// hold those of what else is in the tube.
const SCALES: [f64; 6] = [1.0, 0.93, 1.07, 1.2, 1.45, 1.8];

/// The hydrogens of a structure brought under the signals of a sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ProtonFit {
    pub groups: Vec<HydrogenGroup>,
    /// The signals as the structure sees them: hydrogens on its scale, on its axis.
    pub signals: Vec<Signal>,
    /// Hydrogens of the structure for each hydrogen or unit of area of the query.
    pub scale: f64,
    /// What was added to every shift to bring the signals there, ppm.
    pub moved_ppm: f64,
    pub transport: Transport,
    pub counted: bool,
}

/// Brings the hydrogens under the signals; `None` of a structure or list beyond all size.
pub(super) fn fit(
    groups: Vec<HydrogenGroup>,
    signals: &Signals,
    moved_ppm: f64,
) -> Option<ProtonFit> {
    let at = |scale: f64| {
        let scaled = signals.scaled(scale, moved_ppm);
        let found = transport(&groups, &scaled, signals.counted)?;
        Some((found, scaled, scale))
    };
    let best = scales(&groups, signals)
        .into_iter()
        .filter_map(at)
        .min_by(|a, b| a.0.cost.total_cmp(&b.0.cost))?;
    // Once more on the scale that the hydrogens under the signals make.
    let refined = (!signals.counted).then(|| at(best.2 * own_scale(&groups, &best.1, &best.0)));
    let better = refined.flatten().filter(|refined| refined.0.cost < best.0.cost);
    let (transport, seen, scale) = better.unwrap_or(best);
    let counted = signals.counted;
    Some(ProtonFit { groups, signals: seen, scale, moved_ppm, transport, counted })
}

/// Integrals and hydrogens of the signals that only hydrogens which stay are under.
fn staying_under(
    groups: &[HydrogenGroup],
    signals: &[Signal],
    found: &Transport,
) -> Vec<(f64, f64)> {
    let mut under = vec![0.0; signals.len()];
    let mut exchanging = vec![false; signals.len()];
    for &(group, signal) in &found.signal_of {
        if let Some(signal) = signal {
            under[signal] += 1.0;
            exchanging[signal] |= !groups[group].stays();
        }
    }
    let all = signals.iter().zip(under).zip(exchanging);
    all.filter(|((_, under), exchanging)| *under > 0.0 && !exchanging)
        .map(|((signal, under), _)| (signal.hydrogens, under))
        .collect()
}

/// By how much the integrals are to be multiplied to become the hydrogens under them, least squares.
fn own_scale(groups: &[HydrogenGroup], signals: &[Signal], found: &Transport) -> f64 {
    let pairs = staying_under(groups, signals, found);
    let square: f64 = pairs.iter().map(|(integral, _)| integral * integral).sum();
    let product: f64 = pairs.iter().map(|(integral, under)| integral * under).sum();
    if square > 0.0 { product / square } else { 1.0 }
}

/// Hydrogens that stay and that exchange.
pub(super) fn hydrogens(groups: &[HydrogenGroup]) -> (f64, f64) {
    let sum = |stays: bool| {
        let of = groups.iter().filter(|group| group.stays() == stays);
        f64::from(of.map(|group| u32::from(group.hydrogens)).sum::<u32>())
    };
    (sum(true), sum(false))
}

fn scales(groups: &[HydrogenGroup], signals: &Signals) -> Vec<f64> {
    let (staying, exchanging) = hydrogens(groups);
    let total = signals.total();
    if signals.counted || staying + exchanging <= 0.0 || total <= 0.0 {
        return vec![1.0];
    }
    let mut all: Vec<f64> = SCALES.iter().map(|scale| scale * staying).collect();
    if exchanging > 0.0 {
        all.extend([staying + exchanging / 2.0, staying + exchanging]);
    }
    all.into_iter().filter(|&all| all > 0.0).map(|all| all / total).collect()
}

/// The 1H part of [`super::FEATURES`].
pub(super) fn discrepancies(fit: &ProtonFit) -> [f64; PROTON] {
    let ProtonFit { groups, signals, transport: found, counted, .. } = fit;
    let (staying, leaving) = hydrogens(groups);
    let (mut without, mut methyl, mut others, mut configuration) = (0.0, 0.0, 0.0, 0.0);
    let (mut unseen, mut unlike) = (0.0, 0.0);
    let mut by_group: Vec<Vec<f64>> = vec![Vec::new(); groups.len()];
    for &(place, signal) in &found.signal_of {
        let group = &groups[place];
        let Some(signal) = signal else {
            *(if group.stays() { &mut without } else { &mut unseen }) += 1.0;
            continue;
        };
        let signal = &signals[signal];
        if let Some(expected) = &group.exchanges {
            unlike += exchanging(expected, signal, (signal.ppm - group.ppm).abs());
            continue;
        }
        let strain = (signal.ppm - group.ppm).abs() / group.spread;
        by_group[place].push(strain.min(MOST_STRAIN));
        let against = |contradicted: bool| f64::from(u8::from(contradicted));
        let contradicted = against(pattern_check::contradicts(group, signal));
        if group.is_methyl() {
            methyl += contradicted / 3.0;
        } else {
            others += contradicted;
        }
        configuration += against(pattern_check::other_configuration(group, signal));
    }
    let means = by_group.iter().filter(|strains| !strains.is_empty());
    let mean = |strains: &Vec<f64>| strains.iter().sum::<f64>() / strains.len() as f64;
    let by_hydrogen: Vec<f64> = by_group.iter().flatten().copied().collect();
    let all = Strains::of(by_hydrogen);
    let strain = Strains::of(means.map(mean).collect());
    let total: f64 = signals.iter().map(|signal| signal.hydrogens).sum();
    let error = total * if *counted { COUNTED_ERROR } else { MEASURED_ERROR };
    let singlets = methyl_singlets(signals, *counted);
    let misfits = staying_under(groups, signals, found).into_iter().map(|(integral, under)| {
        (integral - under).abs() / (INTEGRAL_ERROR * integral + INTEGRAL_HYDROGENS)
    });
    let misfits = Strains::of(misfits.map(|misfit| misfit.min(MOST_STRAIN)).collect());
    let single = groups.iter().filter(|g| g.is_methyl() && g.neighbours == 0).count() as f64;
    [
        found.cost / (found.signal_of.len().max(1)) as f64,
        found.cost,
        without,
        found.left.iter().sum(),
        found.left.iter().copied().fold(0.0, f64::max),
        all.mean,
        strain.largest[0],
        strain.largest[1],
        strain.largest[2],
        strain.above(3.0),
        strain.above(5.0),
        methyl,
        others,
        others / staying.max(1.0),
        configuration,
        (single - singlets).max(0.0),
        (singlets - single).max(0.0),
        (staying - total - error).max(0.0),
        (total - staying - leaving - error).max(0.0),
        aromatic(groups, signals, leaving),
        unseen,
        unlike,
        misfits.mean,
        misfits.largest[0],
    ]
}

/// Methyl groups that signals of 3, 6 or 9 hydrogens without splitting stand for.
pub(super) fn methyl_singlets(signals: &[Signal], counted: bool) -> f64 {
    let error = if counted { 0.12 } else { 0.2 };
    let groups = |signal: &Signal| signal.hydrogens / 3.0;
    signals
        .iter()
        .filter(|signal| signal.pattern == SplittingPattern::Singlet && signal.ppm < METHYL_PPM)
        .filter(|signal| signal.hydrogens > 2.4)
        .filter(|signal| (groups(signal) - groups(signal).round()).abs() < error)
        .map(|signal| groups(signal).round())
        .fold(0.0, |sum, one| sum + one)
}

/// Hydrogens lacking or too many where aromatic ones are; those that exchange may be there.
fn aromatic(groups: &[HydrogenGroup], signals: &[Signal], exchanging: f64) -> f64 {
    let expected: f64 = groups
        .iter()
        .filter(|group| group.stays() && group.ppm > AROMATIC_PPM)
        .map(|group| f64::from(group.hydrogens))
        .sum();
    let seen: f64 = signals.iter().filter(|s| s.ppm > AROMATIC_PPM).map(|s| s.hydrogens).sum();
    let error = MEASURED_ERROR * expected;
    (expected - seen - error).max(seen - expected - exchanging - error).max(0.0)
}
