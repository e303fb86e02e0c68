//! A fast estimate of the 13C score, for scanning a whole library.
//!
//! Each line is priced by the nearest site on either side of it, in one sweep over sites and
//! lines; each site by a table, made once for a query, of how far the nearest fitting line is.

use std::thread;

use super::ElucidationError;
use super::lines::Line;
use super::parameters::NucleusParameters;
use crate::library::{Library, PackedCarbon};
use crate::spectrum::Multiplicity;

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
/// A site's price beside its line's: both say the same where the two belong together.
const SITE_SHARE: f32 = 0.5;
/// Below so many molecules a second thread costs more than it brings.
const SPLIT_SCAN: usize = 20_000;

pub(super) struct Prescorer {
    site: Vec<f32>,
    /// Hundredths of a ppm, and a bit for each number of hydrogens that fits.
    lines: Vec<(i32, u8)>,
    spread: Vec<Spread>,
    extra: f32,
    mismatch: f32,
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

/// A site as the sweep sees it.
type Swept = (i32, Spread, u8);

impl Prescorer {
    pub(super) fn new(lines: &[Line], parameters: &NucleusParameters) -> Self {
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

    /// Estimate of a molecule's score, from its carbon sites by rising shift.
    #[inline]
    pub(super) fn score(&self, carbons: impl Iterator<Item = PackedCarbon>) -> f32 {
        let (mut cost, mut next) = (0.0, 0);
        let mut below: Option<Swept> = None;
        for carbon in carbons {
            let centi = i32::from(carbon.centi_ppm);
            let spread = self.spread[usize::from(carbon.centi_spread).min(MOST_SPREAD)];
            let hydrogens = carbon.hydrogens.min(3);
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

    /// The best `keep` of a library's molecules, best first.
    pub(super) fn shortlist(
        &self,
        library: &Library,
        among: &[u32],
        keep: usize,
        threads: usize,
    ) -> Result<Vec<(f32, u32)>, ElucidationError> {
        let threads = if among.len() < SPLIT_SCAN { 1 } else { threads.max(1) };
        let share = among.len().div_ceil(threads).max(1);
        let mut best = thread::scope(|scope| {
            let scans: Vec<_> = among
                .chunks(share)
                .map(|part| scope.spawn(move || self.scan(library, part, keep)))
                .collect();
            scans
                .into_iter()
                .map(|scan| scan.join().map_err(|_| ElucidationError::Worker))
                .collect::<Result<Vec<_>, _>>()
        })?
        .concat();
        keep_best(&mut best, keep);
        best.sort_by(by_score);
        Ok(best)
    }

    fn scan(&self, library: &Library, among: &[u32], keep: usize) -> Vec<(f32, u32)> {
        let mut best: Vec<(f32, u32)> = Vec::with_capacity(2 * keep + 1);
        let mut bar = f32::NEG_INFINITY;
        for &number in among {
            let score = self.score(library.carbons(number));
            if score > bar {
                best.push((score, number));
                if best.len() > 2 * keep {
                    keep_best(&mut best, keep);
                    bar = best.iter().map(|b| b.0).fold(f32::INFINITY, f32::min);
                }
            }
        }
        keep_best(&mut best, keep);
        best
    }
}

/// Highest score first; equal ones in the order of the library, so that results repeat.
fn by_score(a: &(f32, u32), b: &(f32, u32)) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

fn keep_best(best: &mut Vec<(f32, u32)>, keep: usize) {
    if keep > 0 && best.len() > keep {
        best.select_nth_unstable_by(keep - 1, by_score);
        best.truncate(keep);
    }
}
