//! From scored candidates to a ranking, a verdict and its reasons.

use std::collections::HashSet;

use super::contender::{Contender, Origin, rank, share_probability};
use super::judge::{Elucidator, Gathered, JudgeOptions, Pool};
use super::lines::Lines;
use super::score::{Fit, explain};
use super::verdict::{self, Standing};
use super::{Candidate, Elucidation, ElucidationError, Query, Verdict};
use larmor_chemistry::Molecule;

/// Probability below which a candidate adds nothing to that of its constitution.
const NEGLIGIBLE: f64 = 0.005;
/// Probability of "none of these" from which it is told.
const WORTH_TELLING: f64 = 0.1;
/// Candidates, by shifts the first, that networks hold against whole spectra.
const COMPARED: usize = 50;

impl Elucidator {
    /// Ranks, explains and reports.
    pub(super) fn settle(
        &self,
        query: &Query,
        pool: &Pool<'_>,
        lines: &Lines,
        gathered: Gathered,
        options: &JudgeOptions,
    ) -> Result<Elucidation, ElucidationError> {
        let Gathered { mut contenders, considered, unread } = gathered;
        rank(&mut contenders);
        // Keys are costly: further down they are looked at only where networks look, too.
        let looked_at = if self.comparers.is_empty() { 0 } else { COMPARED };
        let dropped = self.drop_repeated(&mut contenders, options.top.max(looked_at));
        if self.hold_against_spectra(query, &mut contenders)? {
            rank(&mut contenders);
        }
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
        Ok(Elucidation { candidates, considered, none_of_these: Some(none), verdict, reasons })
    }

    /// Lets the networks that read whole spectra weigh in on the candidates that come first. The
    /// best of them by a network keeps its score and the others lose by how much they are behind;
    /// candidates further down lose as much as the last of these. False where nothing changed.
    fn hold_against_spectra(
        &self,
        query: &Query,
        contenders: &mut [Contender],
    ) -> Result<bool, ElucidationError> {
        let mut weighed = false;
        let compared = contenders.len().min(COMPARED);
        if compared < 2 || self.comparers.is_empty() {
            return Ok(false);
        }
        // What cannot be read again is left where the shifts put it.
        let graphs: Option<Vec<_>> = contenders[..compared]
            .iter()
            .map(|c| Molecule::graph_only(&c.text).ok().map(|molecule| molecule.graph))
            .collect();
        let Some(graphs) = graphs else { return Ok(false) };
        for comparer in &self.comparers {
            let part = comparer.part();
            let weight = self.parameters.similarity.weight(part);
            if weight <= 0.0 {
                continue;
            }
            let Some(found) = comparer.compare(query, &graphs)? else { continue };
            if found.len() != compared || found.iter().any(|value| !value.is_finite()) {
                continue;
            }
            let best = found.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let last = found.iter().copied().fold(f64::INFINITY, f64::min);
            for (at, contender) in contenders.iter_mut().enumerate() {
                if let Some(value) = found.get(at) {
                    contender.parts.insert(part, *value);
                }
                contender.score -= weight * (best - found.get(at).copied().unwrap_or(last));
            }
            weighed = true;
        }
        Ok(weighed)
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

    pub(super) fn key(&self, origin: &Origin) -> String {
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
            parts: contender.parts.iter().map(|(part, v)| (part.name().to_owned(), *v)).collect(),
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
