//! The `larmor-lab` program.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{clean, evaluate, predict, train};

/// Trains the networks of Larmor and evaluates them.
#[derive(Debug, Parser)]
#[command(name = "larmor-lab", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train a network.
    Train(train::Arguments),
    /// Mark wrong assignments in a data file.
    Clean(clean::Arguments),
    /// Predict shifts of a list of structures, for networks to learn from.
    Predict(predict::Arguments),
    /// Hold results against the truth.
    Evaluate(evaluate::Arguments),
}

fn main() -> ExitCode {
    // Before anything asks torch about CUDA: it looks once and keeps the answer. A machine
    // without a driver is no error; commands tell which device they use.
    let _ = larmor_networks::load_cuda();
    let outcome = match Arguments::parse().command {
        Command::Train(arguments) => train::train(&arguments),
        Command::Clean(arguments) => clean::clean(&arguments),
        Command::Predict(arguments) => predict::predict(&arguments),
        Command::Evaluate(arguments) => evaluate::evaluate(&arguments),
    };
    larmor_command_line::exit_code("larmor-lab", outcome)
}
