//! What speaks against a structure, in a chemist's words.

use super::carbon::CarbonFit;
use super::evidence::Evidence;
use super::examination::Examination;
use super::feature::FEATURES;
use super::pattern_check;
use super::proton::{self, ProtonFit};
use super::regression::Regression;
use super::signal::Signal;
use crate::splitting::SplittingPattern;

/// Residuals from here on are told, in spreads of the prediction.
const TOLD_STRAIN: f64 = 3.0;
/// Hydrogens without group or signal from here on are told.
const TOLD_HYDROGENS: f64 = 0.6;
/// Integrals that are off by so many hydrogens are told.
const TOLD_MISFIT: f64 = 0.25;
/// Kinds of discrepancies that take less than this from the log-odds are not told.
const TOLD_WEIGHT: f64 = 0.3;
/// Single lines and atoms that are told of one kind.
const MOST_OF_A_KIND: usize = 3;

/// What kind of thing speaks against a structure: names of features begin with one of these.
struct Kind {
    features: &'static [&'static str],
    words: fn(&Examination) -> Vec<String>,
}

const KINDS: [Kind; 9] = [
    Kind {
        features: &["13C carbons w", "13C methyls without", "13C kinds of carbon beyond"],
        words: |examination| examination.carbon.as_ref().map_or_else(Vec::new, missing_carbons),
    },
    Kind {
        features: &["13C lines that", "13C lines beyond"],
        words: |examination| examination.carbon.as_ref().map_or_else(Vec::new, foreign_lines),
    },
    Kind {
        features: &[
            "13C mean strain",
            "13C largest",
            "13C second",
            "13C third",
            "13C strains",
            "13C mean residual",
            "13C carbons under",
        ],
        words: |examination| examination.carbon.as_ref().map_or_else(Vec::new, strained_carbons),
    },
    Kind {
        features: &["1H hydrogens without signal"],
        words: |examination| examination.proton.as_ref().map_or_else(Vec::new, missing_hydrogens),
    },
    Kind {
        features: &["1H hydrogens of signals", "1H most of them"],
        words: |examination| examination.proton.as_ref().map_or_else(Vec::new, foreign_signals),
    },
    Kind {
        features: &["1H mean strain", "1H largest", "1H second", "1H third", "1H strains"],
        words: |examination| examination.proton.as_ref().map_or_else(Vec::new, strained_hydrogens),
    },
    Kind {
        features: &[
            "1H methyl patterns",
            "1H other patterns",
            "1H share of patterns",
            "1H couplings",
            "1H signals unlike",
        ],
        words: |examination| examination.proton.as_ref().map_or_else(Vec::new, patterns),
    },
    Kind {
        features: &[
            "1H methyl singlets",
            "1H hydrogens lacking",
            "1H hydrogens too many",
            "1H hydrogens above",
            "1H hydrogens that exchange",
        ],
        words: |examination| examination.proton.as_ref().map_or_else(Vec::new, sums),
    },
    Kind {
        features: &["1H mean misfit", "1H largest misfit"],
        words: |examination| examination.proton.as_ref().map_or_else(Vec::new, misfits),
    },
];

/// What speaks against a structure, the heaviest first.
pub(super) fn in_words(examination: &Examination, weights: &Regression) -> Vec<String> {
    let taken = |kind: &Kind| by_features(kind.features, &examination.evidence, weights);
    let mut kinds: Vec<(f64, &Kind)> = KINDS.iter().map(|kind| (taken(kind), kind)).collect();
    kinds.retain(|(taken, _)| *taken >= TOLD_WEIGHT);
    kinds.sort_by(|a, b| b.0.total_cmp(&a.0));
    kinds.into_iter().flat_map(|(_, kind)| (kind.words)(examination)).collect()
}

/// What features take from the log-odds together.
fn by_features(names: &[&str], evidence: &Evidence, weights: &Regression) -> f64 {
    let of = |name: &str| names.iter().any(|begin| name.starts_with(begin));
    let places = FEATURES.iter().enumerate().filter(|(_, feature)| of(feature.name));
    places.map(|(place, _)| -weights.weight(evidence, place)).sum()
}

/// Atoms as the assignments count them.
fn atoms(places: &[u16]) -> String {
    let shown: Vec<String> = places.iter().map(u16::to_string).collect();
    let word = if places.len() == 1 { "atom" } else { "atoms" };
    format!("{word} {}", shown.join(", "))
}

fn carbon(hydrogens: u8) -> &'static str {
    match hydrogens {
        0 => "C",
        1 => "CH",
        2 => "CH2",
        _ => "CH3",
    }
}

/// The first few, and how many more there are.
fn first_few(all: Vec<String>) -> Vec<String> {
    let more = all.len().saturating_sub(MOST_OF_A_KIND);
    let mut shown: Vec<String> = all.into_iter().take(MOST_OF_A_KIND).collect();
    if let Some(last) = shown.last_mut().filter(|_| more > 0) {
        last.push_str(&format!(" (and {more} more of the kind)"));
    }
    shown
}

fn missing_carbons(fit: &CarbonFit) -> Vec<String> {
    let missing = fit.kinds.iter().filter(|kind| kind.line.is_none() && !kind.shares());
    let words = missing.map(|kind| {
        let (what, at) = (carbon(kind.hydrogens), atoms(&kind.atoms));
        format!("no 13C line for the {what} expected at {:.1} ppm ({at})", kind.ppm)
    });
    first_few(words.collect())
}

fn foreign_lines(fit: &CarbonFit) -> Vec<String> {
    let shifts: Vec<f64> = fit.left().map(|line| line.ppm - fit.moved_ppm).collect();
    match shifts.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!("no carbon explains the 13C line at {one:.1} ppm")],
        more => vec![format!("no carbon explains the 13C lines at {}", listed(more, 1))],
    }
}

fn strained_carbons(fit: &CarbonFit) -> Vec<String> {
    let mut found: Vec<(f64, String)> = Vec::new();
    for kind in &fit.kinds {
        let Some(line) = kind.line.and_then(|line| fit.lines.get(line)) else { continue };
        let strain = (line.ppm - kind.ppm).abs() / kind.spread;
        if strain >= TOLD_STRAIN {
            let what = carbon(kind.hydrogens);
            let words = format!(
                "for the {what} expected at {:.1} ppm ({}) there is but the line at {:.1} ppm \
                 ({strain:.0} times its spread off)",
                kind.ppm,
                atoms(&kind.atoms),
                line.ppm - fit.moved_ppm
            );
            found.push((strain, words));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    first_few(found.into_iter().map(|(_, words)| words).collect())
}

/// Hydrogens of each group that found no signal.
fn without_signal(fit: &ProtonFit) -> Vec<f64> {
    let mut without = vec![0.0; fit.groups.len()];
    for (group, signal) in &fit.transport.signal_of {
        without[*group] += f64::from(u8::from(signal.is_none()));
    }
    without
}

fn missing_hydrogens(fit: &ProtonFit) -> Vec<String> {
    let without = without_signal(fit);
    let groups = fit.groups.iter().zip(&without);
    let missing = groups.filter(|(group, without)| group.stays() && **without > 0.0);
    let words = missing.map(|(group, without)| {
        format!(
            "no 1H signal for {without:.0} H of the {} expected at {:.2} ppm (atom {})",
            carbon(group.hydrogens),
            group.ppm,
            group.atom
        )
    });
    first_few(words.collect())
}

fn foreign_signals(fit: &ProtonFit) -> Vec<String> {
    let left = fit.signals.iter().zip(&fit.transport.left);
    let left = left.filter(|(_, left)| **left >= TOLD_HYDROGENS);
    let words = left.map(|(signal, left)| {
        let whole = if *left > 0.9 * signal.hydrogens {
            format!("{left:.1} H")
        } else {
            format!("{left:.1} of {:.1} H", signal.hydrogens)
        };
        let pattern = letters(signal.pattern);
        let ppm = signal.ppm - fit.moved_ppm;
        format!("{whole} at {ppm:.2} ppm{pattern} belong to nothing in the structure")
    });
    first_few(words.collect())
}

fn strained_hydrogens(fit: &ProtonFit) -> Vec<String> {
    let mut found: Vec<(f64, usize, String)> = Vec::new();
    for (place, signal) in &fit.transport.signal_of {
        let group = &fit.groups[*place];
        let Some(signal) = signal.map(|signal| &fit.signals[signal]) else { continue };
        let strain = (signal.ppm - group.ppm).abs() / group.spread;
        let told = found.iter().any(|other| other.1 == *place);
        if group.stays() && strain >= TOLD_STRAIN && !told {
            let words = format!(
                "for the {} expected at {:.2} ppm (atom {}) there is but the signal at {:.2} ppm \
                 ({strain:.0} times its spread off)",
                carbon(group.hydrogens),
                group.ppm,
                group.atom,
                signal.ppm - fit.moved_ppm
            );
            found.push((strain, *place, words));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    first_few(found.into_iter().map(|(_, _, words)| words).collect())
}

fn patterns(fit: &ProtonFit) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (place, signal) in &fit.transport.signal_of {
        let group = &fit.groups[*place];
        let Some(signal) = signal.map(|signal| &fit.signals[signal]) else { continue };
        if found.iter().any(|other| other.0 == *place) || !group.stays() {
            continue;
        }
        let (at, what) = (group.atom, carbon(group.hydrogens));
        if pattern_check::other_configuration(group, signal) {
            let hz = signal.coupling_hz.unwrap_or_default();
            let words = format!(
                "a coupling of {hz:.1} Hz at {:.2} ppm is that of the other configuration of the \
                 double bond (atom {at})",
                signal.ppm - fit.moved_ppm
            );
            found.push((*place, words));
        } else if pattern_check::contradicts(group, signal) {
            let words = format!(
                "the signal at {:.2} ppm{} is not split as the {what} should be that has {} H \
                 beside it (atom {at})",
                signal.ppm - fit.moved_ppm,
                letters(signal.pattern),
                group.neighbours
            );
            found.push((*place, words));
        }
    }
    first_few(found.into_iter().map(|(_, words)| words).collect())
}

fn sums(fit: &ProtonFit) -> Vec<String> {
    let (staying, exchanging) = proton::hydrogens(&fit.groups);
    let total: f64 = fit.signals.iter().map(|signal| signal.hydrogens).sum();
    let mut words = Vec::new();
    if total < staying - TOLD_HYDROGENS || total > staying + exchanging + TOLD_HYDROGENS {
        words.push(format!(
            "the integrals add up to {total:.1} H; the structure has {staying:.0} on carbon and \
             {exchanging:.0} that exchange"
        ));
    }
    let singlets = proton::methyl_singlets(&fit.signals, fit.counted);
    let single = fit.groups.iter().filter(|g| g.is_methyl() && g.neighbours == 0).count();
    if (singlets - single as f64).abs() >= 1.0 {
        words.push(format!("methyl singlets: {singlets:.0} seen, {single} in the structure"));
    }
    words
}

fn misfits(fit: &ProtonFit) -> Vec<String> {
    let mut under = vec![0.0; fit.signals.len()];
    for (_, signal) in &fit.transport.signal_of {
        if let Some(signal) = signal {
            under[*signal] += 1.0;
        }
    }
    let off = |(signal, under): &(&Signal, f64)| (signal.hydrogens - under).abs();
    let mut signals: Vec<(&Signal, f64)> = fit.signals.iter().zip(under).collect();
    signals.retain(|pair| pair.1 > 0.0 && off(pair) >= TOLD_MISFIT.max(0.1 * pair.1));
    signals.sort_by(|a, b| off(b).total_cmp(&off(a)));
    let words = signals.into_iter().map(|(signal, under)| {
        format!(
            "the integral at {:.2} ppm is that of {:.1} H where {under:.0} are expected",
            signal.ppm - fit.moved_ppm,
            signal.hydrogens
        )
    });
    first_few(words.collect())
}

/// A pattern as chemists write it, behind a comma.
fn letters(pattern: SplittingPattern) -> &'static str {
    match pattern {
        SplittingPattern::Singlet => ", s,",
        SplittingPattern::Doublet => ", d,",
        SplittingPattern::Triplet => ", t,",
        SplittingPattern::Quartet => ", q,",
        SplittingPattern::Quintet => ", quint,",
        SplittingPattern::Sextet => ", sext,",
        SplittingPattern::Septet => ", sept,",
        SplittingPattern::Unread | SplittingPattern::Compound => "",
    }
}

/// Shifts for people: at most six, then how many more.
pub(crate) fn listed(shifts: &[f64], digits: usize) -> String {
    let shown: Vec<String> = shifts.iter().take(6).map(|ppm| format!("{ppm:.digits$}")).collect();
    let more = shifts.len().saturating_sub(6);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{} ppm{tail}", shown.join(", "))
}
