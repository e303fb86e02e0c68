//! Finds, reads, overrides and validates the configuration.

use std::env;
use std::path::{Path, PathBuf};

use toml::Table;

use super::check::check;
use super::environment;
use super::error::{ConfigError, Origin};
use super::settings::Config;
use super::source::Source;

/// A configuration and where it came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings; every path is absolute.
    pub config: Config,
    /// The file read; `None` when there was none and defaults hold.
    pub file: Option<PathBuf>,
}

/// Loads `path`, or `larmor.toml` in the working directory, or `/etc/larmor/larmor.toml`, or
/// nothing but defaults; `LARMOR_*` variables override what the file says.
///
/// # Errors
/// [`ConfigError`] naming the key, and the line or the variable that set it.
pub fn load(path: Option<&Path>) -> Result<Loaded, ConfigError> {
    let found = path.map(Path::to_owned).or_else(|| {
        ["larmor.toml", "/etc/larmor/larmor.toml"]
            .map(PathBuf::from)
            .into_iter()
            .find(|p| p.is_file())
    });
    // Names and values that are no UTF-8 cannot be ours.
    let variables = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    load_from(found.as_deref().map(Source::read).transpose()?, variables)
}

fn load_from(
    source: Option<Source>,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    let mut table = match &source {
        Some(source) => typed(source)?,
        None => Table::new(),
    };
    let overridden = environment::apply(&mut table, variables)?;
    let mut config: Config =
        table.try_into().map_err(|error: toml::de::Error| ConfigError::Invalid {
            origin: Origin::Default,
            key: String::new(),
            message: error.message().to_owned(),
        })?;
    let file = source.as_ref().map(|source| source.path.clone());
    resolve(&mut config, file.as_deref());
    check(&config).map_err(|problem| {
        let variable = overridden.iter().find(|key| problem.key.starts_with(key.as_str()));
        let origin = match variable {
            Some(key) => Origin::Environment(environment::variable(key)),
            None => source
                .as_ref()
                .and_then(|source| source.locate(&problem.key))
                .unwrap_or(Origin::Default),
        };
        ConfigError::Invalid { origin, key: problem.key, message: problem.message }
    })?;
    Ok(Loaded { config, file })
}

/// The file as a table, once its keys and types are known to be right.
fn typed(source: &Source) -> Result<Table, ConfigError> {
    source.check_keys()?;
    toml::from_str::<Config>(&source.text).and_then(|_| toml::from_str(&source.text)).map_err(
        |error| {
            let start = error.span().map_or(0, |span| span.start);
            ConfigError::Invalid {
                origin: source.origin(start),
                key: source.key_at(start),
                message: error.message().to_owned(),
            }
        },
    )
}

/// Relative paths are relative to the file that names them.
fn resolve(config: &mut Config, file: Option<&Path>) {
    let here = env::current_dir().unwrap_or_default();
    let base = match file.and_then(Path::parent) {
        Some(parent) => here.join(parent),
        None => here,
    };
    let paths = [
        Some(&mut config.state_dir),
        config.models.directory.as_mut(),
        config.tls.certificate.as_mut(),
        config.tls.key.as_mut(),
    ];
    for path in
        paths.into_iter().flatten().chain(config.roots.iter_mut().map(|root| &mut root.path))
    {
        *path = base.join(&path);
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
