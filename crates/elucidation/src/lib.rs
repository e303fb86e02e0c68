//! Candidate libraries, and from observed peaks and candidates to a ranking, assignments and a
//! verdict.
//!
//! A [`Query`] holds what was observed of a sample. An [`Elucidator`] gathers candidates (given
//! ones, and those of [`library`]), scores each by the likelihood of the observed lines, lets
//! networks that read whole spectra weigh in, and returns an [`Elucidation`].
//!
//! ```
//! use larmor_elucidation::{ObservedPeak, Parameters, Query, ShiftScorer};
//! use larmor_nmr::spectrum::Multiplicity;
//!
//! // Ethanol: CH3 at 18.2 ppm and CH2 at 58.0 ppm.
//! let c13 = vec![
//!     ObservedPeak::carbon(18.2, Some(Multiplicity::Q)),
//!     ObservedPeak::carbon(58.0, Some(Multiplicity::T)),
//! ];
//! let query = Query { c13, formula: Some("C2H6O".parse()?), ..Query::default() };
//! let scorer = ShiftScorer::new(&query, &Parameters::default())?;
//! assert_eq!(scorer.line_counts(), (2, 0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod alternatives;
mod carbon_pairs;
mod comparison;
mod components;
mod dataset;
mod drawn_spectrum;
mod error;
mod expected_shifts;
mod generations;
mod given_peaks;
pub mod library;
mod multiplet;
mod query;
mod ranking;
mod read_molecules;
mod sample;
mod score_part;
mod scoring;
mod separate_substance;
mod shift_scorer;
mod shown_to_networks;
mod splitting;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
pub mod verification;

pub use carbon_pairs::{CarbonPairs, carbon_pairs, one_to_one};
pub use comparison::{CompareSpectra, EmbeddingNetwork, RunningNetworks, SpectrumEmbedders};
pub use dataset::read_dataset;
pub use drawn_spectrum::DrawnSpectrum;
pub use error::ElucidationError;
pub use given_peaks::GivenSignal;
pub use larmor_nmr::elucidation::{Candidate, Elucidation, PeakAssignment, Verdict};
pub use multiplet::ObservedMultiplet;
pub use query::{Extent, ObservedPeak, Query};
pub use ranking::{CandidatePool, ElucidationOptions, Elucidator};
pub use sample::whole_experiments;
pub use score_part::{ScorePart, SimilarityWeights};
pub use scoring::none_of_these::{NoneOfThese, NoneRegression, Ranked};
pub use scoring::{NucleusParameters, Parameters};
pub use separate_substance::SeparateSubstance;
pub use shift_scorer::ShiftScorer;
pub use splitting::SplittingPattern;
