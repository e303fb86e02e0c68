//! What the programs of Larmor share: how a command fails, what it prints, how it exits.
//!
//! ```
//! use larmor_command_line::{CommandError, exit_code};
//!
//! let outcome: Result<(), CommandError> = Ok(());
//! assert_eq!(exit_code("larmor", outcome), std::process::ExitCode::SUCCESS);
//! ```

mod output;

use std::error::Error;
use std::process::ExitCode;

pub use output::{Output, output};

/// Anything that ends a command; printed as `larmor: ...` with the chain of causes.
pub type CommandError = Box<dyn Error + Send + Sync>;

/// Reports what a command of `program` came to on standard error. That nobody reads standard
/// output any more is no failure: the reader has had what it wanted.
#[must_use]
pub fn exit_code(program: &str, outcome: Result<(), CommandError>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::reader_is_gone(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            report(program, error.as_ref());
            ExitCode::FAILURE
        }
    }
}

/// Prints an error and what caused it, each cause once.
fn report(program: &str, error: &(dyn Error + 'static)) {
    let mut said = error.to_string();
    eprintln!("{program}: {said}");
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
