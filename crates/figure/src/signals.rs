//! What is written over a spectrum: multiplets of 1H, lines of all else.

use larmor_nmr::fid::Nucleus;
use larmor_nmr::spectrum::{Multiplet, Peak, PeakClass};

use crate::figure::SignalAtoms;

/// Multiplets wider than this are written as a range, ppm.
const RANGE: f64 = 0.015;
/// Lines of one name closer than this are one, ppm.
const ONE_PROTON: f64 = 0.05;
const ONE_OTHER: f64 = 2.0;

/// A signal with its label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Signal {
    pub(crate) ppm: f64,
    pub(crate) class: PeakClass,
    pub(crate) text: String,
    pub(crate) is_multiplet: bool,
    /// The compound's come first, the tall before the small.
    pub(crate) importance: f64,
}

/// The signals of a spectrum, ascending in shift.
pub(crate) fn of(
    nucleus: &Nucleus,
    peaks: &[Peak],
    multiplets: &[&Multiplet],
    atoms: &[SignalAtoms],
) -> Vec<Signal> {
    let mut in_multiplets = vec![false; peaks.len()];
    let mut signals: Vec<Signal> = Vec::new();
    for one in multiplets.iter().filter(|one| one.class == PeakClass::Compound) {
        for &line in &one.peaks {
            if let Some(taken) = in_multiplets.get_mut(line) {
                *taken = true;
            }
        }
        let heights = one.peaks.iter().filter_map(|&line| peaks.get(line));
        let height = heights.map(|line| line.intensity.abs()).fold(0.0, f64::max);
        signals.push(Signal {
            ppm: one.ppm,
            class: one.class,
            text: with_atoms(multiplet(one, peaks), one.ppm, atoms),
            is_multiplet: true,
            importance: 2.0 + height,
        });
    }
    let near = if *nucleus == Nucleus::Proton { ONE_PROTON } else { ONE_OTHER };
    let mut named: Vec<Named> = Vec::new();
    for (peak, _) in peaks.iter().zip(in_multiplets).filter(|(_, taken)| !taken) {
        let shift = format!("{:.2}", peak.ppm);
        if peak.class == PeakClass::Compound {
            signals.push(Signal {
                ppm: peak.ppm,
                class: peak.class,
                text: with_atoms(line(peak, shift), peak.ppm, atoms),
                is_multiplet: false,
                importance: 2.0 + peak.intensity.abs(),
            });
            continue;
        }
        let name = name(peak);
        let is_same = |other: &&mut Named| {
            other.class == peak.class && other.name == name && (other.ppm() - peak.ppm).abs() < near
        };
        match named.iter_mut().rev().find(is_same) {
            Some(same) => same.add(peak),
            None => named.push(Named::new(peak, name)),
        }
    }
    signals.extend(named.into_iter().map(Named::signal));
    signals.sort_by(|a, b| a.ppm.total_cmp(&b.ppm));
    signals
}

/// Lines beside one another that have one name: a solvent's multiplet.
struct Named {
    name: String,
    class: PeakClass,
    sum_ppm: f64,
    lines: u32,
    height: f64,
}

impl Named {
    fn new(peak: &Peak, name: String) -> Self {
        let height = peak.intensity.abs();
        Self { name, class: peak.class, sum_ppm: peak.ppm, lines: 1, height }
    }

    fn add(&mut self, peak: &Peak) {
        self.sum_ppm += peak.ppm;
        self.lines += 1;
        self.height = self.height.max(peak.intensity.abs());
    }

    fn ppm(&self) -> f64 {
        self.sum_ppm / f64::from(self.lines)
    }

    fn signal(self) -> Signal {
        Signal {
            ppm: self.ppm(),
            class: self.class,
            text: format!("{:.2} {}", self.ppm(), self.name),
            is_multiplet: false,
            importance: self.height.min(1.0),
        }
    }
}

fn multiplet(one: &Multiplet, peaks: &[Peak]) -> String {
    let pattern = match one.pattern.as_str() {
        "" => "m",
        "s" if one.is_broad(peaks) => "br s",
        pattern => pattern,
    };
    let shift = if pattern == "m" && one.to_ppm - one.from_ppm > RANGE {
        format!("{:.2}–{:.2}", one.to_ppm, one.from_ppm)
    } else {
        format!("{:.2}", one.ppm)
    };
    let couplings: Vec<String> = one.couplings_hz.iter().map(|hz| format!("{hz:.1}")).collect();
    if couplings.is_empty() {
        format!("{shift} ({pattern})")
    } else {
        format!("{shift} ({pattern}, J = {})", couplings.join(", "))
    }
}

fn line(peak: &Peak, shift: String) -> String {
    match &peak.splitting {
        Some(split) => format!("{shift} (J = {:.1})", split.coupling_hz),
        None => shift,
    }
}

fn with_atoms(text: String, ppm: f64, atoms: &[SignalAtoms]) -> String {
    let nearest = atoms.iter().min_by(|a, b| (a.ppm - ppm).abs().total_cmp(&(b.ppm - ppm).abs()));
    match nearest.filter(|one| (one.ppm - ppm).abs() < 1e-3) {
        Some(one) => format!("{text} {}", one.names),
        None => text,
    }
}

fn name(peak: &Peak) -> String {
    match &peak.substance {
        Some(substance) if substance.confidence >= 0.5 => substance.name.clone(),
        _ => peak.class.name().to_owned(),
    }
}
