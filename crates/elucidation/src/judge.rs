//! Judges a sample: gathers candidates and scores them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::contender::{Contender, Origin};
use super::lines::Lines;
use super::parameters::Parameters;
use super::prepared::Preparer;
use super::prescore::Prescorer;
use super::score::parts;
use super::{CompareSpectra, Elucidation, ElucidationError, Query, ScorePart};
use crate::library::{Library, Profile};
use larmor_chemistry::Formula;
use larmor_networks::inference::{Predictor, SHIFT_FOLDER};
use larmor_nmr::structure::ProposedStructure;

/// What to report, and how far to look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JudgeOptions {
    /// Candidates reported; proposed ones are, whatever their rank.
    pub top: usize,
    /// With a formula: take library entries within so many Da of its mass, not only isomers.
    pub mass_window_da: Option<f64>,
    /// Threads that scan libraries.
    pub threads: usize,
}

impl Default for JudgeOptions {
    fn default() -> Self {
        Self { top: 10, mass_window_da: None, threads: 2 }
    }
}

/// What a sample is judged against.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pool<'a> {
    /// Structures somebody holds to be the sample; the verdict is on the best of them.
    pub proposed: &'a [ProposedStructure],
    /// Further structures.
    pub candidates: &'a [ProposedStructure],
    /// Also look into the libraries.
    pub libraries: bool,
}

/// Judges samples against candidate structures.
pub struct Elucidator {
    predictor: Predictor,
    preparer: Preparer,
    pub(super) libraries: Vec<Arc<Library>>,
    pub(super) parameters: Parameters,
    pub(super) comparers: Vec<Arc<dyn CompareSpectra>>,
}

impl Elucidator {
    /// An elucidator that looks into these libraries.
    #[must_use]
    pub fn new(predictor: Predictor, libraries: Vec<Arc<Library>>) -> Self {
        let preparer = Preparer::new(Arc::clone(&predictor), 2);
        let (parameters, comparers) = (Parameters::default(), Vec::new());
        Self { predictor, preparer, libraries, parameters, comparers }
    }

    /// The same with networks that hold whole spectra against candidates.
    #[must_use]
    pub fn comparing(mut self, comparers: Vec<Arc<dyn CompareSpectra>>) -> Self {
        self.comparers = comparers;
        self
    }

    /// The same with other prices.
    #[must_use]
    pub fn with_parameters(mut self, parameters: Parameters) -> Self {
        self.parameters = parameters;
        self
    }

    /// Prices in use.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Digest of the model in use.
    #[must_use]
    pub fn model_digest(&self) -> &str {
        self.predictor.model_digest()
    }

    /// Digest of every network that took part in a judgement, by name.
    #[must_use]
    pub fn models_of(&self, judged: &Elucidation) -> BTreeMap<String, String> {
        let shifts = (SHIFT_FOLDER.to_owned(), self.model_digest().to_owned());
        let took_part = |part: ScorePart| {
            judged.candidates.iter().any(|candidate| candidate.parts.contains_key(part.name()))
        };
        let others = self
            .comparers
            .iter()
            .filter(|comparer| took_part(comparer.part()))
            .map(|comparer| (comparer.part().model().into(), comparer.model_digest().into()));
        std::iter::once(shifts).chain(others).collect()
    }

    /// Libraries looked into.
    #[must_use]
    pub fn libraries(&self) -> &[Arc<Library>] {
        &self.libraries
    }

    /// Reads and predicts structures ahead of the queries that name them, in large batches.
    ///
    /// # Errors
    /// [`ElucidationError::Inference`] when predictions fail.
    pub fn prepare(&self, structures: &[ProposedStructure]) -> Result<(), ElucidationError> {
        self.preparer.prepare(&structures.iter().collect::<Vec<_>>()).map(drop)
    }

    /// Judges a sample: proposed structures together with what the libraries hold. Blocks.
    ///
    /// # Errors
    /// [`ElucidationError`] when the peaks cannot be judged or predictions fail. A proposed
    /// structure that cannot be read is no error: the reasons name it.
    pub fn judge(
        &self,
        query: &Query,
        proposed: &[ProposedStructure],
        options: &JudgeOptions,
    ) -> Result<Elucidation, ElucidationError> {
        self.judge_among(query, &Pool { proposed, candidates: &[], libraries: true }, options)
    }

    /// Judges a sample among the candidates of a pool. Blocks.
    ///
    /// # Errors
    /// As [`Elucidator::judge`].
    pub fn judge_among(
        &self,
        query: &Query,
        pool: &Pool<'_>,
        options: &JudgeOptions,
    ) -> Result<Elucidation, ElucidationError> {
        let lines = Lines::of(query)?;
        let (mut contenders, mut unread) =
            self.given(query, &lines, pool.proposed, "proposed", true)?;
        let (given, more) = self.given(query, &lines, pool.candidates, "candidates", false)?;
        unread.extend(more);
        if !(contenders.is_empty() || given.is_empty()) {
            let known = self.keys(&contenders);
            contenders.extend(given.into_iter().filter(|c| !known.contains(&self.key(&c.origin))));
        } else {
            contenders.extend(given);
        }
        let mut considered = contenders.len() as u64;
        if pool.libraries && !self.libraries.is_empty() {
            let known = self.keys(&contenders);
            let gathered = self.search_libraries(query, &lines, known, options)?;
            considered += gathered.considered;
            contenders.extend(gathered.contenders);
        }
        let gathered = Gathered { contenders, considered, unread };
        self.settle(query, pool, &lines, gathered, options)
    }

    fn keys(&self, contenders: &[Contender]) -> HashSet<String> {
        contenders.iter().map(|c| self.key(&c.origin)).filter(|key| !key.is_empty()).collect()
    }

    fn given(
        &self,
        query: &Query,
        lines: &Lines,
        structures: &[ProposedStructure],
        source: &str,
        proposed: bool,
    ) -> Result<(Vec<Contender>, Vec<String>), ElucidationError> {
        let outcomes = self.preparer.prepare(&structures.iter().collect::<Vec<_>>())?;
        let (mut contenders, mut unread) = (Vec::new(), Vec::new());
        let mut texts = HashSet::new();
        for (structure, outcome) in structures.iter().zip(outcomes) {
            if !texts.insert((structure.format, structure.text.as_str())) {
                continue;
            }
            match outcome {
                Ok(prepared) => {
                    let differs = differs(query.formula.as_ref(), &prepared.formula);
                    let (score, parts) = self.score(&prepared.profile, lines, differs);
                    contenders.push(Contender {
                        score,
                        parts,
                        source: source.to_owned(),
                        proposed,
                        formula_differs: differs,
                        probability: 0.0,
                        text: prepared.smiles.clone(),
                        origin: Origin::Given(prepared, structure.name.clone()),
                    });
                }
                Err(reason) => {
                    let text: String =
                        structure.text.lines().next().unwrap_or("").chars().take(60).collect();
                    let what = if proposed { "proposed structure" } else { "candidate" };
                    unread.push(format!("{what} '{text}' was left out: {reason}"));
                }
            }
        }
        Ok((contenders, unread))
    }

    fn search_libraries(
        &self,
        query: &Query,
        lines: &Lines,
        mut keys: HashSet<String>,
        options: &JudgeOptions,
    ) -> Result<Gathered, ElucidationError> {
        let mut gathered = Gathered::default();
        let prescorer = Prescorer::of(lines, &self.parameters);
        let keep = self.parameters.shortlist.max(options.top);
        for (at, library) in self.libraries.iter().enumerate() {
            let among = among(library, query.formula.as_ref(), options.mass_window_da);
            gathered.considered += among.len() as u64;
            let short: Vec<u32> = if among.len() <= keep {
                among
            } else {
                let best = prescorer.shortlist(library, &among, keep, options.threads)?;
                best.into_iter().map(|(_, number)| number).collect()
            };
            for number in short {
                let Some((entry, profile)) = library.entry(number).zip(library.profile(number))
                else {
                    continue;
                };
                if !entry.inchikey.is_empty() && !keys.insert(entry.inchikey) {
                    gathered.considered -= 1;
                    continue;
                }
                let (score, parts) = self.score(&profile, lines, false);
                gathered.contenders.push(Contender {
                    score,
                    parts,
                    origin: Origin::Library(at, number),
                    source: format!("library:{}", library.name()),
                    proposed: false,
                    formula_differs: false,
                    probability: 0.0,
                    text: entry.smiles,
                });
            }
        }
        Ok(gathered)
    }

    /// The score by shifts, and its parts.
    fn score(
        &self,
        profile: &Profile,
        lines: &Lines,
        formula_differs: bool,
    ) -> (f64, BTreeMap<ScorePart, f64>) {
        let price = if formula_differs { self.parameters.wrong_formula } else { 0.0 };
        let parts: BTreeMap<ScorePart, f64> =
            parts(profile, lines, &self.parameters).into_iter().collect();
        (parts.values().sum::<f64>() - price, parts)
    }
}

/// Scored candidates on their way to a ranking.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) contenders: Vec<Contender>,
    /// How many were scored, by an estimate or fully.
    pub(super) considered: u64,
    /// Structures that were left out, in words.
    pub(super) unread: Vec<String>,
}

fn differs(wanted: Option<&Formula>, formula: &str) -> bool {
    wanted.is_some_and(|wanted| wanted.to_string() != formula)
}

/// Library entries that the formula leaves.
fn among(library: &Library, formula: Option<&Formula>, window: Option<f64>) -> Vec<u32> {
    match (formula, window) {
        (None, _) => (0..library.len()).collect(),
        (Some(formula), None) => library.with_formula(formula),
        (Some(formula), Some(window)) => match formula.monoisotopic_mass() {
            Some(mass) => library.within_mass(mass - window, mass + window),
            None => library.with_formula(formula),
        },
    }
}
