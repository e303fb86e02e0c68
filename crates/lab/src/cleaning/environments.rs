//! What other records measured of carbons in the same surroundings: the expert that learns nothing
//! and so repeats no mistake of the record it judges (after Bremser's HOSE codes, 1978).

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::suspects::Expected;
use larmor_chemistry::MolecularGraph;

/// Bonds that a code reaches, the farthest first.
const REACHES: [usize; 3] = [4, 3, 2];
/// Fewer other records than this say nothing.
const LEAST: usize = 3;
/// Scale that is taken at least, ppm, for each reach.
const LEAST_SCALE: [f64; 3] = [0.8, 1.2, 2.5];

/// Codes of an atom's surroundings, one for each reach.
pub(super) type Codes = [u64; REACHES.len()];

/// Codes of all atoms: by element, hydrogens, charge, aromaticity and bonds, out to each reach. Equal
/// surroundings have equal codes in whatever molecule.
pub(super) fn codes(graph: &MolecularGraph) -> Vec<Codes> {
    let code = |value: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        value(&mut hasher);
        hasher.finish()
    };
    let mut now: Vec<u64> = (0..graph.len())
        .map(|a| {
            code(&|h| {
                let ring = graph.ring_sizes[a];
                (graph.element[a], graph.hydrogens[a], graph.charge[a]).hash(h);
                (graph.aromatic[a], ring).hash(h);
            })
        })
        .collect();
    let mut neighbours: Vec<Vec<(u8, usize)>> = vec![Vec::new(); graph.len()];
    for bond in &graph.bonds {
        let (a, b) = (bond.begin as usize, bond.end as usize);
        let kind = bond.kind as u8;
        neighbours[a].push((kind, b));
        neighbours[b].push((kind, a));
    }
    let mut found = vec![[0; REACHES.len()]; graph.len()];
    for reach in 1..=REACHES[0] {
        now = (0..graph.len())
            .map(|a| {
                let mut around: Vec<(u8, u64)> =
                    neighbours[a].iter().map(|&(kind, b)| (kind, now[b])).collect();
                around.sort_unstable();
                code(&|h| (now[a], &around).hash(h))
            })
            .collect();
        if let Some(place) = REACHES.iter().position(|&wanted| wanted == reach) {
            for (codes, &code) in found.iter_mut().zip(&now) {
                codes[place] = code;
            }
        }
    }
    found
}

/// Shifts by code, each with the record it is of.
#[derive(Default)]
pub(super) struct Environments(HashMap<u64, Vec<(u32, f32)>>);

impl Environments {
    /// Notes that a record gives an atom of these surroundings a shift.
    #[allow(clippy::cast_possible_truncation)]
    pub(super) fn note(&mut self, record: u32, codes: &Codes, ppm: f64) {
        for &code in codes {
            self.0.entry(code).or_default().push((record, ppm as f32));
        }
    }

    /// What the other records say, by the farthest reach that enough of them share.
    pub(super) fn expected(&self, record: u32, codes: &Codes) -> Option<Expected> {
        codes.iter().zip(LEAST_SCALE).find_map(|(code, least)| {
            let mut others: Vec<f64> = self
                .0
                .get(code)?
                .iter()
                .filter(|(of, _)| *of != record)
                .map(|(_, ppm)| f64::from(*ppm))
                .collect();
            if others.len() < LEAST {
                return None;
            }
            let ppm = median(&mut others);
            let mut apart: Vec<f64> = others.iter().map(|other| (other - ppm).abs()).collect();
            Some(Expected { ppm, scale: median(&mut apart).max(least) })
        })
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;

    fn of(smiles: &str) -> Vec<Codes> {
        codes(&Molecule::graph_only(smiles).unwrap().graph)
    }

    #[test]
    fn equal_surroundings_have_equal_codes_as_far_as_they_are_equal() {
        let (heptanol, octanol) = (of("CCCCCCCO"), of("CCCCCCCCO"));
        // The carbon at the oxygen sees four bonds alike; the far end of both chains, too.
        assert_eq!(heptanol[6], octanol[7]);
        assert_ne!(heptanol[3][0], octanol[4][0], "four bonds reach the end of the shorter one");
        assert_eq!(heptanol[3][2], octanol[4][2], "two do not");
        let toluene = of("Cc1ccccc1");
        assert_eq!(toluene[2], toluene[6]);
        assert_ne!(toluene[2][2], toluene[3][2]);
    }

    #[test]
    fn a_record_is_not_its_own_witness() {
        let mut environments = Environments::default();
        let codes = of("CCO")[0];
        for (record, ppm) in [(0, 18.0), (1, 18.2), (2, 17.9), (3, 58.0)] {
            environments.note(record, &codes, ppm);
        }
        let expected = environments.expected(3, &codes).unwrap();
        assert_eq!((expected.ppm * 10.0).round(), 180.0);
        let others = environments.expected(0, &codes).unwrap();
        assert!(others.ppm > 18.0, "of 18.2, 17.9 and 58");
        assert_eq!(environments.expected(9, &of("CCN")[0]).map(|e| e.ppm), None);
    }
}
