//! The `larmor` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    larmor::cli::run()
}
