//! The command line: one file per subcommand.

mod elucidate;
mod evaluate;
mod library;
mod output;
mod place;
mod process;
mod results;
mod serve;
mod train;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Anything that ends a command; printed as `larmor: ...` with the chain of causes.
pub type CommandError = Box<dyn std::error::Error + Send + Sync>;

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
    /// Acquisition in, spectrum and peaks out.
    Process(process::Arguments),
    /// Acquisition or peak list in, ranked candidates and assignments out.
    Elucidate(elucidate::Arguments),
    /// Candidate libraries.
    Library(library::Arguments),
    /// Results of a running server.
    Results(results::Arguments),
    /// Train a network.
    Train(train::Arguments),
    /// Hold results against the truth.
    Evaluate(evaluate::Arguments),
}

/// Parses the command line and runs it.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let config = arguments.config.as_deref();
    let outcome = match arguments.command {
        Command::Serve(arguments) => serve::run(&arguments, config),
        Command::Process(arguments) => process::run(&arguments),
        Command::Elucidate(arguments) => elucidate::run(&arguments, config),
        Command::Library(arguments) => library::run(&arguments, config),
        Command::Results(arguments) => results::run(&arguments),
        Command::Train(arguments) => train::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::reader_is_gone(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            report(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

/// Prints an error and what caused it, each cause once.
fn report(error: &(dyn std::error::Error + 'static)) {
    let mut said = error.to_string();
    eprintln!("larmor: {said}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !said.contains(&next) {
            eprintln!("  because: {next}");
        }
        said = next;
        cause = error.source();
    }
}
