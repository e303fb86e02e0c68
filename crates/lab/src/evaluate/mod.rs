//! `larmor-lab evaluate`: hold results against the truth.

mod fid;
mod fusion;
mod matching;
mod nmredata;
mod protocol;

use larmor_command_line::CommandError;

/// Options of `larmor-lab evaluate`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
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
    Shifts(protocol::OfFold),
    /// Which of 128 molecules a spectrum is of, and the other way round.
    Graph(protocol::OfFold),
    /// Which peak is which carbon's.
    Assignment(protocol::OfFold),
    /// Which isomer of a fold a spectrum is of.
    Isomers(protocol::OfFold),
    /// How far stated probabilities and verdicts hold.
    Calibration(protocol::OfLibrary),
    /// Rank of the right molecule among 10^2 and more of a library.
    Retrieval(protocol::OfNuclei),
    /// The same for peak lists from the literature.
    External(protocol::OfLiterature),
    /// What networks that read whole spectra add to the shifts.
    Fusion(fusion::Arguments),
    /// What an ACML model's vectors know of logP.
    Probe(protocol::OfStructures),
    /// Does SpecMol tell right molecules from wrong ones, given a pair of spectra?
    Matching(matching::Arguments),
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    match &arguments.protocol {
        Protocol::Nmredata(arguments) => nmredata::run(arguments),
        Protocol::Fid(arguments) => fid::run(arguments),
        Protocol::Shifts(arguments) => protocol::shifts(arguments),
        Protocol::Graph(arguments) => protocol::graph(arguments),
        Protocol::Assignment(arguments) => protocol::assignment(arguments),
        Protocol::Isomers(arguments) => protocol::isomers(arguments),
        Protocol::Calibration(arguments) => protocol::calibration(arguments),
        Protocol::Retrieval(arguments) => protocol::retrieval(arguments),
        Protocol::External(arguments) => protocol::external(arguments),
        Protocol::Fusion(arguments) => fusion::run(arguments),
        Protocol::Probe(arguments) => protocol::probe(arguments),
        Protocol::Matching(arguments) => matching::run(arguments),
    }
}
