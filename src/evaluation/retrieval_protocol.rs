//! Where among N molecules does the right one come? The pool is each spectrum's own molecule and N-1
//! others of a library or a list, drawn at random, larger pools holding the smaller ones.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::common_space::CommonSpace;
use super::shift_system::{Nuclei, ShiftSystem};
use super::{Estimate, EvaluationError, Report, Specimen, Specimens, System, Table};
use crate::library::{Library, PackedSite, Profile};
use crate::molecule::{Formula, Molecule};

/// Half-width of the mass filter, Da.
const MASS_WINDOW: f64 = 5.0;
/// Ranks that are counted, and those of ACML's paper.
const TOP: [usize; 4] = [1, 5, 10, 25];
const TOP_ACML: [usize; 3] = [1, 10, 100];
/// Pool sizes of the paper, with its top-1 and top-25 in percent.
const PUBLISHED: [(usize, &str, &str); 5] = [
    (100, "95.8", "100"),
    (1_000, "80.4", "99.6"),
    (10_000, "46.3", "94.8"),
    (100_000, "18.0", "71.6"),
    (1_000_000, "5.8", "37.8"),
];
/// Library molecules embedded at a time.
const BATCH: usize = 1_024;

/// What is known of the molecule beside its spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Filter {
    Nothing,
    Formula,
    Mass,
}

const FILTERS: [(Filter, &str); 3] =
    [(Filter::Nothing, "none"), (Filter::Formula, "formula"), (Filter::Mass, "mass within 5 Da")];

/// Where rivals come from.
pub enum Rivals<'a> {
    /// A library, made with the shift network.
    Library(&'a Library),
    /// Structures as SMILES, each constitution once; enough for systems with a common space.
    Structures(&'a [String]),
}

/// Rivals in random order: the first N-1 are the pool of size N.
struct Pool<'a> {
    rivals: &'a Rivals<'a>,
    /// Place of each molecule in that order.
    place: Vec<u32>,
    /// Sizes N, the molecule itself counted.
    sizes: Vec<usize>,
}

/// Ranks of the right molecule: a list of queries for each filter and size, filter by filter.
type Ranks = Vec<Vec<usize>>;

/// Ranks of each spectrum's own molecule among pools of 10^2 and more rivals. With
/// [`Nuclei::Both`] also what 1H brings beside 13C alone, on the same molecules.
///
/// # Errors
/// [`EvaluationError`] when the network fails or there are too few rivals.
#[allow(clippy::cast_precision_loss)]
pub fn retrieval(
    system: &System,
    specimens: &Specimens,
    rivals: &Rivals<'_>,
    seed: u64,
    nuclei: Nuclei,
) -> Result<Report, EvaluationError> {
    let pool = Pool::new(rivals, seed)?;
    let acml = matches!(system, System::Acml(_));
    let top: &[usize] = if acml { &TOP_ACML } else { &TOP };
    let mut columns: Vec<String> =
        ["N", "filter", "multiplicities", "spectra"].map(str::to_owned).into();
    columns.extend(top.iter().enumerate().map(|(at, top)| {
        if at == 0 { format!("top-{top}, % [95 %]") } else { format!("top-{top}") }
    }));
    if acml {
        columns.push("at random".to_owned());
    } else {
        columns.extend(["published top-1", "published top-25"].map(str::to_owned));
    }
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new(&columns);
    let mut runs: Vec<(&str, Nuclei, Ranks)> = Vec::new();
    for (said, view) in views(system, nuclei)? {
        let ranks = match system {
            System::Shift(shift) => {
                let Rivals::Library(library) = rivals else {
                    let reason = "the shift network ranks the molecules of a library".to_owned();
                    return Err(EvaluationError::Unsuited(reason));
                };
                pool.rank_by_shifts(shift, library, specimens, said == "with", view)?
            }
            System::Kmaid(kmaid) => pool.rank_in_space(&**kmaid, specimens)?,
            System::Acml(acml) => pool.rank_in_space(&**acml, specimens)?,
        };
        runs.push((said, view, ranks));
    }
    let without = |specimen: &Specimen| specimen.peaks.iter().all(|p| p.multiplicity.is_none());
    let none_known = specimens.list.iter().all(without);
    if none_known {
        runs.retain(|(said, _, _)| *said == "without");
    }
    for (multiplicities, view, ranks) in &runs {
        for (of, ranks) in ranks.iter().enumerate() {
            let size = pool.sizes[of % pool.sizes.len()];
            let (filter, name) = FILTERS[of / pool.sizes.len()];
            let hits = |top: usize| {
                let values: Vec<f64> = ranks.iter().map(|&r| f64::from(r <= top)).collect();
                Estimate::of(&values)
            };
            let mut row = vec![size.to_string(), name.to_owned(), (*multiplicities).to_owned()];
            row.push(view.name().to_owned());
            for (at, &top) in top.iter().enumerate() {
                let Some(found) = hits(top) else { continue };
                row.push(if at == 0 {
                    found.percent()
                } else {
                    format!("{:.1}", 100.0 * found.mean)
                });
            }
            if acml {
                let random =
                    |&top: &usize| format!("{}", 100.0 * top.min(size) as f64 / size as f64);
                let cells: Vec<String> = top.iter().map(random).collect();
                let any = filter == Filter::Nothing;
                row.push(if any { cells.join(" / ") } else { "-".to_owned() });
                table.push(row);
                continue;
            }
            let published = PUBLISHED.iter().find(|p| p.0 == size && filter == Filter::Nothing);
            row.push(published.map_or("-", |p| p.1).to_owned());
            row.push(published.map_or("-", |p| p.2).to_owned());
            table.push(row);
        }
    }
    let mut notes = vec![
        specimens.note(),
        format!(
            "pool: {} of {} molecules; a molecule of the same constitution is no rival; ties count \
             against",
            rivals.name(),
            rivals.len()
        ),
    ];
    notes.extend(system.note());
    Ok(Report {
        protocol: format!("retrieval, {}", system.name()),
        notes,
        tables: std::iter::once(table).chain(gain(&runs, &pool.sizes)).collect(),
    })
}

/// What is ranked by: whether multiplicities are known, and which spectra.
fn views(system: &System, nuclei: Nuclei) -> Result<Vec<(&'static str, Nuclei)>, EvaluationError> {
    let unsuited = |reason: &str| Err(EvaluationError::Unsuited(reason.to_owned()));
    Ok(match (system, nuclei) {
        (System::Kmaid(_), Nuclei::Carbon) => vec![("without", Nuclei::Carbon)],
        (System::Kmaid(_), _) => return unsuited("K-M3AID reads 13C spectra alone"),
        (System::Acml(acml), nuclei) if acml.spectra() == nuclei => vec![("without", nuclei)],
        (System::Acml(acml), _) => {
            return unsuited(&format!(
                "this network reads {} spectra alone",
                acml.spectra().name()
            ));
        }
        (System::Shift(_), Nuclei::Carbon) => {
            vec![("with", Nuclei::Carbon), ("without", Nuclei::Carbon)]
        }
        (System::Shift(_), Nuclei::Proton) => vec![("without", Nuclei::Proton)],
        (System::Shift(_), Nuclei::Both) => vec![
            ("with", Nuclei::Carbon),
            ("with", Nuclei::Both),
            ("without", Nuclei::Carbon),
            ("without", Nuclei::Both),
        ],
    })
}

/// What 1H brings beside 13C alone: differences of hits on the same molecules, and their mean's
/// bootstrap interval. `None` unless both were measured.
fn gain(runs: &[(&str, Nuclei, Ranks)], sizes: &[usize]) -> Option<Table> {
    let mut table = Table::new(&[
        "13C + 1H beside 13C alone",
        "filter",
        "multiplicities",
        "top-1, points [95 %]",
        "top-5",
        "top-10",
        "top-25",
    ]);
    for (said, _, both) in runs.iter().filter(|run| run.1 == Nuclei::Both) {
        let (_, _, alone) = runs.iter().find(|run| run.0 == *said && run.1 == Nuclei::Carbon)?;
        for (of, (both, alone)) in both.iter().zip(alone).enumerate() {
            let mut row = vec![
                sizes[of % sizes.len()].to_string(),
                FILTERS[of / sizes.len()].1.to_owned(),
                (*said).to_owned(),
            ];
            for top in TOP {
                let hit = |rank: usize| f64::from(rank <= top);
                let differences: Vec<f64> =
                    both.iter().zip(alone).map(|(b, a)| hit(*b) - hit(*a)).collect();
                let found = Estimate::of(&differences)?;
                let points = [found.mean, found.low, found.high].map(|share| 100.0 * share);
                row.push(format!("{:+.1} [{:+.1} {:+.1}]", points[0], points[1], points[2]));
            }
            table.push(row);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

impl Rivals<'_> {
    fn len(&self) -> u32 {
        match self {
            Self::Library(library) => library.len(),
            Self::Structures(list) => u32::try_from(list.len()).unwrap_or(u32::MAX),
        }
    }

    fn name(&self) -> String {
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
    fn new(rivals: &'a Rivals<'a>, seed: u64) -> Result<Self, EvaluationError> {
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
    fn rank_by_shifts(
        &self,
        system: &ShiftSystem,
        library: &Library,
        specimens: &Specimens,
        multiplicity: bool,
        nuclei: Nuclei,
    ) -> Result<Ranks, EvaluationError> {
        let molecules: Vec<&Molecule> = specimens.list.iter().map(|s| &s.molecule).collect();
        let profiles = system.profiles(&molecules)?;
        let everything: Vec<Vec<u32>> = self
            .sizes
            .iter()
            .map(|&size| self.inside(size, (0..library.len()).collect()))
            .collect();
        let mut ranks = vec![Vec::new(); FILTERS.len() * self.sizes.len()];
        for (specimen, profile) in specimens.list.iter().zip(&profiles) {
            let observed = system.observed(specimen, multiplicity, nuclei)?;
            let own = (observed.estimate(packed(profile)), observed.score(profile));
            for (f, (filter, _)) in FILTERS.into_iter().enumerate() {
                let passing = match filter {
                    Filter::Nothing => Vec::new(),
                    _ => Self::passing(library, filter, &specimen.molecule.formula),
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
                        if self.rivals.same(number, &specimen.block) {
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
    fn rank_in_space(
        &self,
        system: &impl CommonSpace,
        specimens: &Specimens,
    ) -> Result<Ranks, EvaluationError> {
        let _no_gradients = tch::no_grad_guard();
        let spectra: Vec<&Specimen> = specimens.list.iter().collect();
        let molecules: Vec<&Molecule> = specimens.list.iter().map(|s| &s.molecule).collect();
        let (queries, own) = (system.spectra(&spectra)?, system.molecules(&molecules)?);
        let own = super::system::values(&(&queries * own).f_sum_dim_intlist(
            1,
            false,
            tch::Kind::Float,
        )?)?;
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
            let scores =
                super::system::values(&queries.f_matmul(&system.molecules(&rivals)?.f_tr()?)?)?;
            for (query, row) in scores.chunks_exact(rivals.len()).enumerate() {
                for (at, _) in row.iter().enumerate().filter(|(_, score)| **score >= own[query]) {
                    let number = read[at].0;
                    let (mine, other) = (&known[query], &known_rivals[at]);
                    let block = &specimens.list[query].block;
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

/// A profile's carbons as a library's files hold them.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn packed(profile: &Profile) -> impl Iterator<Item = PackedSite> + '_ {
    profile.sites.iter().filter_map(|site| {
        let shift = site.carbon?;
        Some(PackedSite {
            centi_ppm: (shift.ppm * 100.0).round() as i16,
            centi_spread: ((shift.spread * 100.0).round() as u16).max(1),
            hydrogens: site.hydrogens,
        })
    })
}
