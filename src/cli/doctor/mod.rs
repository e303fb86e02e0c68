//! `larmor doctor`: would it run here, and if not, what is to be done?

mod certificate;
mod database;
mod finding;
mod host;
mod models;
mod roots;
mod service;

use std::io::Write;
use std::path::Path;

use crate::config::{self, Role};
use finding::{Finding, Level};
use larmor_command_line::{CommandError, output};

/// Options of `larmor doctor`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// One line of JSON for each finding.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, config: Option<&Path>) -> Result<(), CommandError> {
    let mut findings = Vec::new();
    match config::load(config) {
        Ok(loaded) => {
            let said = match &loaded.file {
                Some(file) => format!("{} is valid", file.display()),
                None => "there is no file: defaults hold".to_owned(),
            };
            findings.push(Finding::well("configuration", said));
            let config = &loaded.config;
            findings.extend(host::examine(config));
            if config.roles.contains(&Role::Process) {
                findings.extend(models::examine(config));
            }
            findings.extend(database::examine(config)?);
            if config.roles.contains(&Role::Watch) {
                findings.extend(roots::examine(config));
            }
            if config.roles.contains(&Role::Publish) {
                findings.extend(service::examine(config));
            }
        }
        Err(error) => {
            let cure = "mend that line; docs/configuration.md explains every setting";
            findings.push(Finding::fault("configuration", &error, cure));
        }
    }
    let mut out = output();
    for finding in &findings {
        match arguments.json {
            true => writeln!(out, "{}", serde_json::to_string(finding)?)?,
            false => writeln!(out, "{finding}")?,
        }
    }
    out.flush()?;
    match findings.iter().filter(|finding| finding.level == Level::Fault).count() {
        0 => Ok(()),
        1 => Err("1 fault keeps Larmor from working as it should".into()),
        many => Err(format!("{many} faults keep Larmor from working as it should").into()),
    }
}
