//! What is concluded from the spectra of a sample: ranked candidates, assignments, a verdict.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fid::Nucleus;
use crate::name::names;

/// A peak given to an atom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeakAssignment {
    /// 0-based atom index in the SMILES or mol block as it was given.
    pub atom: u32,
    /// Observed nucleus: 13C or 1H.
    pub nucleus: Nucleus,
    /// Observed shift, ppm.
    pub ppm: f64,
    /// Shift the network expects for the atom, ppm.
    pub predicted_ppm: f64,
    /// Posterior probability that the peak is this atom's.
    pub probability: f64,
}

/// One ranked candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// 1 is best.
    pub rank: u32,
    /// SMILES as given, whose atoms assignments count; the canonical one of a mol block.
    pub smiles: String,
    /// Full InChIKey.
    pub inchikey: String,
    /// Molecular formula in Hill order.
    pub formula: String,
    /// Where a mol block was given: the place in `smiles` of each of its atoms, `None` for those
    /// that are not written there. Assignments count the atoms of the block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smiles_places: Option<Vec<Option<u32>>>,
    /// Name or identifier, where the source gives one.
    pub name: Option<String>,
    /// Where it came from: `library:NAME` or `proposed`.
    pub source: String,
    /// Log-likelihood of the peaks given the structure, less what networks that read whole spectra
    /// hold against it (higher is better).
    pub score: f64,
    /// What the score is made of, by name: log-likelihoods of the shifts of each nucleus, and what
    /// networks say that hold whole spectra against molecules, before they are weighted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, f64>,
    /// Probability, next to the other candidates considered and to none of them.
    pub probability: f64,
    /// Whether the verdict is on it.
    #[serde(default)]
    pub judged: bool,
    /// Which peak is which atom.
    pub assignments: Vec<PeakAssignment>,
}

impl Candidate {
    /// The source of a structure that somebody proposed.
    pub const PROPOSED: &str = "proposed";

    /// Whether somebody proposed it, rather than a library having it.
    #[must_use]
    pub fn is_proposed(&self) -> bool {
        self.source == Self::PROPOSED
    }

    /// Its assignments, counting the atoms of `smiles` however the structure was given.
    #[must_use]
    pub fn assignments_by_smiles(&self) -> Vec<PeakAssignment> {
        let Some(places) = &self.smiles_places else { return self.assignments.clone() };
        let place = |atom: u32| places.get(usize::try_from(atom).ok()?).copied().flatten();
        let written = self
            .assignments
            .iter()
            .filter_map(|one| Some(PeakAssignment { atom: place(one.atom)?, ..one.clone() }));
        written.collect()
    }
}

/// What a judgement comes to: of a proposed structure the first three, of a search the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The proposed structure fits the spectra.
    Consistent,
    /// It does not fit.
    Inconsistent,
    /// The spectra do not decide: whether the proposed structure is right, or which of the
    /// candidates of a search.
    Inconclusive,
    /// Of a search: the first candidate fits, and better than the others.
    BestMatch,
    /// Of a search: no candidate fits.
    NoneFits,
}

names!(Verdict, "verdict", {
    Consistent => "consistent",
    Inconsistent => "inconsistent",
    Inconclusive => "inconclusive",
    BestMatch => "best_match",
    NoneFits => "none_fits",
});

/// A substance in the tube, beside solvent and reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Name of a common impurity, or the SMILES of a candidate.
    pub name: String,
    /// Whether it is the structure that the verdict is on.
    pub judged: bool,
    /// Share of all components, mol-%, by the integrals of 1H; `None` where they do not tell.
    pub mol_percent: Option<f64>,
    /// Standard error of the share, mol-%.
    pub mol_percent_error: Option<f64>,
    /// Shifts of its 13C lines among those of the query, ppm. Of the judged structure assignments
    /// tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carbon_ppm: Vec<f64>,
    /// The same of 1H.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proton_ppm: Vec<f64>,
}

/// A line or multiplet that no component explains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnexplainedSignal {
    /// Observed nucleus: 13C or 1H.
    pub nucleus: Nucleus,
    /// Chemical shift, ppm.
    pub ppm: f64,
    /// Hydrogens by its integral, on the scale of the judged structure; `None` of 13C.
    pub hydrogens: Option<f64>,
}

/// One judgement of a sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Elucidation {
    /// Best first.
    pub candidates: Vec<Candidate>,
    /// How many candidates were scored.
    pub considered: u64,
    /// Probability that it is none of them; judgements read back from a database lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub none_of_these: Option<f64>,
    /// Overall judgement of the proposed structure, or of the best candidate when none was
    /// proposed.
    pub verdict: Verdict,
    /// Probability that the structure which the verdict is on is right, by all that speaks against
    /// it, were it as likely as not one of its realistic alternatives; `None` where nothing was
    /// weighed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict_probability: Option<f64>,
    /// Why, in words for a chemist.
    pub reasons: Vec<String>,
    /// What is in the tube, where more than the judged structure was found or its purity is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// What none of them explains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unexplained: Vec<UnexplainedSignal>,
}
