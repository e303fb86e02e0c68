//! The command line: one file per subcommand.

mod acquisitions;
mod backfill;
mod database;
mod doctor;
mod elucidate;
mod judgement;
mod library;
mod locations;
mod propose;
mod report;
mod results;
mod sample;
mod sample_name;
mod samples;
mod serve;
mod server;
mod similar;
mod submit;
mod token;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use larmor_command_line::exit_code;

/// Ranks candidate molecules and assigns peaks for every spectrum your NMR facility acquires.
#[derive(Debug, Parser)]
#[command(name = "larmor", version, propagate_version = true)]
struct Arguments {
    /// Configuration file (default: larmor.toml in the working directory, then /etc/larmor).
    #[arg(long, short, global = true, value_name = "FILE", env = "LARMOR_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Watch, process and publish until told to stop.
    Serve(serve::Arguments),
    /// Look whether it would run here, and say what to do where it would not.
    Doctor(doctor::Arguments),
    /// Acquisition in, spectrum and peaks out.
    Process(larmor_process::Arguments),
    /// Acquisition or peak list in, ranked candidates and assignments out.
    Elucidate(elucidate::Arguments),
    /// Candidate libraries.
    Library(library::Arguments),
    /// Results of a running server.
    Results(results::Arguments),
    /// Spectra of a sample as papers print them.
    Report(report::Arguments),
    /// Samples of a running server, found by name or structure.
    Samples(samples::Arguments),
    /// What was acquired, why it is where it is, and once more.
    Acquisitions(acquisitions::Arguments),
    /// Is it this? A structure for a sample of a running server, and its judgement.
    Propose(propose::Arguments),
    /// Rename, merge, split, delete or share a sample of a running server.
    Sample(sample::Arguments),
    /// Older data that a running server works through: how far, pause, resume.
    Backfill(backfill::Arguments),
    /// Earlier spectra that are most similar to those of a sample.
    Similar(similar::Arguments),
    /// Sends a dataset to a running server and shows what becomes of it.
    Submit(submit::Arguments),
    /// Tokens: who may see and change what; run it as Larmor's account.
    Token(token::Arguments),
}

/// Parses the command line and runs it.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let config = arguments.config.as_deref();
    let outcome = match arguments.command {
        Command::Serve(arguments) => serve::run(&arguments, config),
        Command::Doctor(arguments) => doctor::run(&arguments, config),
        Command::Process(arguments) => larmor_process::run(&arguments),
        Command::Elucidate(arguments) => elucidate::run(&arguments, config),
        Command::Library(arguments) => library::run(&arguments, config),
        Command::Results(arguments) => results::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Samples(arguments) => samples::run(&arguments),
        Command::Acquisitions(arguments) => acquisitions::run(&arguments),
        Command::Propose(arguments) => propose::run(&arguments),
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Backfill(arguments) => backfill::run(&arguments),
        Command::Similar(arguments) => similar::run(&arguments),
        Command::Submit(arguments) => submit::run(&arguments),
        Command::Token(arguments) => token::run(&arguments, config),
    };
    exit_code("larmor", outcome)
}
