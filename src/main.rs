//! The `larmor` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything asks torch about CUDA: it looks once and keeps the answer. A machine
    // without a driver is no error; `larmor serve` tells which device it uses.
    let _ = larmor_networks::load_cuda();
    larmor::cli::run()
}
