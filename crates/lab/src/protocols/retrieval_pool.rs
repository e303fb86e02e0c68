//! What a right molecule is ranked among, and how.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::error::EvaluationError;
use crate::evaluation::{CommonSpace, EvaluationMolecule, EvaluationSet, Nuclei, values};
use crate::shift::ShiftSystem;
use larmor_chemistry::{Formula, Molecule};
use larmor_elucidation::library::Library;

/// Half-width of the mass filter, Da.
const MASS_WINDOW: f64 = 5.0;
/// Library molecules embedded at a time.
const BATCH: usize = 1_024;

/// Pool sizes of the paper, with its top-1 and top-25 in percent.
pub(super) const PUBLISHED: [(usize, &str, &str); 5] = [
    (100, "95.8", "100"),
    (1_000, "80.4", "99.6"),
    (10_000, "46.3", "94.8"),
    (100_000, "18.0", "71.6"),
    (1_000_000, "5.8", "37.8"),
];

/// What is known of the molecule beside its spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Filter {
    Nothing,
    Formula,
    Mass,
}

/// Filters with their names.
pub(super) const FILTERS: [(Filter, &str); 3] =
    [(Filter::Nothing, "none"), (Filter::Formula, "formula"), (Filter::Mass, "mass within 5 Da")];

/// Where rivals come from.
pub enum Rivals<'a> {
    /// A library, made with the shift network.
    Library(&'a Library),
    /// Structures as SMILES, each constitution once; enough for systems with a common space.
    Structures(&'a [String]),
}

/// Rivals in random order: the first N-1 are the pool of size N.
pub(super) struct Pool<'a> {
    rivals: &'a Rivals<'a>,
    /// Place of each molecule in that order.
    place: Vec<u32>,
    /// Sizes N, the molecule itself counted.
    pub(super) sizes: Vec<usize>,
}

/// Ranks of the right molecule: a list of queries for each filter and size, filter by filter.
pub(super) type Ranks = Vec<Vec<usize>>;

impl Rivals<'_> {
    pub(super) fn len(&self) -> u32 {
        match self {
            Self::Library(library) => library.len(),
            Self::Structures(list) => u32::try_from(list.len()).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::Library(library) => format!("library '{}'", library.name()),
            Self::Structures(_) => "a list".to_owned(),
        }
    }

    fn smiles(&self, number: u32) -> Option<String> {
        match self {
            Self::Library(library) => Some(library.entry(number)?.smiles),
            Self::Structures(list) => list.get(number as usize).cloned(),
        }
    }

    /// True of a rival of the same constitution.
    fn same(&self, number: u32, block: &str) -> bool {
        match self {
            Self::Library(library) => {
                library.entry(number).is_some_and(|entry| entry.inchikey.starts_with(block))
            }
            Self::Structures(list) => list
                .get(number as usize)
                .and_then(|smiles| Molecule::from_smiles(smiles).ok())
                .is_some_and(|molecule| molecule.inchikey_block() == block),
        }
    }
}

impl<'a> Pool<'a> {
    pub(super) fn new(rivals: &'a Rivals<'a>, seed: u64) -> Result<Self, EvaluationError> {
        let mut order: Vec<u32> = (0..rivals.len()).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let mut place = vec![0; order.len()];
        for (at, &number) in (0..).zip(&order) {
            place[number as usize] = at;
        }
        let most = order.len() + 1;
        let mut sizes: Vec<usize> = PUBLISHED.iter().map(|p| p.0).filter(|&n| n <= most).collect();
        if sizes.is_empty() {
            let reason = format!("{} has {} molecules", rivals.name(), rivals.len());
            return Err(EvaluationError::Unsuited(reason));
        }
        // All of them, where that is well above the last power of ten.
        if sizes.last().is_some_and(|&last| most > 2 * last) {
            sizes.push(most);
        }
        Ok(Self { rivals, place, sizes })
    }

    /// Molecules of a pool, of those given.
    fn inside(&self, size: usize, mut numbers: Vec<u32>) -> Vec<u32> {
        numbers.retain(|&number| (self.place[number as usize] as usize) < size - 1);
        numbers
    }

    /// Molecules that the filter leaves, whatever the pool.
    fn passing(library: &Library, filter: Filter, formula: &Formula) -> Vec<u32> {
        match (filter, formula.monoisotopic_mass()) {
            (Filter::Nothing, _) => (0..library.len()).collect(),
            (Filter::Mass, Some(mass)) => {
                library.within_mass(mass - MASS_WINDOW, mass + MASS_WINDOW)
            }
            (Filter::Formula, _) | (Filter::Mass, None) => library.with_formula(formula),
        }
    }

    /// As the program searches: the fast estimate picks a shortlist, the likelihood ranks it. A
    /// molecule whose own estimate is not among the shortlisted is lost. With 1H alone all are ranked.
    pub(super) fn rank_by_shifts(
        &self,
        system: &ShiftSystem,
        library: &Library,
        evaluation_set: &EvaluationSet,
        multiplicity: bool,
        nuclei: Nuclei,
    ) -> Result<Ranks, EvaluationError> {
        let molecules: Vec<&Molecule> = evaluation_set.list.iter().map(|s| &s.molecule).collect();
        let profiles = system.profiles(&molecules)?;
        let everything: Vec<Vec<u32>> = self
            .sizes
            .iter()
            .map(|&size| self.inside(size, (0..library.len()).collect()))
            .collect();
        let mut ranks = vec![Vec::new(); FILTERS.len() * self.sizes.len()];
        for (tested, profile) in evaluation_set.list.iter().zip(&profiles) {
            let observed = system.observed(tested, multiplicity, nuclei)?;
            let own = (observed.estimate(profile), observed.score(profile));
            for (f, (filter, _)) in FILTERS.into_iter().enumerate() {
                let passing = match filter {
                    Filter::Nothing => Vec::new(),
                    _ => Self::passing(library, filter, &tested.molecule.formula),
                };
                for (s, &size) in self.sizes.iter().enumerate() {
                    let filtered;
                    let among = match filter {
                        Filter::Nothing => &everything[s],
                        _ => {
                            filtered = self.inside(size, passing.clone());
                            &filtered
                        }
                    };
                    let short = observed.shortlist(library, among)?;
                    let mut better = 0;
                    let mut estimated_higher = 0;
                    for &(estimate, number) in &short {
                        if self.rivals.same(number, &tested.block) {
                            continue;
                        }
                        estimated_higher += usize::from(estimate > own.0);
                        let rival = library.profile(number);
                        better += usize::from(rival.is_some_and(|p| observed.score(&p) >= own.1));
                    }
                    let lost = among.len() > short.len() && estimated_higher >= short.len();
                    ranks[f * self.sizes.len() + s].push(if lost {
                        usize::MAX
                    } else {
                        better + 1
                    });
                }
            }
        }
        Ok(ranks)
    }

    /// By dot products, the rivals embedded batch by batch and only counts kept.
    pub(super) fn rank_in_space(
        &self,
        system: &impl CommonSpace,
        evaluation_set: &EvaluationSet,
    ) -> Result<Ranks, EvaluationError> {
        let _no_gradients = tch::no_grad_guard();
        let spectra: Vec<&EvaluationMolecule> = evaluation_set.list.iter().collect();
        let molecules: Vec<&Molecule> = evaluation_set.list.iter().map(|s| &s.molecule).collect();
        let (queries, own) = (system.spectra(&spectra)?, system.molecules(&molecules)?);
        let own = values(&(&queries * own).f_sum_dim_intlist(1, false, tch::Kind::Float)?)?;
        let known: Vec<(String, Option<f64>)> = molecules
            .iter()
            .map(|m| (m.formula.to_string(), m.formula.monoisotopic_mass()))
            .collect();
        let mut ranks = vec![vec![1; spectra.len()]; FILTERS.len() * self.sizes.len()];
        let largest = self.sizes.last().copied().unwrap_or(0);
        let numbers = self.inside(largest, (0..self.rivals.len()).collect());
        for batch in numbers.chunks(BATCH) {
            let read: Vec<(u32, Molecule)> = batch
                .iter()
                .filter_map(|&number| {
                    Some((number, Molecule::graph_only(&self.rivals.smiles(number)?).ok()?))
                })
                .collect();
            let rivals: Vec<&Molecule> = read.iter().map(|(_, molecule)| molecule).collect();
            if rivals.is_empty() {
                continue;
            }
            let known_rivals: Vec<(String, Option<f64>)> = rivals
                .iter()
                .map(|m| (m.formula.to_string(), m.formula.monoisotopic_mass()))
                .collect();
            let scores = values(&queries.f_matmul(&system.molecules(&rivals)?.f_tr()?)?)?;
            for (query, row) in scores.chunks_exact(rivals.len()).enumerate() {
                for (at, _) in row.iter().enumerate().filter(|(_, score)| **score >= own[query]) {
                    let number = read[at].0;
                    let (mine, other) = (&known[query], &known_rivals[at]);
                    let block = &evaluation_set.list[query].block;
                    if mine.0 == other.0 && self.rivals.same(number, block) {
                        continue;
                    }
                    let place = self.place[number as usize] as usize;
                    let near = mine.1.zip(other.1).map(|(a, b)| (a - b).abs() <= MASS_WINDOW);
                    for (f, (filter, _)) in FILTERS.into_iter().enumerate() {
                        let passes = match filter {
                            Filter::Nothing => true,
                            Filter::Formula => mine.0 == other.0,
                            Filter::Mass => near.unwrap_or(mine.0 == other.0),
                        };
                        for (s, &size) in self.sizes.iter().enumerate() {
                            if passes && place < size - 1 {
                                ranks[f * self.sizes.len() + s][query] += 1;
                            }
                        }
                    }
                }
            }
        }
        Ok(ranks)
    }
}
