//! The fast estimate over a whole library: which of its molecules are worth a full score.

use std::thread;

use super::prescore::Prescorer;
use crate::error::ElucidationError;
use crate::library::Library;

/// Below so many molecules a second thread costs more than it brings.
const SPLIT_SCAN: usize = 20_000;

impl Prescorer {
    /// The best `keep` of a library's molecules, best first.
    pub(crate) fn shortlist(
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
            let score = if self.protons {
                self.estimate(&library.profile(number).unwrap_or_default())
            } else {
                self.score_sites(library.carbons(number))
            };
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
