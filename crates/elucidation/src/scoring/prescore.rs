//! A fast estimate of the 13C score, for scanning a whole library; of the 1H score where there is
//! no 13C.
//!
//! Each line is penalised by the nearest site on either side of it, in one sweep over sites and
//! lines; each site by a table, made once for a query, of how far the nearest fitting line is.

use super::lines::{Line, Lines};
use super::parameters::{NucleusParameters, Parameters};
use crate::library::{PackedSite, Profile};
use larmor_nmr::spectrum::Multiplicity;

/// Hundredths of a ppm to a bin of the table.
const BIN: i32 = 20;
const FIRST_PPM: i32 = -50;
const BINS: usize = 1_600;
/// Spreads beyond this, in hundredths of a ppm, count as this.
const MOST_SPREAD: usize = 2_047;
/// Spreads the table tells apart, ppm.
const LEVELS: [f32; 8] = [0.4, 0.7, 1.1, 1.7, 2.5, 3.8, 6.0, 10.0];
/// Hydrogens the table tells apart: 0 to 3.
const HYDROGENS: usize = 4;
/// Hydrogen counts of a line whose multiplicity is not known: any.
const ANY: u8 = 0b1111;
/// A site's penalty beside its line's: both say the same where the two belong together.
const SITE_SHARE: f32 = 0.5;
/// Shifts of hydrogens are taken this many times larger, which makes them like those of carbons.
const PROTON_SCALE: f64 = 20.0;

pub(crate) struct Prescorer {
    site: Vec<f32>,
    /// Hundredths of a ppm, and a bit for each number of hydrogens that fits.
    lines: Vec<(i32, u8)>,
    spread: Vec<Spread>,
    extra: f32,
    mismatch: f32,
    /// By 1H lines, not by 13C lines.
    pub(crate) protons: bool,
}

#[derive(Clone, Copy)]
struct Spread {
    inverse: f32,
    log: f32,
    level: u8,
}

impl Spread {
    fn new(centi: usize, parameters: &NucleusParameters) -> Self {
        let spread = (centi as f64 / 100.0 * parameters.spread_scale)
            .max(parameters.least_spread_ppm) as f32;
        let level = LEVELS.iter().position(|&l| spread <= l * 1.25).unwrap_or(LEVELS.len() - 1);
        Self { inverse: 1.0 / spread, log: (2.0 * spread).ln(), level: level as u8 }
    }
}

/// A sweep knows no offset of the axis: where it is not sure, every prediction is as wide as that.
fn widened(parameters: &NucleusParameters, axis_error: f64) -> NucleusParameters {
    let least = parameters.least_spread_ppm;
    let least_spread_ppm = if axis_error > least { least.hypot(axis_error) } else { least };
    NucleusParameters { least_spread_ppm, ..*parameters }
}

/// A site as the sweep sees it.
type Swept = (i32, Spread, u8);

impl Prescorer {
    /// By the 13C lines, or by the 1H lines without any.
    pub(crate) fn of(lines: &Lines, parameters: &Parameters) -> Self {
        if !lines.carbon.is_empty() || lines.proton.is_empty() {
            let penalties = widened(&parameters.carbon, lines.carbon_axis_error);
            return Self::new(&lines.carbon, &penalties);
        }
        let scaled: Vec<Line> = lines
            .proton
            .iter()
            .map(|line| {
                let mut scaled = *line;
                scaled.ppm *= PROTON_SCALE;
                scaled
            })
            .collect();
        let proton = widened(&parameters.proton, lines.proton_axis_error);
        let penalties = NucleusParameters {
            least_spread_ppm: proton.least_spread_ppm * PROTON_SCALE,
            range_ppm: parameters.proton.range_ppm * PROTON_SCALE,
            ..parameters.proton
        };
        Self { protons: true, ..Self::new(&scaled, &penalties) }
    }

    fn new(lines: &[Line], parameters: &NucleusParameters) -> Self {
        let mismatch = -(parameters.wrong_multiplicity / 3.0).ln() as f32;
        let lines: Vec<(i32, u8)> = lines
            .iter()
            .map(|line| {
                let hydrogens = line.multiplicity.map_or(ANY, Multiplicity::counts);
                ((line.ppm * 100.0).round() as i32, hydrogens)
            })
            .collect();
        let mut prescorer = Self {
            site: Vec::with_capacity(HYDROGENS * LEVELS.len() * BINS),
            lines,
            spread: (0..=MOST_SPREAD).map(|centi| Spread::new(centi, parameters)).collect(),
            extra: -(parameters.extra_lines / parameters.range_ppm).ln() as f32,
            mismatch,
            protons: false,
        };
        for hydrogens in 0..HYDROGENS as u8 {
            let absent = if hydrogens == 0 { parameters.missing_bare } else { parameters.missing };
            for level in LEVELS {
                for bin in 0..BINS as i32 {
                    let centi = FIRST_PPM * 100 + bin * BIN + BIN / 2;
                    let nearest = prescorer
                        .lines
                        .iter()
                        .map(|&line| prescorer.distance(line, centi, 1.0 / level, hydrogens))
                        .fold(-absent.ln() as f32, f32::min);
                    prescorer.site.push(nearest);
                }
            }
        }
        prescorer
    }

    /// Estimate of a molecule's score.
    pub(crate) fn estimate(&self, profile: &Profile) -> f32 {
        if self.protons {
            self.score_sites(protons(profile).into_iter())
        } else {
            self.score_sites(carbons(profile))
        }
    }

    /// The same from its sites by rising shift.
    #[inline]
    pub(crate) fn score_sites(&self, sites: impl Iterator<Item = PackedSite>) -> f32 {
        let (mut cost, mut next) = (0.0, 0);
        let mut below: Option<Swept> = None;
        for site in sites {
            let centi = i32::from(site.centi_ppm);
            let spread = self.spread[usize::from(site.centi_spread).min(MOST_SPREAD)];
            let hydrogens = site.hydrogens.min(3);
            let bin = ((centi - FIRST_PPM * 100) / BIN).clamp(0, BINS as i32 - 1) as usize;
            let row = usize::from(hydrogens) * LEVELS.len() + usize::from(spread.level);
            cost += SITE_SHARE * self.site[row * BINS + bin];
            let site = (centi, spread, hydrogens);
            while let Some(&line) = self.lines.get(next).filter(|line| line.0 <= centi) {
                cost += self.line(line, site).min(below.map_or(self.extra, |b| self.line(line, b)));
                next += 1;
            }
            below = Some(site);
        }
        for &line in &self.lines[next..] {
            cost += below.map_or(self.extra, |site| self.line(line, site));
        }
        -cost
    }

    #[inline]
    fn line(&self, line: (i32, u8), (centi, spread, hydrogens): Swept) -> f32 {
        (self.distance(line, centi, spread.inverse, hydrogens) + spread.log).min(self.extra)
    }

    #[inline]
    fn distance(&self, line: (i32, u8), centi: i32, inverse: f32, hydrogens: u8) -> f32 {
        let wrong = line.1 >> hydrogens & 1 == 0;
        (line.0 - centi).abs() as f32 * 0.01 * inverse + if wrong { self.mismatch } else { 0.0 }
    }
}

/// A profile's carbons as a library's files hold them.
fn carbons(profile: &Profile) -> impl Iterator<Item = PackedSite> + '_ {
    profile.sites.iter().filter_map(|site| {
        let shift = site.carbon?;
        Some(PackedSite {
            centi_ppm: (shift.ppm * 100.0).round() as i16,
            centi_spread: ((shift.spread * 100.0).round() as u16).max(1),
            hydrogens: site.hydrogens,
        })
    })
}

/// The sites of a molecule that show hydrogens, by rising shift. Those on hetero-atoms count as
/// bare: they are often not seen.
fn protons(profile: &Profile) -> Vec<PackedSite> {
    let centi = |ppm: f32| (f64::from(ppm) * PROTON_SCALE * 100.0).round();
    let mut sites: Vec<PackedSite> = profile
        .sites
        .iter()
        .filter_map(|site| {
            let shift = site.proton?;
            Some(PackedSite {
                // A cast of a float saturates.
                centi_ppm: centi(shift.ppm) as i16,
                centi_spread: (centi(shift.spread) as u16).max(1),
                hydrogens: u8::from(site.carbon.is_some()),
            })
        })
        .collect();
    sites.sort_by_key(|site| site.centi_ppm);
    sites
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::library::Site;
    use crate::query::{ObservedPeak, Query};
    use larmor_networks::AtomShift;

    fn site(carbon: Option<f32>, proton: f32) -> Site {
        let shift = |ppm, spread| AtomShift { ppm, spread };
        Site {
            carbon: carbon.map(|ppm| shift(ppm, 1.0)),
            proton: Some(shift(proton, 0.1)),
            apart: None,
            hydrogens: 1,
            members: 1,
            tetrahedral: false,
        }
    }

    #[test]
    fn without_13c_lines_the_estimate_goes_by_1h() {
        let h1 = [1.2, 3.7].map(|ppm| ObservedPeak::multiplet(ppm, None)).to_vec();
        let lines = Lines::of(&Query { h1, ..Query::default() }).unwrap();
        let prescorer = Prescorer::of(&lines, &Parameters::default());
        let score = |sites: Vec<Site>| {
            let profile = Profile { atoms: (0..sites.len() as u16).collect(), sites };
            prescorer.estimate(&profile)
        };
        let right = score(vec![site(Some(58.0), 3.65), site(Some(18.0), 1.25)]);
        let wrong = score(vec![site(Some(58.0), 7.2), site(Some(18.0), 8.1)]);
        assert!(right > wrong + 5.0, "{right} {wrong}");
        // An exchanging hydrogen may be missing, one on carbon hardly.
        let with_hydroxyl =
            score(vec![site(Some(58.0), 3.65), site(Some(18.0), 1.25), site(None, 5.0)]);
        let with_methine =
            score(vec![site(Some(58.0), 3.65), site(Some(18.0), 1.25), site(Some(60.0), 5.0)]);
        assert!(with_hydroxyl > with_methine);
    }
}
