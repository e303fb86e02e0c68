//! Recognising a solvent by the pattern of its lines: the coupling to deuterium gives a carbon
//! or a residual proton a multiplet that hardly any compound has.

use super::picking::RawPeak;
use super::solvent_lines::{self, SolventLine};
use crate::fid::{Nucleus, Solvent};

/// How far a 13C multiplet may lie from its place before referencing, ppm.
const CARBON_WINDOW: f64 = 4.0;
/// The same for a residual proton, ppm; water moves with temperature and acidity.
const PROTON_WINDOW: f64 = 0.12;
const WATER_WINDOW: f64 = 0.3;
/// Isotope shift of a carbon of which one deuterium is a hydrogen, ppm.
const ISOTOPE_SHIFT: f64 = 0.25;

/// Lines that look like a solvent's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Whose lines.
    pub solvent: Solvent,
    /// Where the line belongs, ppm.
    pub place: f64,
    /// Where it is, ppm.
    pub ppm: f64,
    /// From 0 to 1.
    pub score: f64,
    /// True when the multiplet was resolved, so that the header needs no word in it.
    pub resolved: bool,
}

/// The solvent in a 13C spectrum. The header's is believed on weaker evidence than another.
pub fn in_carbon(peaks: &[RawPeak], header: Option<Solvent>, reference_mhz: f64) -> Option<Match> {
    best(header, 0.55, 0.8, |solvent| {
        let lines = solvent_lines::lines(solvent, &Nucleus::Carbon);
        let found = multiplet(peaks, solvent, lines.first()?, reference_mhz)?;
        let others = lines.get(1..).unwrap_or_default();
        Some(Match { score: found.score + corroboration(peaks, &found, others), ..found })
    })
}

/// The solvent in a spectrum that shows carbons with hydrogen only: its molecules with one
/// hydrogen in place of a deuterium, whose carbon is coupled to one deuterium fewer.
pub fn in_dept(peaks: &[RawPeak], header: Option<Solvent>, reference_mhz: f64) -> Option<Match> {
    best(header, 0.6, 0.85, |solvent| {
        let whole = solvent_lines::lines(solvent, &Nucleus::Carbon).first()?;
        let residual = SolventLine {
            ppm: whole.ppm + ISOTOPE_SHIFT,
            lines: whole.lines.checked_sub(2).filter(|&lines| lines >= 3)?,
            coupling_hz: whole.coupling_hz,
        };
        multiplet(peaks, solvent, &residual, reference_mhz)
    })
}

/// The residual protons of the solvent. Single lines prove little: a solvent other than the
/// header's is believed only where its multiplet is resolved, or its water is there as well.
pub fn in_proton(peaks: &[RawPeak], header: Option<Solvent>, reference_mhz: f64) -> Option<Match> {
    // No sample is so strong that the solvent's residual protons all but vanish beside it.
    let least = 0.003 * peaks.iter().map(|peak| peak.height).fold(0.0, f64::max);
    best(header, 0.4, 0.75, |solvent| {
        let line = solvent_lines::lines(solvent, &Nucleus::Proton).first()?;
        let window = if solvent == Solvent::Water { WATER_WINDOW } else { PROTON_WINDOW };
        peaks
            .iter()
            .filter(|peak| (peak.ppm - line.ppm).abs() < window && peak.height > least)
            .map(|peak| proton_match(peaks, peak, solvent, line, window, reference_mhz))
            .max_by(|a, b| a.score.total_cmp(&b.score))
    })
}

/// The header's solvent when its score reaches `believed`, else the best other one that reaches
/// `proven`; a header's solvent that just passes gives way to one that is proven.
fn best(
    header: Option<Solvent>,
    believed: f64,
    proven: f64,
    score: impl Fn(Solvent) -> Option<Match>,
) -> Option<Match> {
    let named = header.and_then(&score).filter(|found| found.score >= believed);
    if named.is_some_and(|found| found.score >= proven) {
        return named;
    }
    solvent_lines::ALL
        .into_iter()
        .filter(|&solvent| Some(solvent) != header)
        .filter_map(score)
        .filter(|found| found.score >= proven && (found.resolved || named.is_none()))
        .max_by(|a, b| a.score.total_cmp(&b.score))
        .or(named)
}

/// The best place for a multiplet; a single line is no fingerprint.
fn multiplet(
    peaks: &[RawPeak],
    solvent: Solvent,
    line: &SolventLine,
    reference_mhz: f64,
) -> Option<Match> {
    if line.lines < 3 {
        return None;
    }
    peaks
        .iter()
        .filter(|peak| (peak.ppm - line.ppm).abs() < CARBON_WINDOW)
        .filter_map(|peak| {
            let tolerance = 1.6f64.max(0.6 * peak.width_hz) / reference_mhz;
            let (score, ppm) = pattern_fit(peaks, peak, line, reference_mhz, tolerance)?;
            let distance = (ppm - line.ppm).abs() / CARBON_WINDOW;
            Some(Match {
                solvent,
                place: line.ppm,
                ppm,
                score: score - 0.2 * distance,
                resolved: true,
            })
        })
        .max_by(|a, b| a.score.total_cmp(&b.score))
}

/// How well the peaks around `centre` make up the multiplet (0 to 1), and its mean position.
fn pattern_fit(
    peaks: &[RawPeak],
    centre: &RawPeak,
    line: &SolventLine,
    reference_mhz: f64,
    tolerance: f64,
) -> Option<(f64, f64)> {
    let pattern = line.pattern();
    let tallest = pattern.iter().map(|p| p.1).fold(0.0, f64::max);
    let (mut weight, mut found, mut matched, mut shift) = (0.0, 0.0, 0.0, 0.0);
    for &(offset, height) in pattern {
        weight += height;
        let apart = offset * line.coupling_hz / reference_mhz;
        let place = centre.ppm + apart;
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
        let off = (peak.height / (height / tallest * centre.height)).abs().ln().abs();
        if off > 1.0 {
            return None;
        }
        matched += height * (1.0 - off / 1.2);
        found += height;
        shift += height * (peak.ppm - apart);
    }
    (found > 0.0).then(|| (matched / weight, shift / found))
}

/// What the solvent's other carbons add to the first one's score.
fn corroboration(peaks: &[RawPeak], found: &Match, others: &[SolventLine]) -> f64 {
    let shift = found.place - found.ppm;
    let seen = others
        .iter()
        .filter(|line| peaks.iter().any(|peak| (peak.ppm + shift - line.ppm).abs() < 0.5))
        .count();
    if others.is_empty() { 0.0 } else { 0.1 * seen as f64 / others.len() as f64 }
}

fn proton_match(
    peaks: &[RawPeak],
    peak: &RawPeak,
    solvent: Solvent,
    line: &SolventLine,
    window: f64,
    reference_mhz: f64,
) -> Match {
    let near = 1.0 - (peak.ppm - line.ppm).abs() / window;
    let tallest_here = peaks
        .iter()
        .filter(|other| (other.ppm - line.ppm).abs() < window)
        .map(|other| other.height)
        .fold(peak.height, f64::max);
    let prominent = (peak.height / tallest_here).sqrt();
    let tolerance = 0.25 * line.coupling_hz / reference_mhz;
    let resolved = (line.lines >= 3)
        .then(|| pattern_fit(peaks, peak, line, reference_mhz, tolerance))
        .flatten()
        .filter(|(fit, _)| *fit > 0.6 && prominent > 0.3);
    if let Some((fit, ppm)) = resolved {
        let score = 0.3 + 0.3 * fit + 0.1 * near + 0.3 * prominent;
        return Match { solvent, place: line.ppm, ppm, score, resolved: true };
    }
    // Unresolved, it is one line no wider than the multiplet, with no neighbour of its height.
    let span = f64::from(line.lines - 1) * line.coupling_hz;
    let narrow = peak.width_hz < 3.0 + span;
    let reach = (20.0 + span) / reference_mhz;
    let alone = peaks.iter().all(|other| {
        let apart = (other.ppm - peak.ppm).abs();
        apart < (0.6 * span + 0.5) / reference_mhz
            || apart > reach
            || other.height < 0.15 * peak.height
    });
    let tallest = peaks.iter().map(|other| other.height).fold(0.0, f64::max);
    let shift = line.ppm - peak.ppm;
    // Water among a compound's aliphatic lines proves nothing.
    let wet = solvent != Solvent::Water
        && solvent_lines::water(solvent) > 2.5
        && peaks.iter().any(|other| {
            let off = other.ppm + shift - solvent_lines::water(solvent);
            off.abs() < 0.06 && other.height > 0.005 * tallest
        });
    let mut score = 0.25 * near + 0.2 * prominent;
    for (holds, worth) in [(narrow, 0.1), (alone, 0.1), (wet && narrow && alone, 0.15)] {
        score += if holds { worth } else { 0.0 };
    }
    Match { solvent, place: line.ppm, ppm: peak.ppm, score, resolved: false }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const CARBON_MHZ: f64 = 100.6;
    const PROTON_MHZ: f64 = 400.1;

    fn peak(ppm: f64, height: f64) -> RawPeak {
        RawPeak { ppm, height, width_hz: 1.2, area: height * 1.2 * std::f64::consts::FRAC_PI_2 }
    }

    /// A multiplet of a solvent about `centre`, its outermost lines left out.
    fn multiplet_of(
        solvent: Solvent,
        nucleus: &Nucleus,
        centre: f64,
        mhz: f64,
        drowned: usize,
    ) -> Vec<RawPeak> {
        let line = &solvent_lines::lines(solvent, nucleus)[0];
        let pattern = line.pattern();
        pattern[drowned..pattern.len() - drowned]
            .iter()
            .map(|(offset, height)| peak(centre + offset * line.coupling_hz / mhz, *height))
            .collect()
    }

    fn compound() -> Vec<RawPeak> {
        [(15.2, 5.0), (38.4, 4.0), (55.1, 6.0), (128.3, 8.0), (171.0, 2.0)]
            .map(|(ppm, height)| peak(ppm, height))
            .to_vec()
    }

    #[test]
    fn a_deuterated_carbon_is_known_by_its_multiplet_wherever_the_axis_lies() {
        for (solvent, place) in
            [(Solvent::Chloroform, 77.04), (Solvent::Methanol, 49.0), (Solvent::Acetone, 29.84)]
        {
            for offset in [-2.5, 0.0, 2.5] {
                let mut peaks = compound();
                let ppm = place + offset;
                peaks.extend(multiplet_of(solvent, &Nucleus::Carbon, ppm, CARBON_MHZ, 0));
                // The header says nothing, or the wrong thing.
                for header in [None, Some(Solvent::Benzene), Some(solvent)] {
                    let found = in_carbon(&peaks, header, CARBON_MHZ).unwrap();
                    assert_eq!(found.solvent, solvent, "{header:?} {offset}");
                    assert!((found.ppm - ppm).abs() < 0.01 && found.resolved, "{found:?}");
                    assert!((found.place - place).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn the_outermost_lines_of_a_septet_may_drown_in_noise() {
        let mut peaks = compound();
        peaks.extend(multiplet_of(Solvent::Methanol, &Nucleus::Carbon, 49.0, CARBON_MHZ, 1));
        assert_eq!(in_carbon(&peaks, None, CARBON_MHZ).unwrap().solvent, Solvent::Methanol);
        let mut peaks = compound();
        peaks.extend(multiplet_of(Solvent::Methanol, &Nucleus::Carbon, 49.0, CARBON_MHZ, 2));
        assert_eq!(in_carbon(&peaks, None, CARBON_MHZ), None, "half of it is no fingerprint");
    }

    #[test]
    fn lines_of_a_compound_are_no_solvent() {
        assert_eq!(in_carbon(&compound(), Some(Solvent::Chloroform), CARBON_MHZ), None);
        // Three lines at the right distances, of heights no deuterium gives.
        let uneven = [(76.72, 1.0), (77.04, 9.0), (77.36, 1.0)].map(|(ppm, h)| peak(ppm, h));
        assert_eq!(in_carbon(&uneven, Some(Solvent::Chloroform), CARBON_MHZ), None);
    }

    #[test]
    fn an_edited_spectrum_shows_the_molecules_with_one_hydrogen() {
        let residual = SolventLine { ppm: 0.0, lines: 5, coupling_hz: 21.4 };
        let mut peaks = compound();
        peaks.extend(residual.pattern().iter().map(|(offset, height)| {
            peak(49.0 + ISOTOPE_SHIFT + offset * residual.coupling_hz / CARBON_MHZ, *height)
        }));
        let found = in_dept(&peaks, Some(Solvent::Methanol), CARBON_MHZ).unwrap();
        assert_eq!(found.solvent, Solvent::Methanol);
        // Chloroform's own carbon has one deuterium; with a hydrogen there it is a single line.
        assert_eq!(in_dept(&compound(), Some(Solvent::Chloroform), CARBON_MHZ), None);
    }

    #[test]
    fn residual_protons_need_the_header_unless_their_multiplet_is_resolved() {
        let others = [peak(1.20, 30.0), peak(4.11, 20.0)];
        let single: Vec<RawPeak> = others.iter().copied().chain([peak(7.26, 3.0)]).collect();
        let named = in_proton(&single, Some(Solvent::Chloroform), PROTON_MHZ).unwrap();
        assert_eq!((named.solvent, named.resolved), (Solvent::Chloroform, false));
        assert_eq!(in_proton(&single, None, PROTON_MHZ), None);

        let mut quintet = others.to_vec();
        let residual = multiplet_of(Solvent::Methanol, &Nucleus::Proton, 3.31, PROTON_MHZ, 0);
        quintet.extend(residual);
        let seen = in_proton(&quintet, None, PROTON_MHZ).unwrap();
        assert_eq!((seen.solvent, seen.resolved), (Solvent::Methanol, true));
    }
}
