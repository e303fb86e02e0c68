//! Pairs that do not match: whose spectrum a molecule is wrongly shown.

use std::collections::HashMap;

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::molecule::SpecmolMolecule;
use larmor_chemistry::Fingerprint;

/// Alikeness (Tanimoto) up to which two molecules count as structurally different.
pub const DIFFERENT: f64 = 0.1;
/// Others a molecule is compared with while similar ones are looked for in training.
const COMPARED: usize = 2_000;
/// Similar ones that are kept of each.
const KEPT: usize = 12;
/// Others looked at for a structurally different one.
const TRIES: usize = 200;

/// How the wrong one is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NegativeKind {
    /// Any other.
    Random,
    /// One that shares at most a tenth of its environments.
    Different,
    /// The most similar.
    Similar,
    /// The most similar of the same formula.
    NearIsomer,
}

impl NegativeKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Random, Self::Different, Self::Similar, Self::NearIsomer];

    /// Name in tables and options.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Different => "different",
            Self::Similar => "similar",
            Self::NearIsomer => "near-isomer",
        }
    }

    /// The wrong molecule of a pool for the spectrum of `own`; `None` where the pool has none of
    /// this kind.
    #[must_use]
    pub fn choose(
        self,
        own: &SpecmolMolecule,
        pool: &[SpecmolMolecule],
        random: &mut ChaCha8Rng,
    ) -> Option<usize> {
        let other = |index: &usize| pool[*index].block != own.block;
        let alike = |index: usize| own.fingerprint.tanimoto(&pool[index].fingerprint);
        let nearest = |candidates: &mut dyn Iterator<Item = usize>| {
            let best = candidates.map(|i| (alike(i), i)).max_by(|a, b| a.0.total_cmp(&b.0));
            best.map(|(_, index)| index)
        };
        match self {
            Self::Random | Self::Different => {
                let drawn = (0..TRIES)
                    .filter(|_| !pool.is_empty())
                    .map(|_| random.random_range(0..pool.len()))
                    .filter(other);
                match self {
                    Self::Random => drawn.take(1).next(),
                    _ => {
                        drawn.map(|i| (alike(i), i)).find(|(a, _)| *a <= DIFFERENT).map(|(_, i)| i)
                    }
                }
            }
            Self::Similar => nearest(&mut (0..pool.len()).filter(other)),
            Self::NearIsomer => nearest(
                &mut (0..pool.len()).filter(|&i| pool[i].formula == own.formula).filter(other),
            ),
        }
    }
}

/// Who is like whom in a training set.
pub(super) struct Neighbours {
    similar: Vec<Vec<u32>>,
    isomers: Vec<Vec<u32>>,
}

impl Neighbours {
    /// Compares each molecule with a sample of the others and with those of its formula.
    #[allow(clippy::cast_possible_truncation)]
    pub(super) fn of(molecules: &[SpecmolMolecule], random: &mut ChaCha8Rng) -> Self {
        let mut by_formula: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, molecule) in molecules.iter().enumerate() {
            by_formula.entry(&molecule.formula).or_default().push(index);
        }
        let mut sample: Vec<usize> = (0..molecules.len()).collect();
        sample.shuffle(random);
        // Side by side, so that the processor's cache holds them: what takes the time is waiting.
        let prints: Vec<Fingerprint> = molecules.iter().map(|m| m.fingerprint).collect();
        let nearest = |own: usize, others: &mut dyn Iterator<Item = usize>| -> Vec<u32> {
            let mut found: Vec<(f64, u32)> = others
                .filter(|&other| other != own)
                .map(|other| (prints[own].tanimoto(&prints[other]), other as u32))
                .collect();
            let first = |a: &(f64, u32), b: &(f64, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
            if found.len() > KEPT {
                found.select_nth_unstable_by(KEPT, first);
                found.truncate(KEPT);
            }
            found.sort_by(first);
            found.into_iter().map(|(_, other)| other).collect()
        };
        let similar = (0..molecules.len())
            .map(|own| {
                let start = random.random_range(0..molecules.len());
                let others = sample[start..].iter().chain(&sample).take(COMPARED.min(sample.len()));
                nearest(own, &mut others.copied())
            })
            .collect();
        let isomers = molecules
            .iter()
            .enumerate()
            .map(|(own, molecule)| {
                let same = by_formula.get(&molecule.formula).into_iter().flatten();
                nearest(own, &mut same.copied().take(COMPARED))
            })
            .collect();
        Self { similar, isomers }
    }

    /// Everyone with a partner, each once (but for the last of an odd number): their two own pairs
    /// match, their two crossed pairs do not, so no molecule and no spectrum is by itself a sign of
    /// either. A quarter each is chosen at random, structurally different, similar, and isomeric;
    /// where no such partner is left, at random.
    pub(super) fn couples(
        &self,
        molecules: &[SpecmolMolecule],
        random: &mut ChaCha8Rng,
    ) -> Vec<[usize; 2]> {
        let mut order: Vec<usize> = (0..molecules.len()).collect();
        order.shuffle(random);
        let mut free = vec![true; molecules.len()];
        let mut couples = Vec::with_capacity(molecules.len() / 2);
        for place in 0..order.len() {
            let own = order[place];
            if !std::mem::replace(&mut free[own], false) {
                continue;
            }
            let rest = || order[place + 1..].iter().copied().filter(|&other| free[other]);
            let known =
                |list: &[u32]| list.iter().map(|&other| other as usize).find(|&other| free[other]);
            let wanted = match NegativeKind::ALL[random.random_range(0..4)] {
                NegativeKind::Random => None,
                NegativeKind::Different => rest().take(TRIES).find(|&other| {
                    molecules[own].fingerprint.tanimoto(&molecules[other].fingerprint) <= DIFFERENT
                }),
                NegativeKind::Similar => known(&self.similar[own]),
                NegativeKind::NearIsomer => known(&self.isomers[own]),
            };
            let Some(partner) = wanted.or_else(|| rest().next()) else { continue };
            free[partner] = false;
            couples.push([own, partner]);
        }
        couples
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use larmor_chemistry::Molecule;
    use rand::SeedableRng;

    fn molecules(smiles: &[&str]) -> Vec<SpecmolMolecule> {
        smiles.iter().map(|s| SpecmolMolecule::from(Molecule::from_smiles(s).unwrap())).collect()
    }

    #[test]
    fn each_kind_is_what_it_says() {
        let pool = molecules(&["CCCCO", "CCC(C)O", "CCCCCO", "COC(C)C", "c1ccncc1"]);
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let own = &pool[0];
        let mut chosen = |kind: NegativeKind| kind.choose(own, &pool, &mut random);
        assert_eq!(chosen(NegativeKind::Similar), Some(2));
        assert_eq!(chosen(NegativeKind::NearIsomer), Some(1));
        assert_eq!(chosen(NegativeKind::Different), Some(4));
        assert!(chosen(NegativeKind::Random).is_some_and(|i| i != 0));
        let alone = molecules(&["CCO"]);
        for kind in NegativeKind::ALL {
            assert_eq!(kind.choose(&alone[0], &alone, &mut random), None);
        }
    }

    #[test]
    fn everyone_has_one_partner_and_not_itself() {
        let smiles: Vec<String> = (1..30)
            .flat_map(|n| [format!("{}O", "C".repeat(n)), format!("{}N", "C".repeat(n))])
            .collect();
        let molecules = molecules(&smiles.iter().map(String::as_str).collect::<Vec<_>>());
        let mut random = ChaCha8Rng::seed_from_u64(4);
        let couples = Neighbours::of(&molecules, &mut random).couples(&molecules, &mut random);
        let mut seen: Vec<usize> = couples.iter().flatten().copied().collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..58).collect::<Vec<_>>());
    }
}
