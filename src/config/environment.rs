//! `LARMOR_SECTION__KEY` overrides `section.key`.

use toml::{Table, Value};

use super::error::{ConfigError, Nearest, Origin};
use super::settings::Config;
use super::source::{all_keys, nearest};

const PREFIX: &str = "LARMOR_";

/// The variable that sets `key`.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// Applies the variables to `table`; returns the keys they set.
pub(super) fn apply(
    table: &mut Table,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<String>, ConfigError> {
    // Watched directories are a list of tables; it can be given as one TOML value.
    let keys: Vec<String> = all_keys()
        .into_iter()
        .filter(|key| !key.starts_with("root."))
        .chain(["root".to_owned()])
        .collect();
    let mut variables: Vec<(String, String)> =
        variables.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
    variables.sort();
    let mut set = Vec::new();
    for (name, text) in variables {
        let Some(key) = keys.iter().find(|key| variable(key) == name) else {
            // Without a section it may be anyone's: Kubernetes sets LARMOR_PORT and its like for
            // a service of this name.
            if name.contains("__") {
                return Err(unknown(name, &keys));
            }
            continue;
        };
        override_key(table, key, &name, &text)?;
        set.push(key.clone());
    }
    Ok(set)
}

fn unknown(name: String, keys: &[String]) -> ConfigError {
    let nearest = match nearest(&name, keys.iter().map(|key| variable(key))) {
        Nearest::OneOf(_) => Nearest::OneOf(keys.to_vec()),
        near @ Nearest::Key(_) => near,
    };
    ConfigError::UnknownKey { key: name.clone(), origin: Origin::Environment(name), nearest }
}

/// A value is read as TOML (`4`, `true`, `["moses"]`) when the setting takes that, as plain text
/// otherwise.
fn override_key(table: &mut Table, key: &str, name: &str, text: &str) -> Result<(), ConfigError> {
    let parsed = toml::from_str::<Table>(&format!("value = {text}"))
        .ok()
        .filter(|table| table.len() == 1)
        .and_then(|mut table| table.remove("value"));
    let mut problem = None;
    for value in parsed.into_iter().chain([Value::String(text.to_owned())]) {
        let mut changed = table.clone();
        let tried = insert(&mut changed, key, value);
        match tried.and_then(|()| changed.clone().try_into::<Config>().map_err(|e| e.to_string())) {
            Ok(_) => {
                *table = changed;
                return Ok(());
            }
            Err(message) => problem = problem.or(Some(message)),
        }
    }
    let message = problem.unwrap_or_default();
    Err(ConfigError::Invalid {
        origin: Origin::Environment(name.to_owned()),
        key: key.to_owned(),
        message: message.lines().next().unwrap_or_default().to_owned(),
    })
}

fn insert(table: &mut Table, key: &str, value: Value) -> Result<(), String> {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
            Ok(())
        }
        Some((section, rest)) => table
            .entry(section)
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()
            .ok_or_else(|| format!("{section} is no table"))
            .and_then(|section| insert(section, rest, value)),
    }
}
