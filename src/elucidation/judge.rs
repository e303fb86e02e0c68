//! Judges a sample: gathers candidates, scores them, explains the best.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::lines::Lines;
use super::parameters::Parameters;
use super::prepared::{Prepared, Preparer, Proposed};
use super::prescore::Prescorer;
use super::score::{Fit, explain, score};
use super::verdict::{self, Standing};
use super::{Candidate, Elucidation, ElucidationError, Query, Verdict};
use crate::inference::Predictor;
use crate::library::{Library, Profile};
use crate::molecule::Formula;

/// Probability below which a candidate adds nothing to that of its constitution.
const NEGLIGIBLE: f64 = 0.005;
/// Probability of "none of these" from which it is told.
const WORTH_TELLING: f64 = 0.1;

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
    pub proposed: &'a [Proposed],
    /// Further structures.
    pub candidates: &'a [Proposed],
    /// Also look into the libraries.
    pub libraries: bool,
}

/// Judges samples against candidate structures.
pub struct Elucidator {
    predictor: Predictor,
    preparer: Preparer,
    libraries: Vec<Arc<Library>>,
    parameters: Parameters,
}

/// Where a candidate comes from.
#[derive(Debug, Clone, PartialEq)]
enum Origin {
    Given(Arc<Prepared>, Option<String>),
    Library(usize, u32),
}

struct Contender {
    origin: Origin,
    source: String,
    proposed: bool,
    formula_differs: bool,
    score: f64,
    probability: f64,
    /// Settles ties, so that the order of candidates does not.
    text: String,
}

impl Elucidator {
    /// An elucidator that looks into these libraries.
    #[must_use]
    pub fn new(predictor: Predictor, libraries: Vec<Arc<Library>>) -> Self {
        let preparer = Preparer::new(Arc::clone(&predictor), 2);
        Self { predictor, preparer, libraries, parameters: Parameters::default() }
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

    /// Libraries looked into.
    #[must_use]
    pub fn libraries(&self) -> &[Arc<Library>] {
        &self.libraries
    }

    /// Reads and predicts structures ahead of the queries that name them, in large batches.
    ///
    /// # Errors
    /// [`ElucidationError::Inference`] when predictions fail.
    pub fn prepare(&self, structures: &[Proposed]) -> Result<(), ElucidationError> {
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
        proposed: &[Proposed],
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
        Ok(self.settle(query, pool, &lines, contenders, considered, unread, options))
    }

    fn keys(&self, contenders: &[Contender]) -> HashSet<String> {
        contenders.iter().map(|c| self.key(&c.origin)).filter(|key| !key.is_empty()).collect()
    }

    fn given(
        &self,
        query: &Query,
        lines: &Lines,
        structures: &[Proposed],
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
                    contenders.push(Contender {
                        score: self.score(&prepared.profile, lines, differs),
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
        let prescorer = Prescorer::new(&lines.carbon, &self.parameters.carbon);
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
                gathered.contenders.push(Contender {
                    score: self.score(&profile, lines, false),
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

    fn score(&self, profile: &Profile, lines: &Lines, formula_differs: bool) -> f64 {
        let price = if formula_differs { self.parameters.wrong_formula } else { 0.0 };
        score(profile, lines, &self.parameters) - price
    }

    /// Ranks, explains and reports.
    #[allow(clippy::too_many_arguments)]
    fn settle(
        &self,
        query: &Query,
        pool: &Pool<'_>,
        lines: &Lines,
        mut contenders: Vec<Contender>,
        considered: u64,
        unread: Vec<String>,
        options: &JudgeOptions,
    ) -> Elucidation {
        contenders.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.text.cmp(&b.text)));
        let dropped = self.drop_repeated(&mut contenders, options.top);
        let none = self.parameters.none_score(lines.carbon.len(), lines.proton.len());
        let none = share_probability(&mut contenders, none, self.parameters.temperature);
        let target = contenders.iter().position(|c| c.proposed).or(if contenders.is_empty() {
            None
        } else {
            Some(0)
        });
        let mut candidates = Vec::new();
        let mut judged = None;
        for (at, contender) in contenders.iter().enumerate() {
            if at >= options.top && !contender.proposed {
                continue;
            }
            let (candidate, fit) = self.report(at, contender, lines);
            if target == Some(at) {
                judged = Some((fit, self.standing(&contenders, at, none)));
            }
            candidates.push(candidate);
        }
        let (verdict, mut reasons) = match judged {
            Some((fit, standing)) => verdict::judge(&fit, standing),
            None => (Verdict::Inconclusive, vec![self.nothing_found(query, pool, options)]),
        };
        if none >= WORTH_TELLING && !contenders.is_empty() {
            reasons.push(format!("probability {none:.2} that it is none of the candidates"));
        }
        reasons.extend(unread);
        let considered = considered - dropped;
        Elucidation { candidates, considered, none_of_these: Some(none), verdict, reasons }
    }

    /// Drops candidates that are the same compound written differently: they score alike, so
    /// they lie side by side. Returns how many went.
    fn drop_repeated(&self, contenders: &mut Vec<Contender>, top: usize) -> u64 {
        let before = contenders.len();
        let mut keys = HashSet::new();
        let mut at = 0;
        while at < contenders.len().min(top) {
            let key = self.key(&contenders[at].origin);
            if key.is_empty() || keys.insert(key) {
                at += 1;
            } else {
                contenders.remove(at);
            }
        }
        (before - contenders.len()) as u64
    }

    fn key(&self, origin: &Origin) -> String {
        match origin {
            Origin::Given(prepared, _) => prepared.inchikey().to_owned(),
            Origin::Library(library, number) => {
                self.libraries[*library].entry(*number).map(|e| e.inchikey).unwrap_or_default()
            }
        }
    }

    /// How a contender stands among those of other constitution.
    fn standing(&self, contenders: &[Contender], at: usize, none: f64) -> Standing {
        let own = &contenders[at];
        let constitution = self.constitution(&own.origin);
        let akin = |other: &Contender| {
            constitution.is_some() && self.constitution(&other.origin) == constitution
        };
        let others = || contenders.iter().enumerate().filter(|(other, _)| *other != at);
        let rival = others().find(|(_, other)| !akin(other));
        // Keys are costly, and the improbable add nothing.
        let among = 1.0 - none.min(1.0 - f64::EPSILON);
        let shared: Vec<f64> = others()
            .take_while(|(_, other)| other.probability >= NEGLIGIBLE * among)
            .filter(|(_, other)| akin(other))
            .map(|(_, other)| other.probability)
            .collect();
        Standing {
            proposed: own.proposed,
            rank: u32::try_from(at + 1).unwrap_or(u32::MAX),
            probability: ((own.probability + shared.iter().sum::<f64>()) / among).min(1.0),
            pooled: !shared.is_empty(),
            behind: rival.map(|(_, other)| other.score - own.score),
            formula_differs: own.formula_differs,
        }
    }

    /// First block of the InChIKey: the same for stereoisomers and isotopologues.
    fn constitution(&self, origin: &Origin) -> Option<String> {
        self.key(origin).split('-').next().filter(|block| !block.is_empty()).map(str::to_owned)
    }

    fn report(&self, at: usize, contender: &Contender, lines: &Lines) -> (Candidate, Fit) {
        let mut smiles_places = None;
        let (smiles, formula, name, profile) = match &contender.origin {
            Origin::Given(prepared, name) => {
                smiles_places.clone_from(&prepared.smiles_places);
                (
                    prepared.smiles.clone(),
                    prepared.formula.clone(),
                    name.clone(),
                    prepared.profile.clone(),
                )
            }
            Origin::Library(library, number) => {
                let library = &self.libraries[*library];
                let profile = library.profile(*number).unwrap_or_default();
                match library.entry(*number) {
                    Some(entry) => (entry.smiles, entry.formula, entry.name, profile),
                    None => (contender.text.clone(), String::new(), None, profile),
                }
            }
        };
        let (fit, assignments) = explain(&profile, lines, &self.parameters);
        let candidate = Candidate {
            rank: u32::try_from(at + 1).unwrap_or(u32::MAX),
            smiles,
            inchikey: self.key(&contender.origin),
            formula,
            smiles_places,
            name,
            source: contender.source.clone(),
            score: contender.score,
            probability: contender.probability,
            assignments,
        };
        (candidate, fit)
    }

    /// Says what was searched and what was given, of which nothing is left.
    fn nothing_found(&self, query: &Query, pool: &Pool<'_>, options: &JudgeOptions) -> String {
        let given = match pool.proposed.len() + pool.candidates.len() {
            0 => None,
            1 => Some("the structure given cannot be read".to_owned()),
            more => Some(format!("none of the {more} structures given can be read")),
        };
        let searched = (pool.libraries && !self.libraries.is_empty()).then(|| {
            match (&query.formula, options.mass_window_da) {
                (Some(formula), Some(window)) if formula.monoisotopic_mass().is_some() => {
                    format!("no library holds a molecule within {window} Da of {formula}")
                }
                (Some(formula), _) => format!("no library holds a molecule of formula {formula}"),
                (None, _) => "the libraries hold no molecule".to_owned(),
            }
        });
        match (given, searched) {
            (None, None) => "no candidates were given".to_owned(),
            (given, searched) => given.into_iter().chain(searched).collect::<Vec<_>>().join("; "),
        }
    }
}

#[derive(Default)]
struct Gathered {
    contenders: Vec<Contender>,
    considered: u64,
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

/// Softmax over all that were scored and "none of these", whose share is returned.
fn share_probability(contenders: &mut [Contender], none: f64, temperature: f64) -> f64 {
    let best = contenders.first().map_or(none, |c| c.score.max(none));
    let weight = |score: f64| ((score - best) / temperature).exp();
    let total: f64 = contenders.iter().map(|c| weight(c.score)).sum::<f64>() + weight(none);
    contenders.iter_mut().for_each(|c| c.probability = weight(c.score) / total);
    weight(none) / total
}
