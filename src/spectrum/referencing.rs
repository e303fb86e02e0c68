//! Referencing: the solvent's own line, else TMS, else the carrier, puts the axis right.

use serde::{Deserialize, Serialize};

use super::picking::RawPeak;
use super::solvent_lines::{self, SolventLine};
use crate::fid::{Nucleus, Solvent};

/// What the axis was tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReferenceMethod {
    /// A line of the solvent.
    Solvent,
    /// Tetramethylsilane at 0 ppm.
    Tms,
    /// The spectrometer's own frequencies.
    Carrier,
}

impl ReferenceMethod {
    /// Name in lower case, as results show it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Solvent => "solvent",
            Self::Tms => "tms",
            Self::Carrier => "carrier",
        }
    }
}

/// How the axis was put right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Referencing {
    /// What it was tied to.
    pub method: ReferenceMethod,
    /// Added to every shift, ppm.
    pub shift_ppm: f64,
    /// Where the reference line now stands, ppm.
    pub line_ppm: Option<f64>,
    /// From 0 (a guess) to 1 (beyond doubt).
    pub confidence: f64,
}

impl Referencing {
    /// Nothing but the spectrometer's frequencies.
    #[must_use]
    pub fn carrier() -> Self {
        Self { method: ReferenceMethod::Carrier, shift_ppm: 0.0, line_ppm: None, confidence: 0.3 }
    }
}

/// Finds the reference in a peak list; also tells the solvent it saw.
pub fn find(
    peaks: &[RawPeak],
    nucleus: &Nucleus,
    header: Option<Solvent>,
    reference_mhz: f64,
) -> (Referencing, Option<Solvent>) {
    match nucleus {
        Nucleus::Carbon => carbon(peaks, header, reference_mhz),
        _ => (proton(peaks, header), header),
    }
}

/// How far a 13C solvent line may lie from its place before referencing, ppm.
const CARBON_WINDOW: f64 = 4.0;

/// In 13C a solvent's coupling to deuterium is a fingerprint: the header's solvent is looked
/// for first, then all others, since headers are often wrong.
fn carbon(
    peaks: &[RawPeak],
    header: Option<Solvent>,
    reference_mhz: f64,
) -> (Referencing, Option<Solvent>) {
    let named = header.and_then(|solvent| best_multiplet(peaks, solvent, reference_mhz, 0.55));
    let found = named.or_else(|| {
        solvent_lines::ALL
            .into_iter()
            .filter(|&solvent| Some(solvent) != header)
            .filter_map(|solvent| best_multiplet(peaks, solvent, reference_mhz, 0.8))
            .max_by(|a, b| a.score.total_cmp(&b.score))
    });
    if let Some(found) = found {
        let referencing = Referencing {
            method: ReferenceMethod::Solvent,
            shift_ppm: found.line.ppm - found.ppm,
            line_ppm: Some(found.line.ppm),
            confidence: found.score.min(1.0),
        };
        return (referencing, Some(found.solvent));
    }
    let tms = tms(peaks, 2.5);
    (tms.unwrap_or_else(Referencing::carrier), header)
}

/// A multiplet that looks like a solvent's.
struct Match {
    solvent: Solvent,
    line: SolventLine,
    ppm: f64,
    score: f64,
}

/// The best place for a solvent's first multiplet; single lines are no fingerprint.
fn best_multiplet(
    peaks: &[RawPeak],
    solvent: Solvent,
    reference_mhz: f64,
    least_score: f64,
) -> Option<Match> {
    let line = *solvent_lines::lines(solvent, &Nucleus::Carbon).first()?;
    peaks
        .iter()
        .filter(|peak| (peak.ppm - line.ppm).abs() < CARBON_WINDOW)
        .filter_map(|peak| {
            let (score, ppm) = multiplet_score(peaks, peak, &line, reference_mhz)?;
            let distance = (ppm - line.ppm).abs() / CARBON_WINDOW;
            Some(Match { solvent, line, ppm, score: score - 0.2 * distance })
        })
        .filter(|found| found.score >= least_score)
        .max_by(|a, b| a.score.total_cmp(&b.score))
}

/// How well the peaks around `centre` make up the multiplet (0 to 1), and its mean position.
fn multiplet_score(
    peaks: &[RawPeak],
    centre: &RawPeak,
    line: &SolventLine,
    reference_mhz: f64,
) -> Option<(f64, f64)> {
    let tolerance = (1.6f64).max(0.6 * centre.width_hz) / reference_mhz;
    let pattern = line.pattern();
    let tallest = pattern.iter().map(|p| p.1).fold(0.0, f64::max);
    let (mut weight, mut found, mut matched, mut shift) = (0.0, 0.0, 0.0, 0.0);
    for &(offset, height) in pattern {
        weight += height;
        let place = centre.ppm + offset * line.coupling_hz / reference_mhz;
        let nearest = peaks
            .iter()
            .filter(|peak| {
                (peak.ppm - place).abs() < tolerance && peak.height * centre.height > 0.0
            })
            .min_by(|a, b| (a.ppm - place).abs().total_cmp(&(b.ppm - place).abs()));
        let Some(peak) = nearest else {
            // Only the outermost lines of a septet may drown in noise.
            if height / tallest < 0.2 {
                continue;
            }
            return None;
        };
        let expected = height / tallest * centre.height;
        let off = (peak.height / expected).abs().ln().abs();
        let fit = height * (1.0 - off / 1.2);
        if off > 1.0 {
            return None;
        }
        matched += fit;
        found += height;
        shift += height * (peak.ppm - offset * line.coupling_hz / reference_mhz);
    }
    (found > 0.0).then(|| (matched / weight, shift / found))
}

/// TMS, or the solvent's residual proton, near where the spectrometer already puts it.
fn proton(peaks: &[RawPeak], header: Option<Solvent>) -> Referencing {
    let tms = tms(peaks, 0.12);
    let solvent = header.and_then(|solvent| residual(peaks, solvent));
    match (tms, solvent) {
        (Some(tms), Some(solvent)) if (tms.shift_ppm - solvent.shift_ppm).abs() < 0.03 => {
            Referencing { confidence: 0.98, ..tms }
        }
        (Some(tms), _) => tms,
        (None, Some(solvent)) => solvent,
        (None, None) => Referencing::carrier(),
    }
}

/// A sharp line about 0 ppm with nothing of note below it.
fn tms(peaks: &[RawPeak], window: f64) -> Option<Referencing> {
    let tallest = peaks.iter().map(|peak| peak.height.abs()).fold(0.0, f64::max);
    let line = peaks
        .iter()
        .filter(|peak| peak.ppm.abs() < window && peak.height > 0.005 * tallest)
        .max_by(|a, b| a.height.total_cmp(&b.height))?;
    let lowest = peaks
        .iter()
        .filter(|peak| peak.height > 0.3 * line.height)
        .all(|peak| peak.ppm > line.ppm - 0.02);
    lowest.then(|| Referencing {
        method: ReferenceMethod::Tms,
        shift_ppm: -line.ppm,
        line_ppm: Some(0.0),
        confidence: 0.85,
    })
}

/// The residual line of the solvent, within what a locked spectrometer is off by.
fn residual(peaks: &[RawPeak], solvent: Solvent) -> Option<Referencing> {
    const WINDOW: f64 = 0.12;
    let place = solvent_lines::lines(solvent, &Nucleus::Proton).first()?.ppm;
    let window = if solvent == Solvent::Water { 0.3 } else { WINDOW };
    let line = peaks
        .iter()
        .filter(|peak| (peak.ppm - place).abs() < window && peak.height > 0.0)
        .max_by(|a, b| {
        // A residual solvent line is sharp; a compound's multiplet nearby is not.
        let score = |p: &RawPeak| {
            let near = 1.0 - (p.ppm - place).abs() / window;
            p.height.sqrt() * near / (1.0 + (p.width_hz / 1.5).powi(2))
        };
        score(a).total_cmp(&score(b))
    })?;
    let off = (line.ppm - place).abs() / window;
    Some(Referencing {
        method: ReferenceMethod::Solvent,
        shift_ppm: place - line.ppm,
        line_ppm: Some(place),
        confidence: 0.8 - 0.4 * off,
    })
}
