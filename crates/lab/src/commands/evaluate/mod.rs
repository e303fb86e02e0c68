//! `larmor-lab evaluate`: hold results against the truth.

mod cases;
mod fid;
mod fold;
mod fusion;
mod library;
mod mixtures;
mod nmredata;
mod options;
mod probe;
mod search;
mod specmol;
mod structures;
mod verification;

use larmor_command_line::CommandError;

/// Options of `larmor-lab evaluate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    protocol: Protocol,
}

#[derive(Debug, clap::Subcommand)]
enum Protocol {
    /// One result against an assigned structure in an NMReDATA file.
    Nmredata(nmredata::Arguments),
    /// Acquisitions of known compounds: ranking and assignment, nothing by hand.
    Fid(fid::Arguments),
    /// Error of predicted shifts over a fold.
    Shifts(fold::OfFold),
    /// Which of 128 molecules a spectrum is of, and the other way round.
    Graph(fold::OfFold),
    /// Which peak is which carbon's.
    Assignment(fold::OfFold),
    /// Which isomer of a fold a spectrum is of.
    Isomers(fold::OfFold),
    /// How far stated probabilities and verdicts hold.
    Calibration(library::OfLibrary),
    /// Rank of the right molecule among 10^2 and more of a library.
    Retrieval(library::OfNuclei),
    /// The same for peak lists from the literature.
    External(library::OfLiterature),
    /// Is a structure right that is proposed alone? Right ones and realistic wrong ones.
    Verification(verification::Arguments),
    /// Right structures searched for in a library by their lists, and left out of it.
    Search(search::Arguments),
    /// Common impurities added to right structures, and pairs of compounds in one tube.
    Mixtures(mixtures::Arguments),
    /// What networks that read whole spectra add to the shifts.
    Fusion(fusion::Arguments),
    /// What an ACML model's vectors know of logP.
    Probe(probe::OfStructures),
    /// Does SpecMol tell right molecules from wrong ones, given a pair of spectra?
    Matching(specmol::Arguments),
}

pub(crate) fn evaluate(arguments: &Arguments) -> Result<(), CommandError> {
    match &arguments.protocol {
        Protocol::Nmredata(arguments) => nmredata::nmredata(arguments),
        Protocol::Fid(arguments) => fid::fid(arguments),
        Protocol::Shifts(arguments) => fold::shifts(arguments),
        Protocol::Graph(arguments) => fold::graph(arguments),
        Protocol::Assignment(arguments) => fold::assignment(arguments),
        Protocol::Isomers(arguments) => fold::isomers(arguments),
        Protocol::Calibration(arguments) => library::calibration(arguments),
        Protocol::Retrieval(arguments) => library::retrieval(arguments),
        Protocol::External(arguments) => library::external(arguments),
        Protocol::Verification(arguments) => verification::verification(arguments),
        Protocol::Search(arguments) => search::search(arguments),
        Protocol::Mixtures(arguments) => mixtures::mixtures(arguments),
        Protocol::Fusion(arguments) => fusion::fusion(arguments),
        Protocol::Probe(arguments) => probe::probe(arguments),
        Protocol::Matching(arguments) => specmol::specmol(arguments),
    }
}
