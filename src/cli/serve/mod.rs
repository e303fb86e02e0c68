//! `larmor serve`: the daemon.

mod clock;
mod cluster;
mod daemon;
mod engine;
mod notify;
mod ready;
mod retention;
mod signals;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::config::{self, Loaded, Role};
use crate::telemetry;
use larmor_command_line::CommandError;
use larmor_command_line::output;

/// Options of `larmor serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Validate the configuration and end.
    #[arg(long)]
    check: bool,
    /// Once everything runs, write the address of the service into this file; removed at the end.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, config: Option<&Path>) -> Result<(), CommandError> {
    let loaded = config::load(config)?;
    if arguments.check {
        return Ok(report(&loaded)?);
    }
    let config = loaded.config;
    telemetry::start(&config.log)?;
    // Weights and libraries are loaded here, on a thread that is none of tokio's.
    let engine = config
        .roles
        .contains(&Role::Process)
        .then(|| engine::Engine::start(&config))
        .transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(daemon::serve(&config, engine, arguments.ready_file.as_deref()));
    // Computations that were given up may still run; nothing waits for them.
    runtime.shutdown_background();
    outcome
}

/// What a valid configuration comes to.
fn report(loaded: &Loaded) -> io::Result<()> {
    let mut out = output();
    let config = &loaded.config;
    match &loaded.file {
        Some(file) => writeln!(out, "{} is valid", file.display())?,
        None => writeln!(out, "no configuration file: defaults hold")?,
    }
    writeln!(out, "state: {}", config.state_dir.display())?;
    let database = if config.database.url.is_some() { "as configured" } else { "private cluster" };
    writeln!(out, "database: {database}")?;
    writeln!(out, "service: {}", config.service.address)?;
    for root in &config.roots {
        let there = if root.path.is_dir() { "" } else { " (not there now)" };
        writeln!(out, "root: {} of {}{there}", root.path.display(), root.instrument)?;
    }
    if config.roots.is_empty() && config.roles.contains(&Role::Watch) {
        writeln!(out, "no [[root]]: nothing is watched")?;
    }
    out.flush()
}
