//! The `larmor-process` program: `larmor process` for machines without libtorch and RDKit.

use std::process::ExitCode;

use clap::Parser;

/// Acquisition in, spectrum and peaks out.
#[derive(Debug, Parser)]
#[command(name = "larmor-process", version)]
struct Program {
    #[command(flatten)]
    process: larmor_process::Arguments,
}

fn main() -> ExitCode {
    let outcome = larmor_process::run(&Program::parse().process);
    larmor_command_line::exit_code("larmor-process", outcome)
}
