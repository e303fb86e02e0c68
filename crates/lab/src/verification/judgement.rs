//! What was said of a structure that was proposed alone.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::evaluation::Nuclei;
use larmor_elucidation::Verdict;
use larmor_elucidation::alternatives::Change;

/// What was said of a structure that was proposed alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    /// Spectra that it was judged by.
    #[serde(serialize_with = "by_name")]
    pub nuclei: Nuclei,
    /// What is wrong with it; `None` of the right structure.
    pub kind: Option<Change>,
    /// Canonical SMILES.
    pub smiles: String,
    /// True where its formula is the right one.
    pub formula_kept: bool,
    /// Consistent, inconclusive or inconsistent.
    pub verdict: Verdict,
    /// Said probability that it is right.
    pub probability: f64,
    /// Score, nats.
    pub score: f64,
    /// What the score is made of.
    pub parts: BTreeMap<String, f64>,
    /// Reasons of the verdict, in words.
    pub reasons: Vec<String>,
}

/// A molecule with what was said of it and of the wrong structures in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedMolecule {
    /// Name of the case.
    pub name: String,
    /// Right structure, canonical SMILES.
    pub right: String,
    /// One for each structure and choice of nuclei.
    pub judgements: Vec<Judgement>,
}

impl JudgedMolecule {
    /// What was said by these nuclei of the right structure.
    #[must_use]
    pub fn of_right(&self, nuclei: Nuclei) -> Option<&Judgement> {
        self.by(nuclei).find(|judgement| judgement.kind.is_none())
    }

    /// What was said by these nuclei.
    pub fn by(&self, nuclei: Nuclei) -> impl Iterator<Item = &Judgement> {
        self.judgements.iter().filter(move |judgement| judgement.nuclei == nuclei)
    }
}

fn by_name<S: Serializer>(nuclei: &Nuclei, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(nuclei.name())
}
